package io.github.epollo.timers;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.Waker;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What timers leave behind: nothing. */
class TimerLeakTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void aMillionCancelledTimers_leaveNothingInTheQueue() {
    Epollo.run(TestRuntime.options(), () -> {
      for (int i = 0; i < 1_000_000; i++) {
        Sleep sleep = Timers.sleepAsync(HOUR);
        sleep.poll(() -> {});
        sleep.close();
        if (i % 1024 == 0) {
          Timers.sleep(Duration.ofNanos(1));
        }
      }
      Timers.sleep(Duration.ofMillis(1));
      assertThat(LoopTimers.current().queue().size()).isZero();
      assertThat(LoopTimers.current().queue().capacity()).isLessThan(10_000);
    });
  }

  /** What the waker captures is garbage at once, although the sleep itself is still held. */
  @Test
  void aClosedSleep_letsItsWakerGo() {
    Epollo.run(TestRuntime.options(), () -> {
      Sleep sleep = Timers.sleepAsync(HOUR);
      WeakReference<Object> captured = pollWithCapture(sleep);
      sleep.close();
      for (int i = 0; i < 50 && captured.get() != null; i++) {
        System.gc();
      }
      assertThat(captured.get()).isNull();
      assertThat(sleep.isElapsed()).isFalse();
    });
  }

  private static WeakReference<Object> pollWithCapture(Sleep sleep) {
    byte[] captured = new byte[1000];
    Waker waker = () -> captured[0]++;
    sleep.poll(waker);
    return new WeakReference<>(captured);
  }

  @Test
  void resetAndAwait_allocateNothing() {
    Assumptions.assumeTrue(TestRuntime.LOOP_CARRIES, "only the loop's carrier has one thread to measure");
    long thread = Thread.currentThread().threadId();
    Epollo.run(TestRuntime.options(), () -> {
      Sleep sleep = Timers.sleepAsync(Duration.ZERO);
      Duration pause = Duration.ofNanos(20_000);
      resetAndAwait(sleep, pause, 20_000);
      long least = Long.MAX_VALUE;
      for (int i = 0; i < 5 && least > 0; i++) { // again if the compiler was not done
        long before = THREADS.getThreadAllocatedBytes(thread);
        resetAndAwait(sleep, pause, 5_000);
        least = Math.min(least, THREADS.getThreadAllocatedBytes(thread) - before);
      }
      assertThat(least).as("bytes of 5000 rounds").isLessThan(500);
    });
  }

  private static void resetAndAwait(Sleep sleep, Duration pause, int times) {
    for (int i = 0; i < times; i++) {
      sleep.reset(pause);
      sleep.await();
    }
  }

  @Test
  void pendingSleeps_doNotKeepARuntimeFromClosing() {
    Epollo.run(TestRuntime.options(), () -> {
      for (int i = 0; i < 100; i++) {
        Tasks.spawn(() -> Timers.sleep(HOUR));
        Tasks.spawn(Timers.sleepAsync(HOUR));
        Tasks.spawn(() -> Timers.withTimeout(HOUR, () -> Timers.sleep(HOUR)));
      }
      Timers.sleep(Duration.ofMillis(1));
    });
  }
}
