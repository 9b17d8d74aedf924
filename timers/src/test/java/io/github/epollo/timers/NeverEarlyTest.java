package io.github.epollo.timers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.kernel.Clocks;
import io.github.epollo.runtime.kernel.Kernel;
import io.github.epollo.runtime.kernel.LinuxKernel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A timer may be late, never early: a million sleeps on the real kernel, measured by the kernel's clock. */
class NeverEarlyTest {
  private static final int TASKS = 1_000;
  private static final int SLEEPS = 1_000;
  private static final long LONGEST_NANOS = 4_000_000; // 4 ms

  private final Kernel kernel = LinuxKernel.get();

  @Test
  void noneOfAMillionSleepsEndsEarly() {
    AtomicLong ended = new AtomicLong();
    AtomicLong early = new AtomicLong();
    Epollo.run(TestRuntime.options(), () -> {
      List<Task<?>> tasks = new ArrayList<>();
      for (int t = 0; t < TASKS; t++) {
        SplittableRandom random = new SplittableRandom(t);
        tasks.add(Tasks.spawn(() -> {
          for (int i = 0; i < SLEEPS; i++) {
            long nanos = random.nextLong(LONGEST_NANOS >> random.nextInt(20)); // short ones as often as long ones
            long before = now();
            Timers.sleep(Duration.ofNanos(nanos));
            if (now() - before < nanos) {
              early.incrementAndGet();
            }
          }
          ended.addAndGet(SLEEPS);
        }));
      }
      tasks.forEach(Task::join);
    });
    assertThat(ended).hasValue((long) TASKS * SLEEPS);
    assertThat(early).hasValue(0);
  }

  private long now() {
    return kernel.clockGettime(Clocks.MONOTONIC);
  }
}
