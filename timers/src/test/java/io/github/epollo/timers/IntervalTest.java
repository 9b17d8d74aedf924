package io.github.epollo.timers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Body;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
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
