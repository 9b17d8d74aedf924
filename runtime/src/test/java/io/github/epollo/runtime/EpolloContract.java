package io.github.epollo.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.SpyKernel;
import io.github.epollo.runtime.loop.CarrierChoice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a runtime promises whatever carries its tasks. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class EpolloContract {
  private final CarrierChoice carrier;
  private final List<Throwable> uncaught = new CopyOnWriteArrayList<>();
  private final EpolloOptions options;

  EpolloContract(CarrierChoice carrier) {
    this.carrier = carrier;
    this.options = EpolloOptions.defaults().withCarrier(carrier).withUncaughtHandler((_, t) -> uncaught.add(t));
  }

  private Epollo start() {
    return Epollo.start(options);
  }

  private static <T> T await(CompletableFuture<T> stage) {
    return Future.fromCompletionStage(stage).await();
  }

  /** A thread that fails the test if it fails. */
  private static Thread thread(AtomicReference<Throwable> failure, Body body) {
    return Thread.ofPlatform().name("test-helper").start(() -> {
      try {
        body.run();
      } catch (Throwable t) {
        failure.compareAndSet(null, t);
      }
    });
  }

  // ---- results and failures

  @Test
  void runReturnsWhatTheBodyReturns() {
    assertThat(Epollo.<String>run(options, () -> "value")).isEqualTo("value");
    assertThat(Epollo.<String>run(options, () -> null)).isNull();
    AtomicBoolean ran = new AtomicBoolean();
    Epollo.run(options, () -> ran.set(true));
    assertThat(ran).isTrue();
  }

  @Test
  void runUsesTheCarrierAskedFor() {
    Epollo.run(options, () -> {
      assertThat(Thread.currentThread().isVirtual()).isTrue();
      assertThat(Epollo.current().loop().carriesTasks()).isEqualTo(carrier == CarrierChoice.LOOP);
      assertThat(Epollo.current().loop().isOnThread()).isEqualTo(carrier == CarrierChoice.LOOP);
    });
  }

  @Test
  void failuresReachWhoeverWaitsAsTheContractMapsThem() {
    RuntimeException unchecked = new IllegalArgumentException("unchecked");
    IOException io = new IOException("io");
    Exception checked = new Exception("checked");
    Error error = new AssertionError("error");
    assertThatThrownBy(() -> fail(unchecked)).isSameAs(unchecked);
    assertThatThrownBy(() -> fail(io)).isInstanceOf(UncheckedIOException.class).hasCause(io);
    assertThatThrownBy(() -> fail(checked)).isInstanceOf(CompletionException.class).hasCause(checked);
    assertThatThrownBy(() -> fail(error)).isSameAs(error);
    try (Epollo epollo = start()) {
      assertThatThrownBy(() -> epollo.call(() -> {
        throw io;
      })).isInstanceOf(UncheckedIOException.class).hasCause(io);
    }
    assertThat(uncaught).isEmpty();
  }

  private void fail(Throwable failure) {
    Epollo.run(options, () -> {
      switch (failure) {
        case Error e -> throw e;
        case Exception e -> throw e;
        default -> throw new AssertionError(failure);
      }
    });
  }

  @Test
  void manyJoinOneTask() throws Exception {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    try (Epollo epollo = start(); Epollo other = start()) {
      CompletableFuture<String> gate = new CompletableFuture<>();
      Task<String> task = epollo.spawn(() -> await(gate));
      List<Task<String>> joiners = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        joiners.add((i % 2 == 0 ? epollo : other).spawn(task::join));
      }
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        threads.add(thread(failure, () -> assertThat(task.join()).isEqualTo("value")));
      }
      gate.complete("value");
      for (Task<String> joiner : joiners) {
        assertThat(joiner.join()).isEqualTo("value");
      }
      for (Thread t : threads) {
        t.join();
      }
      assertThat(task.isDone()).isTrue();
      assertThat(task.join()).isEqualTo("value");
    }
    assertThat(failure).hasNullValue();
  }

  @Test
  void aJoinThatIsCancelledLeavesTheTaskAlone() {
    try (Epollo epollo = start()) {
      CompletableFuture<String> gate = new CompletableFuture<>();
      Task<String> task = epollo.spawn(() -> await(gate));
      Task<String> joiner = epollo.spawn(task::join);
      joiner.cancel().await();
      assertThatThrownBy(joiner::join).isInstanceOf(CancellationException.class)
          .hasMessageContaining("the end of task");
      gate.complete("value");
      assertThat(task.join()).isEqualTo("value");
    }
  }

  @Test
  void twoWakersThatAreEqualAreStillTwo() {
    record Counting(String name, AtomicInteger woken) implements Waker {
      @Override
      public void wake() {
        woken.incrementAndGet();
      }

      @Override
      public boolean equals(Object other) {
        return other instanceof Counting c && c.name.equals(name);
      }

      @Override
      public int hashCode() {
        return name.hashCode();
      }
    }

    try (Epollo epollo = start()) {
      CompletableFuture<String> gate = new CompletableFuture<>();
      Task<String> task = epollo.spawn(() -> await(gate));
      List<Counting> wakers = List.of(new Counting("w", new AtomicInteger()), new Counting("w", new AtomicInteger()),
          new Counting("w", new AtomicInteger()));
      wakers.forEach(w -> assertThat(task.poll(w)).isInstanceOf(Poll.Pending.class));
      gate.complete("value");
      task.join();
      while (wakers.stream().anyMatch(w -> w.woken.get() == 0)) {
        Thread.onSpinWait(); // a waker that is never called ends here
      }
      assertThat(wakers).allSatisfy(w -> assertThat(w.woken.get()).isEqualTo(1));
    }
  }

  // ---- cancellation

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

  // ---- waiting in vain

  @Test
  void aTaskThatWaitsForItselfFails() {
    String message = "cannot wait for its own end";
    Epollo.run(options, () -> {
      Task<?> self = Tasks.current();
      assertThatThrownBy(self::join).isInstanceOf(IllegalStateException.class).hasMessageContaining(message);
      assertThatThrownBy(() -> self.joinAsync().await()).isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(message);
      assertThatThrownBy(() -> self.cancel().await()).isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(message);
      assertThatThrownBy(Tasks::yieldNow).isInstanceOf(CancellationException.class);
    });
  }

  @Test
  void awaitOnTheLoopsOwnThreadFails() {
    try (Epollo epollo = start()) {
      Future<String> blocking = Future.fromPoll(_ -> Poll.ready(Future.<String>pending().await()));
      assertThatThrownBy(() -> epollo.spawn(blocking).join()).isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("on the thread of epollo-").hasMessageContaining("Tasks.spawn");
      Future<String> yielding = Future.fromPoll(_ -> {
        Tasks.yieldNow();
        return Poll.ready("");
      });
      assertThatThrownBy(() -> epollo.spawn(yielding).join()).isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("return from the poll instead");
      assertThat(epollo.<String>call(() -> "alive")).isEqualTo("alive");
    }
  }

  @Test
  void outsideARuntimeTheErrorSaysWhatToDo() {
    assertThatThrownBy(() -> Tasks.spawn(() -> {})).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no Epollo runtime on ").hasMessageContaining("Epollo.run");
    assertThatThrownBy(Tasks::current).isInstanceOf(IllegalStateException.class).hasMessageContaining("is not a task");
    assertThatThrownBy(Tasks::yieldNow).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("nobody to yield to");
    assertThat(Future.ready("value").await()).isEqualTo("value");
  }

  @Test
  void runNeedsAPlatformThreadOutsideAnyLoop() throws Exception {
    Epollo.run(options, () -> assertThatThrownBy(() -> Epollo.run(options, () -> {}))
        .isInstanceOf(IllegalStateException.class).hasMessageContaining("cannot call Epollo.run inside epollo-")
        .hasMessageContaining("Tasks.spawn"));
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread.ofVirtual().start(() -> {
      try {
        Epollo.run(options, () -> {});
      } catch (Throwable t) {
        thrown.set(t);
      }
    }).join();
    assertThat(thrown.get()).isInstanceOf(IllegalStateException.class).hasMessageContaining("needs a platform thread");
  }

  @Test
  void nullIsRefusedAtOnce() {
    try (Epollo epollo = start()) {
      assertThatThrownBy(() -> epollo.spawn((Body) null)).isInstanceOf(NullPointerException.class)
          .hasMessageContaining("body");
      assertThatThrownBy(() -> epollo.spawn((java.util.concurrent.Callable<?>) null))
          .isInstanceOf(NullPointerException.class).hasMessageContaining("body");
      assertThatThrownBy(() -> epollo.spawn((Future<?>) null)).isInstanceOf(NullPointerException.class)
          .hasMessageContaining("future");
      assertThatThrownBy(() -> epollo.spawn(null, () -> {})).isInstanceOf(NullPointerException.class)
          .hasMessageContaining("name");
    }
  }

  // ---- failures that nobody waits for

  @Test
  void theUncaughtHandlerHearsOfWhatNobodyAskedFor() {
    RuntimeException boom = new IllegalStateException("boom");
    Task<String> task;
    try (Epollo epollo = start()) {
      task = epollo.spawn(() -> {
        throw boom;
      });
      Task<?> stackless = epollo.spawn(Future.failed(boom));
      while (!task.isDone() || !stackless.isDone()) {
        Thread.onSpinWait();
      }
    }
    assertThat(uncaught).containsExactly(boom, boom); // told before close() returned
    assertThatThrownBy(task::join).isSameAs(boom);
  }

  @Test
  void closeReturnsAfterTheUncaughtHandlerDid() throws Exception {
    CountDownLatch inHandler = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    AtomicBoolean left = new AtomicBoolean();
    Epollo epollo = Epollo.start(options.withUncaughtHandler((_, _) -> {
      inHandler.countDown();
      boolean interrupted = false;
      while (leave.getCount() > 0) {
        try {
          leave.await();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      left.set(true);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }));
    epollo.spawn(() -> {
      throw new IllegalStateException("boom");
    });
    inHandler.await();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread closer = thread(failure, () -> {
      epollo.close();
      assertThat(left).isTrue();
    });
    epollo.loop().execute(() -> {});
    closer.join(50); // it may not get ahead; if it could, it would most likely have by now
    leave.countDown();
    closer.join();
    assertThat(failure).hasNullValue();
  }

  @Test
  void theUncaughtHandlerIsNotToldWhatSomebodyAskedFor() {
    try (Epollo epollo = start()) {
      CompletableFuture<String> gate = new CompletableFuture<>();
      Task<String> task = epollo.spawn(() -> await(gate));
      Task<?> joiner = epollo.spawn(() -> assertThatThrownBy(task::join).hasMessage("boom"));
      while (!"the end of ".concat(task.toString()).equals(joiner.awaited())) {
        Thread.onSpinWait();
      }
      gate.completeExceptionally(new IllegalStateException("boom"));
      joiner.join();
    }
    assertThat(uncaught).isEmpty();
  }

  @Test
  void aHandlerThatThrowsIsLoggedAndStopsNothing() {
    try (LogCapture log = new LogCapture();
        Epollo epollo = Epollo.start(options.withUncaughtHandler((_, _) -> {
          throw new IllegalStateException("handler");
        }))) {
      epollo.spawn("bad", () -> {
        throw new IllegalStateException("boom");
      });
      assertThat(epollo.<String>call(() -> "alive")).isEqualTo("alive");
      while (log.records().isEmpty()) {
        Thread.onSpinWait();
      }
      assertThat(log.records().getFirst().getMessage()).contains("task bad failed, and nobody waits for it");
      assertThat(log.records().getFirst().getThrown()).hasMessage("boom")
          .hasSuppressedException(new IllegalStateException("handler"));
    }
  }

  @Test
  void anErrorInATaskOrWakerOrPollHitsOnlyThat() {
    try (Epollo epollo = start()) {
      Task<?> bad = epollo.spawn(() -> {
        throw new OutOfMemoryError("thrown by a test");
      });
      Task<?> deep = epollo.spawn(() -> recurse(0));
      Task<?> poll = epollo.spawn(Future.fromPoll(_ -> {
        throw new OutOfMemoryError("thrown by a test");
      }));
      CompletableFuture<String> gate = new CompletableFuture<>();
      Task<String> watched = epollo.spawn(() -> await(gate));
      watched.poll(() -> {
        throw new OutOfMemoryError("thrown by a waker");
      });
      Task<String> joiner = epollo.spawn(watched::join);
      epollo.loop().execute(() -> {
        throw new OutOfMemoryError("thrown by work");
      });
      gate.complete("value");
      assertThat(joiner.join()).isEqualTo("value");
      assertThatThrownBy(bad::join).isInstanceOf(OutOfMemoryError.class);
      assertThatThrownBy(poll::join).isInstanceOf(OutOfMemoryError.class);
      assertThatThrownBy(deep::join).isInstanceOf(StackOverflowError.class);
      assertThat(epollo.<String>call(() -> "alive")).isEqualTo("alive");
    }
    assertThat(uncaught).anyMatch(t -> "thrown by a waker".equals(t.getMessage()))
        .anyMatch(t -> "thrown by work".equals(t.getMessage()));
  }

  @SuppressWarnings("InfiniteRecursion") // that is the point
  private static int recurse(int depth) {
    return recurse(depth + 1) + 1;
  }

  // ---- stages

  @Test
  void aTaskAsAStage() throws Exception {
    try (Epollo epollo = start()) {
      assertThat(epollo.spawn(() -> "value").toCompletionStage().toCompletableFuture().get()).isEqualTo("value");
      IOException io = new IOException("io");
      CompletableFuture<Void> gate = new CompletableFuture<>();
      CompletableFuture<?> failed = epollo.spawn(() -> {
        await(gate);
        throw io;
      }).toCompletionStage().toCompletableFuture();
      gate.complete(null);
      assertThatThrownBy(failed::get).isInstanceOf(ExecutionException.class).hasCause(io);

      Task<?> forever = epollo.spawn(() -> Future.pending().await());
      assertThat(forever.toCompletionStage().toCompletableFuture().cancel(true)).isTrue();
      assertThatThrownBy(forever::join).isInstanceOf(CancellationException.class);

      Task<?> cancelled = epollo.spawn(() -> Future.pending().await());
      CompletableFuture<?> stage = cancelled.toCompletionStage().toCompletableFuture();
      cancelled.cancel().await();
      assertThatThrownBy(stage::get).isInstanceOf(CancellationException.class);
    }
    assertThat(uncaught).isEmpty();
  }

  @Test
  void aStageAsAFuture() {
    Epollo.run(options, () -> {
      assertThat(Future.fromCompletionStage(CompletableFuture.supplyAsync(() -> "value")).await()).isEqualTo("value");
      IOException io = new IOException("io");
      assertThatThrownBy(() -> await(CompletableFuture.supplyAsync(() -> {
        throw new UncheckedIOException(io);
      }))).isInstanceOf(UncheckedIOException.class).hasCause(io);
      assertThatThrownBy(() -> await(CompletableFuture.failedFuture(io))).isInstanceOf(UncheckedIOException.class);

      CompletableFuture<String> stage = new CompletableFuture<>();
      Task<String> waiting = Tasks.spawn(() -> await(stage));
      Tasks.yieldNow();
      waiting.cancel().await();
      assertThat(stage).isCancelled();
      assertThatThrownBy(() -> await(stage)).isInstanceOf(CancellationException.class);
    });
  }

  // ---- tasks without a stack

  @Test
  void aFutureIsPolledWheneverItIsWoken() throws Exception {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    int rounds = 20_000;
    AtomicInteger published = new AtomicInteger();
    AtomicInteger seen = new AtomicInteger();
    AtomicReference<Waker> waker = new AtomicReference<>();
    try (Epollo epollo = start()) {
      Task<String> task = epollo.spawn(Future.fromPoll(w -> {
        waker.set(w);
        seen.set(published.get());
        return seen.get() == rounds ? Poll.ready("all seen") : Poll.pending();
      }));
      while (waker.get() == null) {
        Thread.onSpinWait();
      }
      Thread writer = thread(failure, () -> {
        for (int i = 1; i <= rounds; i++) {
          published.set(i);
          waker.get().wake();
          if (i % 100 == 0) {
            while (seen.get() < i) {
              Thread.onSpinWait(); // a lost wake-up ends here
            }
          }
        }
      });
      assertThat(task.join()).isEqualTo("all seen");
      writer.join();
      waker.get().wake(); // late
    }
    assertThat(failure).hasNullValue();
  }

  @Test
  void aWakeDuringThePollIsNotLost() {
    AtomicInteger polls = new AtomicInteger();
    Epollo.run(options, () -> {
      Task<Integer> task = Tasks.spawn(Future.fromPoll(w -> {
        w.wake();
        w.wake();
        return polls.incrementAndGet() == 1_000 ? Poll.ready(1_000) : Poll.pending();
      }));
      assertThat(task.join()).isEqualTo(1_000);
    });
    assertThat(polls).hasValue(1_000);
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
  void aFutureThatBreaksItsContractFailsAlone() {
    RuntimeException inClose = new IllegalStateException("close");
    try (Epollo epollo = start()) {
      Task<?> nullPoll = epollo.spawn(new Probe<>(_ -> null));
      assertThatThrownBy(nullPoll::join).isInstanceOf(NullPointerException.class).hasMessageContaining("null");
      Task<?> nullFunction = epollo.spawn(Future.fromPoll(_ -> null));
      assertThatThrownBy(nullFunction::join).isInstanceOf(NullPointerException.class).hasMessageContaining("null");

      Probe<String> closing = new Probe<>();
      closing.thrownByClose = inClose;
      Task<String> cancelled = epollo.spawn(closing);
      cancelled.cancel().await();

      Probe<String> both = new Probe<>(_ -> {
        throw new IllegalStateException("poll");
      });
      both.thrownByClose = inClose;
      assertThatThrownBy(() -> epollo.spawn(both).join()).hasMessage("poll");
    }
    assertThat(uncaught.stream().filter(t -> t == inClose)).hasSize(2);
  }

  // ---- yielding, names

  @Test
  void tasksThatYieldTakeTurns() {
    Epollo.run(options, () -> {
      List<String> steps = new CopyOnWriteArrayList<>();
      List<Task<?>> tasks = new ArrayList<>();
      for (String name : List.of("a", "b")) {
        tasks.add(Tasks.spawn(() -> {
          for (int i = 0; i < 3; i++) {
            steps.add(name + i);
            Tasks.yieldNow();
          }
        }));
      }
      assertThat(steps.isEmpty() || carrier == CarrierChoice.SHARED).isTrue(); // a spawn does not run at once
      tasks.forEach(Task::join);
      assertThat(steps).containsExactlyInAnyOrder("a0", "b0", "a1", "b1", "a2", "b2");
      if (carrier == CarrierChoice.LOOP) {
        assertThat(steps).containsExactly("a0", "b0", "a1", "b1", "a2", "b2");
      }
    });
  }

  @Test
  void namesAppearWhereOneLooksForThem() {
    Epollo.run(options.withName("front"), () -> {
      assertThat(Epollo.current().toString()).startsWith("front-").contains("OPEN");
      Task<String> named = Tasks.spawn("reader", () -> Thread.currentThread().getName());
      assertThat(named.name()).isEqualTo("reader");
      assertThat(named).hasToString("task reader");
      assertThat(named.join()).isEqualTo("task reader");
      Task<?> unnamed = Tasks.spawn(() -> {});
      assertThat(unnamed.name()).matches("\\d+");
      assertThat(Tasks.current().name()).matches("\\d+");
    });
  }

  @Test
  void currentIsTheTaskItself() {
    Epollo.run(options, () -> {
      CompletableFuture<Task<?>> inside = new CompletableFuture<>();
      Task<?> task = Tasks.spawn(() -> {
        inside.complete(Tasks.current());
      });
      assertThat(await(inside)).isSameAs(task);
    });
  }

  // ---- closing (hazard 22)

  @Test
  void closeCancelsWhatIsLeftAndWaitsForIt() throws Exception {
    AtomicInteger ended = new AtomicInteger();
    Epollo epollo = start();
    CountDownLatch began = new CountDownLatch(100);
    for (int i = 0; i < 100; i++) {
      epollo.spawn(() -> {
        began.countDown();
        try {
          Future.pending().await();
        } finally {
          Tasks.yieldNow();
          ended.incrementAndGet();
        }
      });
    }
    Task<?> sleeper = epollo.spawn(() -> Thread.sleep(Duration.ofHours(1)));
    Task<?> future = epollo.spawn(Future.pending());
    began.await();
    epollo.close();
    assertThat(ended).hasValue(100);
    assertThat(sleeper.isDone()).isTrue();
    assertThat(future.isDone()).isTrue();
    epollo.close();
    assertThat(epollo.toString()).contains("CLOSED");
    assertThatThrownBy(() -> epollo.spawn(() -> {})).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is closed");
    assertThatThrownBy(() -> epollo.call(() -> {})).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is closed");
    assertThat(uncaught).isEmpty();
  }

  @Test
  void closeNamesWhatDidNotEnd() throws Exception {
    try (LogCapture log = new LogCapture()) {
      CompletableFuture<String> gate = new CompletableFuture<>();
      Epollo epollo = Epollo.start(options.withCloseTimeout(Duration.ofMillis(50)));
      CountDownLatch began = new CountDownLatch(1);
      Task<String> task = epollo.spawn("stubborn", () -> {
        began.countDown();
        try {
          return Future.<String>pending().await();
        } catch (CancellationException e) {
          return Future.fromCompletionStage(gate).map(v -> v + ", after the loop").await();
        }
      });
      began.await();
      epollo.close();
      assertThat(log.messages()).singleElement().asString().contains("1 of its tasks did not end within PT0.05S")
          .contains("task stubborn (waiting for MapFuture)");
      gate.complete("ended");
      assertThat(task.join()).isEqualTo("ended, after the loop"); // goes on elsewhere
    }
  }

  @Test
  void closeSurvivesATaskWhoseFutureCannotNameItself() throws Exception {
    try (LogCapture log = new LogCapture()) {
      CompletableFuture<String> gate = new CompletableFuture<>();
      Epollo epollo = Epollo.start(options.withCloseTimeout(Duration.ZERO));
      Future<String> nameless = new Probe<>(Future.fromCompletionStage(gate)::poll) {
        @Override
        public String toString() {
          throw new IllegalStateException("no name");
        }

        @Override
        public void close() {}
      };
      CountDownLatch began = new CountDownLatch(1);
      Task<String> task = epollo.spawn("stubborn", () -> {
        began.countDown();
        while (true) {
          try {
            return nameless.await();
          } catch (IllegalStateException e) { // a CancellationException is one
            assertThat(e).isNotNull(); // goes on waiting
          }
        }
      });
      began.await();
      while (!(task.isDone() || waitsFor(task))) {
        Thread.onSpinWait();
      }
      long start = System.nanoTime();
      epollo.close();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
      assertThat(epollo.toString()).contains("CLOSED");
      assertThat(log.messages()).hasSizeLessThanOrEqualTo(1);
      gate.complete("ended");
      assertThat(task.join()).isEqualTo("ended");
    }
  }

  private static boolean waitsFor(Task<?> task) {
    try {
      return task.awaited() != null;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  @Test
  void closeFromManyThreads() throws Exception {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    for (int round = 0; round < 50; round++) {
      Epollo epollo = start();
      Task<?> task = epollo.spawn(() -> Future.pending().await());
      List<Thread> closers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        closers.add(thread(failure, () -> {
          epollo.close();
          assertThat(task.isDone()).isTrue();
        }));
      }
      Thread virtual = Thread.ofVirtual().start(epollo::close);
      for (Thread closer : closers) {
        closer.join();
      }
      virtual.join();
    }
    assertThat(failure).hasNullValue();
  }

  @Test
  void closeFromATaskOrACallbackOnlyBegins() {
    for (boolean stackless : List.of(false, true)) {
      Epollo epollo = start();
      Task<?> other = epollo.spawn(() -> Future.pending().await());
      Task<String> closer = stackless ? epollo.spawn(Future.fromPoll(_ -> {
        epollo.close();
        return Poll.ready("went on");
      })) : epollo.spawn(() -> {
        epollo.close();
        epollo.close();
        return "went on";
      });
      assertThat(closer.join()).isEqualTo("went on");
      assertThatThrownBy(other::join).isInstanceOf(CancellationException.class);
      epollo.close();
    }
  }

  @Test
  void closeOfTwoRuntimesByEachOther() {
    try (LogCapture log = new LogCapture()) {
      EpolloOptions impatient = options.withCloseTimeout(Duration.ofMillis(100));
      Epollo a = Epollo.start(impatient);
      Epollo b = Epollo.start(impatient);
      CompletableFuture<Void> gate = new CompletableFuture<>();
      Task<?> inA = a.spawn(() -> {
        await(gate);
        b.close();
      });
      Task<?> inB = b.spawn(() -> {
        await(gate);
        a.close();
      });
      gate.complete(null);
      a.close();
      b.close();
      inA.cancel().await();
      inB.cancel().await();
      assertThat(log.messages()).isNotNull();
    }
  }

  @Test
  void closeKeepsTheInterruptOfItsCaller() {
    Epollo epollo = start();
    epollo.spawn(() -> {
      try {
        Future.pending().await();
      } finally {
        for (int i = 0; i < 1_000; i++) {
          Tasks.yieldNow();
        }
      }
    });
    Thread.currentThread().interrupt();
    epollo.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(epollo.toString()).contains("CLOSED");
  }

  @Test
  void closeWithoutALimitAndWithNone() {
    for (Duration limit : List.of(ChronoUnit.FOREVER.getDuration(), Duration.ofNanos(Long.MAX_VALUE),
        Duration.ofNanos(Long.MAX_VALUE - 1), Duration.ZERO)) {
      Epollo epollo = Epollo.start(options.withCloseTimeout(limit));
      epollo.call(() -> {});
      epollo.close();
      assertThat(epollo.toString()).contains("CLOSED");
      assertThat(Epollo.<String>run(options.withCloseTimeout(limit), () -> "value")).isEqualTo("value");
    }
    assertThatThrownBy(() -> options.withCloseTimeout(Duration.ofNanos(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void closeWhileSomethingHoldsTheLoop() {
    try (LogCapture log = new LogCapture()) {
      Epollo epollo = Epollo.start(options.withCloseTimeout(Duration.ZERO));
      try (Hog hog = new Hog(epollo)) {
        hog.begin();
        epollo.close(); // gives up after its grace period
        assertThat(log.messages()).anyMatch(m -> m.contains("something holds its loop's thread"));
        hog.end();
      }
      epollo.close(); // now it can
      assertThat(epollo.toString()).contains("CLOSED");
    }
  }

  @Test
  void tasksSpawnedWhileClosingAreCancelledAndWaitedFor() {
    List<String> steps = new CopyOnWriteArrayList<>();
    try (Epollo epollo = start()) {
      CountDownLatch began = new CountDownLatch(1);
      epollo.spawn(() -> {
        began.countDown();
        try {
          Future.pending().await();
        } finally {
          Tasks.spawn(() -> {
            steps.add("began");
            try {
              Future.pending().await();
            } finally {
              steps.add("ended");
            }
          });
        }
      });
      awaitUninterrupted(began);
    }
    assertThat(steps).containsExactly("began", "ended");
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void spawnRacesClose() throws Exception {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    try (LogCapture log = new LogCapture()) {
      for (int round = 0; round < 100; round++) {
        Epollo epollo = start();
        Set<Task<?>> spawned = ConcurrentHashMap.newKeySet();
        AtomicInteger ended = new AtomicInteger();
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> spawners = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
          boolean stackless = i == 1;
          spawners.add(thread(failure, () -> {
            go.countDown();
            try {
              while (true) {
                spawned.add(stackless ? epollo.spawn(Future.pending()) : epollo.spawn(() -> {
                  try {
                    Future.pending().await();
                  } finally {
                    ended.incrementAndGet();
                  }
                }));
              }
            } catch (IllegalStateException e) {
              assertThat(e).hasMessageMatching("cannot spawn task \\d+: epollo-\\d+ is clos(ing|ed)");
            }
          }));
        }
        go.await();
        epollo.close();
        for (Thread spawner : spawners) {
          spawner.join();
        }
        assertThat(spawned).allMatch(Task::isDone);
      }
      assertThat(log.messages()).isEmpty();
    }
    assertThat(failure).hasNullValue();
    assertThat(uncaught).isEmpty();
  }

  @Test
  void aLoopThatCannotWaitAnyMoreEndsItsTasksAndCloses() {
    AtomicBoolean broken = new AtomicBoolean();
    SpyKernel spy = new SpyKernel()
        .on("epollWait", (_, real) -> broken.get() ? (Object) (-Errno.EBADF) : real.call());
    try (LogCapture log = new LogCapture()) {
      Epollo epollo = Epollo.start(options.withKernel(spy.kernel()));
      Task<?> waiting = epollo.spawn(() -> Future.pending().await());
      Task<?> stackless = epollo.spawn(Future.pending());
      epollo.call(() -> {});
      broken.set(true);
      epollo.loop().execute(() -> {});
      assertThatThrownBy(waiting::join).isInstanceOf(CancellationException.class);
      assertThatThrownBy(stackless::join).isInstanceOf(CancellationException.class);
      long start = System.nanoTime();
      epollo.close();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
      assertThat(log.messages()).singleElement().asString().contains("has failed");
    }
    broken.set(true);
    assertThatThrownBy(() -> Epollo.run(options.withKernel(spy.kernel()), () -> Future.pending().await()))
        .isInstanceOf(IllegalStateException.class).hasMessageContaining("cannot wait for events");
  }

  @Test
  void fdsThatTheKernelRefusesLeaveNothingBehind() {
    for (String call : List.of("epollCreate", "eventfd", "epollCtl")) {
      Set<String> before = NoLeaks.openFds();
      SpyKernel spy = new SpyKernel().on(call, (_, _) -> -Errno.EMFILE);
      assertThatThrownBy(() -> Epollo.start(options.withKernel(spy.kernel()))).as(call)
          .isInstanceOf(UncheckedIOException.class).hasMessageContaining("cannot start epollo-")
          .rootCause().hasMessageContaining("EMFILE");
      assertThat(NoLeaks.openFds()).as(call).isEqualTo(before);
    }
  }

  // ---- helpers

  /** A future whose every step the test can see. */
  private static class Probe<T> implements Future<T> {
    final AtomicInteger polls = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    private final java.util.function.Function<Waker, Poll<T>> poll;
    RuntimeException thrownByClose;

    Probe() {
      this(_ -> Poll.pending());
    }

    Probe(java.util.function.Function<Waker, Poll<T>> poll) {
      this.poll = poll;
    }

    @Override
    public Poll<T> poll(Waker waker) {
      polls.incrementAndGet();
      return poll.apply(waker);
    }

    @Override
    public void close() {
      closed.incrementAndGet();
      if (thrownByClose != null) {
        throw thrownByClose;
      }
    }
  }

  /** Holds the thread of a loop. */
  private static final class Hog implements AutoCloseable {
    private final Epollo epollo;
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch end = new CountDownLatch(1);

    Hog(Epollo epollo) {
      this.epollo = epollo;
    }

    void begin() {
      epollo.loop().execute(() -> {
        assertThat(Awaiter.bound()).isNotNull();
        begun.countDown();
        awaitUninterrupted(end);
      });
      try {
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    void end() {
      end.countDown();
    }

    @Override
    public void close() {
      end();
    }
  }
}
