package io.github.epollo.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.loop.CarrierChoice;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What cancelling a task does, and when. */
abstract class CancelContract extends EpolloContract {
  CancelContract(CarrierChoice carrier, int loops) {
    super(carrier, loops);
  }

  @Test
  void cancelStopsAnAwaitAndWaitsForTheFinallyBlocks() throws Exception {
    try (Epollo epollo = start()) {
      CountDownLatch waiting = new CountDownLatch(1);
      CompletableFuture<String> cleanUp = new CompletableFuture<>();
      List<String> steps = new CopyOnWriteArrayList<>();
      Task<Void> task = epollo.spawn(() -> {
        try {
          waiting.countDown();
          Future.pending().await();
        } finally {
          steps.add("finally");
          steps.add(await(cleanUp));
          Tasks.yieldNow();
          steps.add("end");
        }
      });
      waiting.await();
      Task<Void> canceller = epollo.spawn(() -> {
        task.cancel().await();
        steps.add("cancel returned");
      });
      while (!steps.contains("finally")) {
        Thread.onSpinWait();
      }
      epollo.call(Tasks::yieldNow);
      assertThat(canceller.isDone()).isFalse();
      cleanUp.complete("cleaned up");
      canceller.join();
      assertThat(steps).containsExactly("finally", "cleaned up", "end", "cancel returned");
      assertThatThrownBy(task::join).isInstanceOf(CancellationException.class).hasMessageContaining("waiting for");
    }
    assertThat(uncaught).isEmpty();
  }

  /** Its data is always ready, so only the budget stops it; and no combinator may take the cancellation for a failure of the future. */
  @Test
  void cancelStopsATaskThatNeverWaits() {
    try (Epollo epollo = start()) {
      AtomicInteger reads = new AtomicInteger();
      Task<?> task = epollo.spawn(() -> {
        while (true) {
          int _ = Future
              .<Integer>fromPoll(waker -> Awaiter.proceed(waker) ? Poll.ready(reads.incrementAndGet()) : Poll.pending())
              .handle((value, failure) -> failure == null ? value : Integer.valueOf(-1)).await();
        }
      });
      while (reads.get() < 1000) {
        Thread.onSpinWait();
      }
      task.cancel().await();
      assertThatThrownBy(task::join).isInstanceOf(CancellationException.class);
    }
  }

  @Test
  void cancelIsDeliveredOnce() {
    Epollo.run(options, () -> {
      AtomicInteger delivered = new AtomicInteger();
      CompletableFuture<String> gate = new CompletableFuture<>();
      Task<String> task = Tasks.spawn(() -> {
        try {
          return Future.<String>pending().await();
        } catch (CancellationException e) {
          delivered.incrementAndGet();
          return await(gate);
        }
      });
      Tasks.yieldNow();
      task.close();
      task.close();
      Future<Void> end = task.cancel();
      while (delivered.get() == 0) {
        Tasks.yieldNow();
      }
      task.close();
      gate.complete("recovered");
      end.await();
      assertThat(task.join()).isEqualTo("recovered");
      assertThat(delivered).hasValue(1);
    });
  }

  @Test
  void cancelBeforeStartRunsTheBodyUpToItsFirstAwait() {
    try (Epollo epollo = start(); Hog hog = new Hog(epollo)) {
      List<String> steps = new CopyOnWriteArrayList<>();
      if (carrier == CarrierChoice.LOOP) {
        hog.begin(); // so that it cannot begin before
      }
      Task<Void> task = epollo.spawn(() -> {
        steps.add("began");
        try {
          Future.pending().await();
          steps.add("not reached");
        } finally {
          steps.add("released");
        }
      });
      task.close();
      hog.end();
      task.cancel().await();
      assertThat(steps).containsExactly("began", "released");
    }
  }

  @Test
  void aFutureThatIsCancelledBeforeItsFirstPollIsOnlyClosed() {
    try (Epollo epollo = start(); Hog hog = new Hog(epollo)) {
      hog.begin();
      Probe<String> probe = new Probe<>();
      Task<String> task = epollo.spawn(probe);
      task.close();
      hog.end();
      assertThatThrownBy(task::join).isInstanceOf(CancellationException.class);
      assertThat(probe.closed).hasValue(1);
      assertThat(probe.polls).hasValue(0);
    }
  }

  @Test
  void cancellingAFutureClosesItOnTheLoop() throws Exception {
    try (Epollo epollo = start()) {
      Probe<String> probe = new Probe<>();
      Task<String> task = epollo.spawn(probe);
      while (probe.polls.get() == 0) {
        Thread.onSpinWait();
      }
      task.cancel().await();
      assertThat(probe.closed).hasValue(1);
      assertThatThrownBy(task::join).isInstanceOf(CancellationException.class)
          .hasMessageMatching("task \\d+ was cancelled");
    }
  }

  @Test
  void cancelDuringThePollIsSeenAfterwards() {
    Epollo.run(options, () -> {
      AtomicReference<Task<String>> self = new AtomicReference<>();
      Probe<String> probe = new Probe<>(_ -> {
        self.get().close();
        return Poll.pending();
      });
      CompletableFuture<Void> ready = new CompletableFuture<>();
      self.set(Epollo.current().spawn(Future.fromCompletionStage(ready).then(_ -> probe)));
      ready.complete(null);
      assertThatThrownBy(() -> self.get().join()).isInstanceOf(CancellationException.class);
      assertThat(probe.closed).hasValue(1);
    });
  }

  @Test
  void interruptingTheThreadCancelsOneAwait() throws Exception {
    try (Epollo epollo = start()) {
      CompletableFuture<Thread> thread = new CompletableFuture<>();
      Task<String> task = epollo.spawn(() -> {
        thread.complete(Thread.currentThread());
        try {
          Future.pending().await();
          return "not reached";
        } catch (CancellationException e) {
          assertThat(Thread.currentThread().isInterrupted()).isFalse();
          Tasks.yieldNow();
          return e.getMessage();
        }
      });
      thread.get().interrupt();
      assertThat(task.join()).startsWith("interrupted while waiting for");
    }
  }

  @Test
  void cancelEndsABlockingCallOfTheJdk() throws Exception {
    try (Epollo epollo = start()) {
      CountDownLatch began = new CountDownLatch(1);
      Task<Void> task = epollo.spawn(() -> {
        began.countDown();
        new CountDownLatch(1).await();
      });
      began.await();
      task.cancel().await();
      assertThatThrownBy(task::join).isInstanceOf(CancellationException.class)
          .hasCauseInstanceOf(InterruptedException.class);
    }
  }

  @Test
  void aValueThatIsThereWinsOverCancellation() {
    Epollo.run(options, () -> {
      Task<?> self = Tasks.current();
      self.close();
      assertThat(Future.ready("value").await()).isEqualTo("value");
      assertThatThrownBy(() -> Future.pending().await()).isInstanceOf(CancellationException.class);
      Tasks.yieldNow();
    });
  }

  @Test
  void cancelOfAnEndedTaskChangesNothing() {
    try (Epollo epollo = start()) {
      Task<String> task = epollo.spawn(() -> "value");
      assertThat(task.join()).isEqualTo("value");
      task.cancel().await();
      assertThat(task.join()).isEqualTo("value");
    }
  }
}
