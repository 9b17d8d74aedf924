package io.github.epollo.timers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Clocks that lie, and signals. */
class TimerClockTest {
  private final CountingKernel probe = new CountingKernel();

  private void sleepMany(int count, Duration each) {
    Epollo.run(TestRuntime.options().withKernel(probe.kernel()), () -> {
      List<Task<Long>> tasks = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        tasks.add(Tasks.spawn(() -> {
          long before = System.nanoTime();
          Timers.sleep(each);
          return System.nanoTime() - before;
        }));
      }
      for (Task<Long> task : tasks) {
        assertThat(task.join()).isNotNegative();
      }
    });
  }

  @Test
  void aStormOfSignals_losesNoSleep() {
    probe.interruptWait = () -> ThreadLocalRandom.current().nextInt(10) != 0;
    Epollo.run(TestRuntime.options().withKernel(probe.kernel()), () -> {
      for (int i = 0; i < 50; i++) {
        long before = System.nanoTime();
        Timers.sleep(Duration.ofMillis(2));
        assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(2_000_000);
      }
    });
  }

  @Test
  void aClockThatJumpsBackAndForth_firesAndDoesNotSpin() {
    probe.clock = now -> now - ThreadLocalRandom.current().nextLong(20_000_000);
    sleepMany(50, Duration.ofMillis(30));
    assertThat(probe.waits.get()).isLessThan(1000);
  }

  @Test
  void aClockThatFallsBehindTheTimer_doesNotMakeTheLoopSpin() {
    AtomicLong lag = new AtomicLong();
    probe.clock = now -> now - lag.get();
    Epollo.run(TestRuntime.options().withKernel(probe.kernel()), () -> {
      Sleep sleep = Timers.sleepAsync(Duration.ofMillis(20));
      lag.set(2_000_000_000);
      long before = System.nanoTime();
      sleep.await();
      assertThat(System.nanoTime() - before).isLessThan(2_000_000_000L); // the kernel's timer decides, not the clock
    });
    assertThat(probe.waits.get()).isLessThan(100);
  }
}
