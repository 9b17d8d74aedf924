package io.github.epollo.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.loop.CarrierChoice;
import io.github.epollo.testsupport.LogCapture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that would hold the loop. */
abstract class BlockingContract extends EpolloContract {
  BlockingContract(CarrierChoice carrier, int loops) {
    super(carrier, loops);
  }

  @Test
  void theCallRunsOnADaemonThreadOfTheRuntimesName() {
    Epollo.run(options.withName("epollo-mine"), () -> {
      Thread thread = Tasks.blocking(Thread::currentThread);
      assertThat(thread.getName()).isEqualTo("epollo-mine-blocking-1");
      assertThat(thread.isDaemon()).isTrue();
      assertThat(thread.isVirtual()).isFalse();
      assertThat(Tasks.blockingAsync(Thread::currentThread).await().getName()).startsWith("epollo-mine-blocking-");
      assertThat(Tasks.spawn(Tasks.blockingAsync(() -> 42)).join()).isEqualTo(42);
      assertThatThrownBy(() -> Tasks.blocking(() -> {
        throw new IOException("disk");
      })).isInstanceOf(UncheckedIOException.class);
      assertThatThrownBy(() -> Tasks.blocking(null)).isInstanceOf(NullPointerException.class);
    });
  }

  @Test
  void theLoopGoesOnMeanwhile() {
    Epollo.run(options, () -> {
      CountDownLatch latch = new CountDownLatch(1);
      Task<?> blocked = Tasks.spawn(() -> {
        boolean _ = Tasks.blocking(() -> {
          latch.await();
          return true;
        });
      });
      Tasks.yieldNow();
      latch.countDown();
      Object _ = blocked.join();
    });
  }

  @Test
  void aFutureThatIsNotPolledDoesNothing() {
    AtomicBoolean ran = new AtomicBoolean();
    Epollo.run(options, () -> {
      Future<Boolean> future = Tasks.blockingAsync(() -> ran.getAndSet(true));
      future.close();
      assertThat(Epollo.current().blockingStats()).isEqualTo(new BlockingStats(0, 0, 0));
    });
    assertThat(ran).isFalse();
  }

  /** With two threads and four calls, two wait; none of them begins when it is closed before its turn. */
  @Test
  void theThreadsAreBoundedAndTheQueueIsVisible() throws Exception {
    CountDownLatch begun = new CountDownLatch(2);
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger ran = new AtomicInteger();
    try (Epollo epollo = Epollo.start(options.withBlockingThreads(2))) {
      List<Task<Integer>> tasks = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        tasks.add(epollo.spawn(epollo.blockingAsync(() -> {
          begun.countDown();
          release.await();
          return ran.incrementAndGet();
        })));
      }
      begun.await();
      while (!epollo.blockingStats().equals(new BlockingStats(2, 2, 2))) {
        Thread.onSpinWait();
      }
      tasks.get(3).cancel().await();
      release.countDown();
      for (Task<?> task : tasks.subList(0, 3)) {
        Object _ = task.join();
      }
    }
    assertThat(ran).hasValue(3);
  }

  @Test
  void idleThreadsEnd() {
    try (Epollo epollo = Epollo.start(options.withBlockingKeepAlive(Duration.ofMillis(1)))) {
      assertThat(epollo.<Integer>blocking(() -> 42)).isEqualTo(42);
      while (epollo.blockingStats().threads() > 0) {
        Thread.onSpinWait();
      }
    }
  }

  /** Cancelling the caller interrupts the body, and the caller goes on when the body has ended. */
  @Test
  void aCancelledCallerWaitsForTheInterruptedBody() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    List<String> steps = java.util.Collections.synchronizedList(new ArrayList<>());
    try (Epollo epollo = start()) {
      Task<?> task = epollo.spawn(() -> {
        try {
          boolean _ = Tasks.blocking(() -> {
            begun.countDown();
            try {
              new CountDownLatch(1).await();
            } catch (InterruptedException e) {
              steps.add("interrupted");
              goOn.await();
            }
            steps.add("body ended");
            return true;
          });
        } finally {
          steps.add("released");
        }
      });
      begun.await();
      var end = task.cancel();
      while (steps.isEmpty()) {
        Thread.onSpinWait();
      }
      epollo.call(Tasks::yieldNow);
      assertThat(task.isDone()).isFalse();
      goOn.countDown();
      end.await();
      assertThatThrownBy(task::join).isInstanceOf(CancellationException.class);
    }
    assertThat(steps).containsExactly("interrupted", "body ended", "released");
  }

  @Test
  void aResultThatNobodyTakesIsClosed() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    try (Epollo epollo = start()) {
      Future<AutoCloseable> future = epollo.blockingAsync(() -> {
        begun.countDown();
        try {
          new CountDownLatch(1).await();
        } catch (InterruptedException e) {
          // and yet
        }
        return closed::countDown;
      });
      Task<AutoCloseable> task = epollo.spawn(future);
      begun.await();
      task.cancel().await();
      closed.await();
    }
  }

  @Test
  void aResultThatIsThereAndThatNobodyTakesIsClosed() throws Exception {
    CountDownLatch polled = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    AtomicInteger closedTwice = new AtomicInteger();
    try (Epollo epollo = start()) {
      Future<AutoCloseable> late = epollo.blockingAsync(() -> {
        polled.await();
        return closed::countDown;
      });
      var _ = late.poll(ended::countDown);
      polled.countDown();
      ended.await();
      late.close();
      closed.await();
      AutoCloseable taken = epollo.<AutoCloseable>blocking(() -> closedTwice::incrementAndGet);
      taken.close();
    }
    assertThat(closedTwice).hasValue(1);
  }

  @Test
  void aCallThatIsClosedBeforeItsTurnDoesNotCountAsWaiting() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    try (Epollo epollo = Epollo.start(options.withBlockingThreads(1))) {
      Future<Integer> running = epollo.blockingAsync(() -> {
        begun.countDown();
        release.await();
        return 1;
      });
      var _ = running.poll(() -> {});
      begun.await();
      Future<Integer> waiting = epollo.blockingAsync(() -> 2);
      var _ = waiting.poll(() -> {});
      assertThat(epollo.blockingStats()).isEqualTo(new BlockingStats(1, 1, 1));
      waiting.close();
      assertThat(epollo.blockingStats()).isEqualTo(new BlockingStats(1, 1, 0));
      release.countDown();
      assertThat(epollo.<Integer>blocking(() -> 3)).isEqualTo(3);
      assertThat(epollo.blockingStats().queued()).isZero();
    }
  }

  @Test
  void aCallerThatIsInterruptedTwiceWaitsForTheBodyStill() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    List<String> steps = java.util.Collections.synchronizedList(new ArrayList<>());
    AtomicReference<Throwable> failure = new AtomicReference<>();
    try (Epollo epollo = start()) {
      Thread caller = thread(failure, () -> {
        try {
          int _ = epollo.blocking(() -> {
            begun.countDown();
            awaitIgnoringInterrupts(release);
            steps.add("body ended");
            return 1;
          });
        } catch (CancellationException e) {
          steps.add("released, interrupted: " + Thread.currentThread().isInterrupted());
        }
      });
      begun.await();
      for (int i = 0; i < 2; i++) {
        caller.interrupt();
        while (caller.isInterrupted() && caller.isAlive()) {
          Thread.onSpinWait();
        }
      }
      release.countDown();
      caller.join();
    }
    assertThat(failure.get()).isNull();
    assertThat(steps).containsExactly("body ended", "released, interrupted: true");
  }

  @Test
  void aCallWhoseTaskWasCancelledByTheClosingIsNamedToo() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Epollo epollo = Epollo.start(options.withName("epollo-stuck").withCloseTimeout(Duration.ofMillis(50)));
    Task<?> _ = epollo.spawn(() -> Tasks.<Integer>blocking(() -> {
      begun.countDown();
      awaitIgnoringInterrupts(release);
      return 1;
    }));
    begun.await();
    try (LogCapture log = new LogCapture()) {
      epollo.close();
      assertThat(log.messages()).anyMatch(m -> m.contains("1 of its blocking calls did not end")
          && m.contains("epollo-stuck-blocking-1 (at "));
    } finally {
      release.countDown();
    }
  }

  /** Many calls, closed at any moment: an interrupt never hits the next call on that thread. */
  @Test
  void anInterruptHitsOnlyTheCallThatWasClosed() {
    AtomicInteger wrong = new AtomicInteger();
    try (Epollo epollo = Epollo.start(options.withBlockingThreads(1))) {
      for (int i = 0; i < 2_000; i++) {
        AtomicBoolean closed = new AtomicBoolean();
        Future<Integer> future = epollo.blockingAsync(() -> {
          if (Thread.currentThread().isInterrupted() && !closed.get()) {
            wrong.incrementAndGet();
          }
          return 1;
        });
        var _ = future.poll(() -> {});
        if (i % 2 == 0) {
          for (int spin = 0; spin < i % 64; spin++) {
            Thread.onSpinWait();
          }
          closed.set(true);
          future.close();
        }
      }
      while (epollo.blockingStats().queued() + epollo.blockingStats().active() > 0) {
        Thread.onSpinWait();
      }
    }
    assertThat(wrong).hasValue(0);
  }

  @Test
  void closingTheRuntimeInterruptsWhatRunsCancelsWhatWaitsAndRefusesTheRest() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    AtomicReference<Throwable> seenByRunning = new AtomicReference<>();
    AtomicReference<Throwable> seenByWaiting = new AtomicReference<>();
    Epollo epollo = Epollo.start(options.withBlockingThreads(1));
    Thread running = thread(failure, () -> {
      try {
        epollo.blocking(() -> {
          begun.countDown();
          new CountDownLatch(1).await();
          return 1;
        });
      } catch (RuntimeException e) {
        seenByRunning.set(e);
      }
    });
    begun.await();
    Thread waiting = thread(failure, () -> {
      try {
        epollo.blocking(() -> 1);
      } catch (RuntimeException e) {
        seenByWaiting.set(e);
      }
    });
    while (epollo.blockingStats().queued() == 0) {
      Thread.onSpinWait();
    }
    epollo.close();
    running.join();
    waiting.join();
    assertThat(failure.get()).isNull();
    assertThat(seenByRunning.get()).hasCauseInstanceOf(InterruptedException.class);
    assertThat(seenByWaiting.get()).isInstanceOf(CancellationException.class).hasMessageContaining("was closed before");
    assertThatThrownBy(() -> epollo.blocking(() -> 1)).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is closed");
  }

  @Test
  void aCallThatIgnoresTheInterruptIsNamedAndAbandoned() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Epollo epollo = Epollo.start(options.withName("epollo-stuck").withCloseTimeout(Duration.ofMillis(50)));
    var _ = epollo.blockingAsync(() -> {
      begun.countDown();
      awaitIgnoringInterrupts(release);
      return 1;
    }).poll(() -> {});
    begun.await();
    try (LogCapture log = new LogCapture()) {
      epollo.close();
      assertThat(log.messages()).anyMatch(m -> m.contains("1 of its blocking calls did not end")
          && m.contains("epollo-stuck-blocking-1 (at "));
    } finally {
      release.countDown();
    }
  }

  private static void awaitIgnoringInterrupts(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        // that is the point
      }
    }
  }

  @Test
  void anExecutorOfTheUsersIsAskedInstead() {
    List<Runnable> given = new ArrayList<>();
    Epollo.run(options.withBlockingExecutor(given::add), () -> {
      Task<Integer> task = Tasks.spawn(() -> Tasks.blocking(() -> 42));
      while (given.isEmpty()) {
        Tasks.yieldNow();
      }
      assertThat(Epollo.current().blockingStats()).isEqualTo(new BlockingStats(0, 0, 1));
      given.getFirst().run();
      assertThat(task.join()).isEqualTo(42);
    });
    RejectedExecutionException refused = new RejectedExecutionException("full");
    Epollo.run(options.withBlockingExecutor(_ -> {
      throw refused;
    }), () -> assertThatThrownBy(() -> Tasks.blocking(() -> 42)).isSameAs(refused));
  }

  /** A lock hands itself to whoever has waited longest: here to a task, which its loop must still be able to run. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPoolThatLocksDoesNotHoldTheLoop(boolean bridged) {
    LockingPool pool = new LockingPool();
    try (Epollo epollo = Epollo.start(options.withBlockingExecutor(pool))) {
      Task<Integer> task;
      Task<Integer> polled;
      pool.lock.lock();
      try {
        task = epollo.spawn(() -> Future.fromExecutor(pool, () -> 1).await());
        pool.awaitQueued(1);
        polled = epollo.spawn(bridged ? Future.fromExecutor(pool, () -> 2) : epollo.blockingAsync(() -> 2));
        pool.awaitQueued(2);
      } finally {
        pool.lock.unlock();
      }
      assertThat(task.join()).isEqualTo(1);
      assertThat(polled.join()).isEqualTo(2);
    }
  }

  @Test
  void optionsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> options.withBlockingThreads(0)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("on 0 threads");
    assertThatThrownBy(() -> options.withBlockingKeepAlive(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT0S");
    assertThatThrownBy(() -> options.withBlockingExecutor(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> Tasks.blocking(() -> 1)).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no Epollo runtime");
  }
}
