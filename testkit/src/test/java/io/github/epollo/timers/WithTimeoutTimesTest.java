package io.github.epollo.timers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.testkit.EpolloTest;
import io.github.epollo.testkit.Simulation;
import io.github.epollo.testkit.Stopwatch;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When regions with a deadline end, in virtual time. */
class WithTimeoutTimesTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration SHORT = Duration.ofMillis(10);

  @EpolloTest(virtualTime = true, seeds = 5)
  void theDeadline_coversEveryAwait() {
    Stopwatch watch = new Stopwatch();
    assertThatThrownBy(() -> Timers.withTimeout(SHORT, () -> {
      while (true) {
        Timers.sleep(Duration.ofMillis(1));
      }
    })).isInstanceOf(DeadlineExceededException.class).hasMessageContaining("PT0.01S").hasMessageContaining("a sleep");
    watch.shows(SHORT);
    assertThat(Thread.interrupted()).isFalse();
    Timers.sleep(SHORT);
    watch.shows(SHORT.multipliedBy(2), 2);
  }

  @EpolloTest(virtualTime = true, seeds = 3)
  void aDay() {
    Stopwatch watch = new Stopwatch();
    int[] minutes = new int[1];
    assertThatThrownBy(() -> Timers.withTimeout(DAY, () -> {
      while (true) {
        Timers.sleepUntil(watch.start() + (minutes[0] + 1) * 60_000_000_000L + 1);
        minutes[0]++;
      }
    })).isInstanceOf(DeadlineExceededException.class).hasMessageStartingWith("deadline of PT24H passed");
    watch.shows(DAY);
    assertThat(minutes[0]).isEqualTo(24 * 60 - 1);
    assertThat(Timers.armed()).isZero();
  }

  @EpolloTest(virtualTime = true, seeds = 3)
  void aValueOneTickBeforeTheDayIsOver_wins() {
    Stopwatch watch = new Stopwatch();
    Duration almost = DAY.minusNanos(2 * Stopwatch.TICK_NANOS);
    assertThat(Timers.<Integer, RuntimeException>withTimeout(DAY, () -> {
      Timers.sleep(almost);
      return 1;
    })).isEqualTo(1);
    watch.shows(almost);
    Timers.sleep(DAY); // the deadline that passes now is nobody's
    watch.shows(almost.plus(DAY), 2);
  }

  @EpolloTest(virtualTime = true)
  void eachAwaitInTheRegion_isStopped_atOnce() {
    Stopwatch watch = new Stopwatch();
    Timers.withTimeout(SHORT, () -> {
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> Timers.sleep(HOUR)).isInstanceOf(DeadlineExceededException.class);
        watch.shows(SHORT);
      }
    });
  }

  @EpolloTest(virtualTime = true)
  void aResult_wins_howeverLate() {
    Stopwatch watch = new Stopwatch();
    String result = Timers.withTimeout(SHORT, () -> {
      try {
        Timers.sleep(HOUR);
      } catch (DeadlineExceededException e) {
        return "late";
      }
      return "never";
    });
    assertThat(result).isEqualTo("late");
    Timers.sleep(SHORT);
    watch.shows(SHORT.multipliedBy(2), 2);
  }

  @EpolloTest(virtualTime = true)
  void withoutEnd() {
    Stopwatch watch = new Stopwatch();
    Timers.withTimeout(Duration.ofSeconds(Long.MAX_VALUE), () -> Timers.sleep(DAY));
    watch.shows(DAY);
  }

  @ParameterizedTest
  @CsvSource({"10, 3600000, PT0.01S", "3600000, 10, PT0.01S", "20, 20, PT0.02S", "5, 40, PT0.005S",
    "5000, 5, PT0.005S"})
  void nested_theEarliestWins(long outer, long inner, String named) {
    Simulation.ofSeed(1).run(_ -> {
      Stopwatch watch = new Stopwatch();
      assertThatThrownBy(() -> Timers.withTimeout(Duration.ofMillis(outer),
          () -> Timers.withTimeout(Duration.ofMillis(inner), () -> Timers.sleep(HOUR))))
          .isInstanceOf(DeadlineExceededException.class)
          .hasMessageContaining(named);
      watch.shows(Duration.parse(named));
    });
  }

  /** Three regions, with each combination of three limits: what runs in some of them is stopped by the earliest of those. */
  @EpolloTest(virtualTime = true, seeds = 3)
  void nested_inAllOrders() {
    for (int order = 0; order < 27; order++) {
      int a = 1 + order / 9;
      int b = 1 + order / 3 % 3;
      int c = 1 + order % 3;
      Stopwatch watch = new Stopwatch();
      stoppedAfter(watch, a, () -> Timers.withTimeout(Duration.ofSeconds(a), () -> {
        stoppedAfter(watch, Math.min(a, b), () -> Timers.withTimeout(Duration.ofSeconds(b), () -> {
          stoppedAfter(watch, Math.min(a, Math.min(b, c)),
              () -> Timers.withTimeout(Duration.ofSeconds(c), () -> Timers.sleep(HOUR)));
          Timers.sleep(HOUR);
        }));
        Timers.sleep(HOUR);
      }));
      assertThat(Timers.armed()).isZero();
    }
  }

  private static void stoppedAfter(Stopwatch watch, int seconds, Runnable region) {
    assertThatThrownBy(region::run).isInstanceOf(DeadlineExceededException.class)
        .hasMessageStartingWith("deadline of PT" + seconds + "S passed");
    watch.shows(Duration.ofSeconds(seconds));
  }

  @EpolloTest(virtualTime = true)
  void nested_theOuterStillHolds_afterTheInnerPassed() {
    Stopwatch watch = new Stopwatch();
    assertThatThrownBy(() -> Timers.withTimeout(Duration.ofMillis(40), () -> {
      assertThatThrownBy(() -> Timers.withTimeout(Duration.ofMillis(3), () -> Timers.sleep(HOUR)))
          .hasMessageContaining("PT0.003S");
      watch.shows(Duration.ofMillis(3));
      Timers.sleep(HOUR);
    })).hasMessageContaining("PT0.04S");
    watch.shows(Duration.ofMillis(40));
  }

  @EpolloTest(virtualTime = true, seeds = 20)
  void cancel_isNotADeadline() {
    Task<?> task = Tasks.spawn(() -> Timers.withTimeout(HOUR, () -> Timers.sleep(HOUR)));
    Timers.sleep(SHORT);
    Stopwatch watch = new Stopwatch();
    task.cancel().await();
    assertThatThrownBy(task::join).isInstanceOf(CancellationException.class);
    watch.showsExactly(Duration.ZERO);
  }

  @EpolloTest(virtualTime = true)
  void aFutureAwaited_isClosed() {
    Sleep sleep = Timers.sleepAsync(HOUR);
    assertThatThrownBy(() -> Timers.withTimeout(SHORT, () -> sleep.await()))
        .isInstanceOf(DeadlineExceededException.class);
    assertThatThrownBy(() -> sleep.poll(() -> {})).hasMessageContaining("closed");
  }

  @EpolloTest(virtualTime = true, seeds = 5)
  void joinOfATaskThatGoesOn() {
    Stopwatch watch = new Stopwatch();
    Task<Integer> task = Tasks.spawn(() -> {
      Timers.sleepUntil(watch.start() + 50_000_000);
      return 7;
    });
    assertThatThrownBy(() -> Timers.withTimeout(SHORT, () -> task.join())).hasMessageContaining("the end of task");
    watch.shows(SHORT);
    assertThat(task.join()).isEqualTo(7);
    watch.shows(Duration.ofMillis(50));
  }
}
