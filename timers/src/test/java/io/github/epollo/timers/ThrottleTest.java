package io.github.epollo.timers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.epollo.runtime.Body;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.loop.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ThrottleTest {
  private static final Duration PERIOD = Duration.ofMillis(5);

  private static void run(Body body) {
    Epollo.run(TestRuntime.options(), body);
  }

  @Test
  void atMostSoMany_inAnyPeriod_overManyTasks() {
    run(() -> {
      Throttle throttle = new Throttle(3, PERIOD);
      List<Task<Long>> tasks = new ArrayList<>();
      long before = Loop.current().now();
      for (int i = 0; i < 12; i++) {
        boolean direct = i % 2 == 0;
        tasks.add(Tasks.spawn(() -> {
          if (direct) {
            throttle.acquire();
          } else {
            throttle.acquireAsync().await();
          }
          return Loop.current().now();
        }));
      }
      List<Long> times = new ArrayList<>();
      for (Task<Long> task : tasks) {
        times.add(task.join());
      }
      times.sort(null);
      for (int i = 0; i < times.size(); i++) {
        assertThat(times.get(i) - before).isGreaterThanOrEqualTo(i / 3 * PERIOD.toNanos());
      }
    });
  }

  @Test
  void aTwinThatIsNeverPolled_takesNoPlace() {
    run(() -> {
      Throttle throttle = new Throttle(1, Duration.ofHours(1));
      throttle.acquireAsync().close();
      assertThat(throttle.tryAcquire()).isTrue();
    });
  }

  @Test
  void noPermits_isAnError() {
    run(() -> assertThatIllegalArgumentException().isThrownBy(() -> new Throttle(0, PERIOD))
        .withMessageContaining("0 permits").withMessageContaining("at least 1"));
  }

  @Test
  void whenTheLoopIsLate_theDistanceIsKept() {
    run(() -> {
      Throttle throttle = new Throttle(1, Duration.ofMillis(20));
      List<Task<Long>> tasks = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        tasks.add(Tasks.spawn(() -> {
          throttle.acquire();
          return Loop.current().now();
        }));
      }
      Timers.sleep(Duration.ofMillis(10));
      long s = Loop.current().now();
      while (Loop.current().now() - s < 60_000_000) {
        Thread.onSpinWait();
      }
      List<Long> times = new ArrayList<>();
      for (Task<Long> t : tasks) {
        times.add(t.join());
      }
      times.sort(null);
      long min = Long.MAX_VALUE;
      for (int i = 1; i < times.size(); i++) {
        min = Math.min(min, times.get(i) - times.get(i - 1));
      }
      assertThat(min).as("smallest distance").isGreaterThan(15_000_000); // a pass is noted before its task goes on
    });
  }

  @Test
  void cancelledWaits_takeNothing() {
    run(() -> {
      Throttle throttle = new Throttle(1, Duration.ofMillis(20));
      throttle.acquire();
      for (int i = 0; i < 1000; i++) {
        Boolean got = Timers.<Boolean, RuntimeException>withTimeoutOrNull(Duration.ofMillis(1), () -> {
          throttle.acquire();
          return true;
        });
        if (got != null) {
          return;
        }
      }
      assertThat(throttle.tryAcquire()).as("after a second of waiting for 20 ms").isTrue();
    });
  }
}
