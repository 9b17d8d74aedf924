package io.github.epollo.timers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Body;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.testkit.SimKernel;
import io.github.epollo.testkit.Stopwatch;
import io.github.epollo.testsupport.ProbeKernel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Clocks that lie, and signals, above a kernel whose own time is exact. */
class TimerClockTimesTest {
  private final SimKernel kernel = new SimKernel();
  private final ProbeKernel probe = new ProbeKernel(kernel);
  private final Random random = new Random(1);

  private void run(Body body) {
    Epollo.run(EpolloOptions.defaults().withKernel(probe.kernel()), body);
  }

  @Test
  void aStormOfSignals_losesNoSleep() {
    probe.on("epollWait", call -> random.nextInt(10) != 0 ? -Errno.EINTR : call.real());
    run(() -> {
      for (int i = 0; i < 500; i++) {
        Stopwatch watch = new Stopwatch();
        Timers.sleep(Duration.ofMillis(2));
        watch.shows(Duration.ofMillis(2));
      }
    });
  }

  /** Up to 20 ms behind: a sleep is counted from what the clock showed, so it may be that much too short, but not longer than it should be. */
  @Test
  void aClockThatJumpsBackAndForth_firesAndDoesNotSpin() {
    long wrong = 20_000_000;
    probe.on("clockGettime", call -> call.real() - random.nextLong(wrong));
    Duration each = Duration.ofMillis(30);
    run(() -> {
      List<Task<?>> tasks = new ArrayList<>();
      long before = kernel.time().now();
      for (int i = 0; i < 50; i++) {
        tasks.add(Tasks.spawn(() -> {
          Timers.sleep(each);
          assertThat(kernel.time().now() - before - each.toNanos()).isBetween(-wrong, Stopwatch.TICK_NANOS - 1);
        }));
      }
      tasks.forEach(Task::join);
    });
    assertThat(probe.calls("epollWait")).isLessThan(200);
  }

  @Test
  void aClockThatFallsBehindTheTimer_doesNotMakeTheLoopSpin() {
    AtomicLong lag = new AtomicLong();
    probe.on("clockGettime", call -> call.real() - lag.get());
    run(() -> {
      long before = kernel.time().now();
      Sleep sleep = Timers.sleepAsync(Duration.ofMillis(20));
      lag.set(2_000_000_000);
      sleep.await();
      assertThat(kernel.time().now() - before - 20_000_000).isBetween(0L, Stopwatch.TICK_NANOS - 1); // the kernel's timer decides, not the clock
    });
    assertThat(probe.calls("epollWait")).isLessThan(20);
  }
}
