package io.github.epollo.timers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.testkit.EpolloTest;
import io.github.epollo.testkit.Stopwatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** When a throttle lets somebody through, in virtual time. */
class ThrottleTimesTest {
  private static final Duration PERIOD = Duration.ofMillis(5);

  @EpolloTest(virtualTime = true, seeds = 20)
  void soMany_inEachPeriod_overManyTasks() {
    Throttle throttle = new Throttle(3, PERIOD);
    Stopwatch watch = new Stopwatch();
    List<Task<Long>> tasks = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      boolean direct = i % 2 == 0;
      tasks.add(Tasks.spawn(() -> {
        if (direct) {
          throttle.acquire();
        } else {
          throttle.acquireAsync().await();
        }
        return watch.nanos();
      }));
    }
    List<Long> times = new ArrayList<>();
    tasks.forEach(task -> times.add(task.join()));
    times.sort(null);
    for (int i = 0; i < times.size(); i++) {
      assertThat(times.get(i) - i / 3 * PERIOD.toNanos()).isBetween(0L, i / 3 * Stopwatch.TICK_NANOS);
    }
  }

  @EpolloTest(virtualTime = true)
  void afterAPause_noMoreThanThePermitsAreFree() {
    Throttle throttle = new Throttle(2, Duration.ofHours(1));
    Timers.sleep(Duration.ofDays(1));
    assertThat(throttle.tryAcquire()).isTrue();
    assertThat(throttle.tryAcquire()).isTrue();
    assertThat(throttle.tryAcquire()).isFalse();
    Stopwatch watch = new Stopwatch();
    throttle.acquire();
    watch.shows(Duration.ofHours(1));
  }

  @EpolloTest(virtualTime = true)
  void tryAcquire_neverWaits() {
    Throttle throttle = new Throttle(2, Duration.ofHours(1));
    Stopwatch watch = new Stopwatch();
    assertThat(throttle.tryAcquire()).isTrue();
    throttle.acquire();
    assertThat(throttle.tryAcquire()).isFalse();
    watch.showsExactly(Duration.ZERO);
    assertThatThrownBy(() -> Timers.withTimeout(PERIOD, throttle::acquire))
        .isInstanceOf(DeadlineExceededException.class).hasMessageContaining("a turn of a throttle of 2 in PT1H");
    watch.shows(PERIOD);
  }
}
