package io.github.epollo.timers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Body;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.loop.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class IntervalTest {
  private static final Duration PERIOD = Duration.ofMillis(2);
  private static final long NANOS = PERIOD.toNanos();

  private static void run(Body body) {
    Epollo.run(TestRuntime.options(), body);
  }

  private static long now() {
    return Loop.current().now();
  }

  @Test
  void theFirstTickIsAtOnce_theOthersAPeriodApart_noneEarly() {
    run(() -> {
      long before = now();
      try (Interval interval = Timers.interval(PERIOD)) {
        long first = interval.tick();
        assertThat(first).isBetween(before, now());
        for (int i = 1; i <= 5; i++) {
          assertThat(interval.tick()).isEqualTo(first + i * NANOS);
          assertThat(now()).isGreaterThanOrEqualTo(first + i * NANOS);
        }
        assertThat(interval.period()).isEqualTo(PERIOD);
      }
    });
  }

  @Test
  void missedTicks_comeAsThePolicySays() {
    run(() -> {
      long first = now() - 10 * NANOS;
      Interval burst = Timers.intervalAt(first, PERIOD);
      for (int i = 0; i < 10; i++) {
        assertThat(burst.tick()).isEqualTo(first + i * NANOS);
      }
      Interval skip = Timers.intervalAt(first, PERIOD).onMissedTicks(MissedTicks.SKIP);
      assertThat(skip.tick()).isEqualTo(first);
      long next = skip.tick();
      assertThat((next - first) % NANOS).isZero();
      assertThat(next - first).isGreaterThan(10 * NANOS - 1);
      Interval delay = Timers.intervalAt(first, PERIOD).onMissedTicks(MissedTicks.DELAY);
      assertThat(delay.tick()).isEqualTo(first);
      long taken = now();
      assertThat(delay.tick()).isLessThanOrEqualTo(taken + NANOS);
      assertThat(now()).isGreaterThanOrEqualTo(first + 11 * NANOS);
    });
  }

  @Test
  void aCancelledWait_losesNoTick() {
    run(() -> {
      Interval interval = Timers.interval(PERIOD);
      long next = interval.tick() + NANOS;
      for (int stopped = 0; stopped < 5;) {
        Future<Long> tick = interval.tickAsync();
        if (tick.poll(() -> {}) instanceof Poll.Ready<Long>(Long taken)) {
          assertThat(taken).as("the machine was slow").isEqualTo(next);
          next += NANOS;
        } else {
          tick.close();
          stopped++;
        }
      }
      for (int stopped = 0; stopped < 5;) {
        try {
          long taken = Timers.withTimeout(Duration.ZERO, interval::tick);
          assertThat(taken).isEqualTo(next);
          next += NANOS;
        } catch (DeadlineExceededException e) {
          stopped++;
        }
      }
      assertThat(interval.tick()).isEqualTo(next);
    });
  }

  @Test
  void reset_movesTheGrid() {
    run(() -> {
      Interval interval = Timers.interval(PERIOD);
      long before = now();
      interval.reset();
      long tick = interval.tick();
      assertThat(tick).isGreaterThanOrEqualTo(before + NANOS);
      assertThat(now()).isGreaterThanOrEqualTo(tick);
      assertThat(interval.tick()).isEqualTo(tick + NANOS);
    });
  }

  @Test
  void forEach_endsWithTheInterval() {
    run(() -> {
      List<Long> ticks = new ArrayList<>();
      Interval interval = Timers.interval(PERIOD);
      for (long tick : interval) {
        ticks.add(tick);
        if (ticks.size() == 3) {
          interval.close();
        }
      }
      assertThat(ticks).hasSize(3);
      assertThatIllegalStateException().isThrownBy(interval::tick).withMessageContaining("closed");
      assertThatIllegalStateException().isThrownBy(interval::tickAsync);
      assertThatIllegalStateException().isThrownBy(interval::reset);
    });
  }

  @Test
  void aPeriodWithoutEnd_ticksOnce() {
    run(() -> {
      Interval interval = Timers.interval(Duration.ofSeconds(Long.MAX_VALUE));
      long _ = interval.tick();
      assertThatThrownBy(() -> Timers.withTimeout(PERIOD, interval::tick)).hasMessageContaining("a sleep without end");
    });
  }

  /** Ticks that are all late are ready at once: other tasks must run in between. */
  @Test
  void aBurst_letsOthersRun_andCanBeCancelled() {
    run(() -> {
      Task<?> task = Tasks.spawn(() -> {
        for (long _ : Timers.intervalAt(0, Duration.ofNanos(1))) {
          // years of missed ticks
        }
      });
      Timers.sleep(PERIOD);
      task.cancel().await();
      assertThatThrownBy(task::join).isInstanceOf(CancellationException.class);
    });
  }
}
