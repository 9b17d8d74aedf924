package io.github.epollo.timers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.loop.Loop;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Timers used by threads that are not their loop's. */
class TimerThreadsTest {
  private static final Duration HOUR = Duration.ofHours(1);

  /** Counted on the loop's thread, so after what was submitted to it before; a task may run elsewhere at the same time. */
  private static int armed(Epollo epollo) {
    CompletableFuture<Integer> armed = new CompletableFuture<>();
    epollo.loop().execute(() -> armed.complete(Timers.armedOn(epollo.loop())));
    return armed.join();
  }

  @Test
  void aSleepOfAnotherLoop_awaitedByATask_andByAPlainThread() {
    try (Epollo one = Epollo.start(TestRuntime.options()); Epollo other = Epollo.start(TestRuntime.options())) {
      for (int i = 0; i < 200; i++) {
        Sleep first = one.call(() -> Timers.sleepAsync(Duration.ofMillis(1)));
        Sleep second = one.call(() -> Timers.sleepAsync(Duration.ofMillis(1)));
        other.call(() -> first.await());
        second.await();
        assertThat(one.loop().now()).isGreaterThanOrEqualTo(Math.max(first.deadline(), second.deadline()));
      }
      assertThat(armed(one)).isZero();
    }
  }

  @Test
  void resetsFromElsewhere_whileATaskWaits_areNeverLost() {
    try (Epollo one = Epollo.start(TestRuntime.options())) {
      Random random = new Random(9);
      Sleep sleep = one.call(() -> Timers.sleepAsync(HOUR));
      for (int i = 0; i < 3000; i++) {
        sleep.reset(HOUR);
        Task<Long> waiting = one.spawn(() -> {
          sleep.await();
          return Loop.current().now();
        });
        for (int r = random.nextInt(2000); r > 0; r--) { // keeps the loop at work while the last one comes
          sleep.reset(HOUR);
        }
        sleep.reset(Duration.ofNanos(random.nextInt(100_000)));
        assertThat(waiting.join()).isGreaterThanOrEqualTo(sleep.deadline());
      }
    }
  }

  @Test
  void closesFromElsewhere_raceWithTheLoop() {
    try (Epollo one = Epollo.start(TestRuntime.options())) {
      Random random = new Random(4);
      for (int i = 0; i < 3000; i++) {
        Sleep sleep = one.call(() -> Timers.sleepAsync(Duration.ofNanos(random.nextInt(50_000))));
        if (sleep.poll(() -> {}) instanceof io.github.epollo.runtime.future.Poll.Pending) {
          for (int spin = random.nextInt(2000); spin > 0; spin--) {
            Thread.onSpinWait();
          }
        }
        sleep.close();
        if (i % 3 == 0) {
          sleep.reset(Duration.ofNanos(random.nextInt(50_000)));
          sleep.await();
        }
      }
      assertThat(armed(one)).isZero();
    }
  }

  @Test
  void whoeverWaits_whenTheRuntimeCloses_isToldSo() throws Exception {
    Epollo one = Epollo.start(TestRuntime.options());
    Sleep sleep = one.call(() -> Timers.sleepAsync(HOUR));
    Sleep late = one.call(() -> Timers.sleepAsync(HOUR));
    CompletableFuture<Void> armed = new CompletableFuture<>();
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    Thread plain = Thread.ofPlatform().start(() -> {
      try {
        sleep.poll(() -> {});
        armed.complete(null);
        sleep.await();
        failure.complete(new AssertionError("slept"));
      } catch (RuntimeException e) {
        failure.complete(e);
      }
    });
    armed.get();
    while (plain.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    one.close();
    assertThat(failure.get()).isInstanceOf(IllegalStateException.class).hasMessageContaining("is closed");
    plain.join();
    assertThatThrownBy(late::await).isInstanceOf(IllegalStateException.class).hasMessageContaining("is closed");
  }

  @Test
  void aTaskThatOutlivesItsRuntime_andAsksForItsFirstTimerThen_isToldSo() throws Exception {
    Epollo one = Epollo.start(TestRuntime.options().withCloseTimeout(Duration.ZERO));
    CompletableFuture<Void> begun = new CompletableFuture<>();
    CompletableFuture<Void> closed = new CompletableFuture<>();
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    one.spawn(() -> {
      begun.complete(null);
      while (!closed.isDone()) {
        Thread.onSpinWait();
        Thread.yield();
      }
      try {
        Timers.sleep(Duration.ofMillis(1));
        failure.complete(new AssertionError("slept"));
      } catch (RuntimeException e) {
        failure.complete(e);
      }
    });
    begun.get();
    one.close();
    closed.complete(null);
    assertThat(failure.get()).isInstanceOf(IllegalStateException.class).hasMessageContaining("is closed");
  }
}
