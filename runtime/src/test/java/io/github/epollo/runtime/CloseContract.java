package io.github.epollo.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.loop.CarrierChoice;
import io.github.epollo.testsupport.LogCapture;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What closing a runtime waits for, whoever closes it (hazard 22). */
abstract class CloseContract extends EpolloContract {
  CloseContract(CarrierChoice carrier, int loops) {
    super(carrier, loops);
  }

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
}
