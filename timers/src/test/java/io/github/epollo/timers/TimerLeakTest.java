package io.github.epollo.timers;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.Waker;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What timers leave behind: nothing. */
class TimerLeakTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Ten million, each with a waker of its own, as requests with a limit make them. */
  @Test
  void cancelledTimers_leaveNothingBehind() throws Exception {
    try (Epollo epollo = Epollo.start(TestRuntime.options())) {
      LoopTimers timers = epollo.call(LoopTimers::current);
      long deadline = timers.now() + HOUR.toNanos();
      onLoop(epollo, () -> armAndDisarm(timers, deadline, 10_000));
      long before = used();
      onLoop(epollo, () -> armAndDisarm(timers, deadline, 10_000_000));
      assertThat(epollo.<Integer>call(Timers::armed)).isZero();
      assertThat(used() - before).isLessThan(1 << 20);
    }
  }

  private static void armAndDisarm(LoopTimers timers, long deadline, int times) {
    for (int i = 0; i < times; i++) {
      TimerEntry entry = new TimerEntry(timers, deadline + i);
      entry.arm(() -> entry.disarm());
      entry.disarm();
    }
  }

  @Test
  void armingMovingAndCancelling_allocatesNothing() throws Exception {
    try (Epollo epollo = Epollo.start(TestRuntime.options())) {
      LoopTimers timers = epollo.call(LoopTimers::current);
      TimerEntry entry = new TimerEntry(timers, timers.now() + HOUR.toNanos());
      AtomicLong least = new AtomicLong(Long.MAX_VALUE);
      Waker waker = () -> {};
      for (int i = 0; i < 6 && least.get() > 0; i++) { // again if the compiler was not done
        onLoop(epollo, () -> {
          long before = THREADS.getCurrentThreadAllocatedBytes();
          for (int r = 0; r < 100_000; r++) {
            entry.arm(waker);
            entry.moveTo(timers.now() + HOUR.toNanos() + r * 1_000_000L);
            entry.disarm();
          }
          least.accumulateAndGet(THREADS.getCurrentThreadAllocatedBytes() - before, Math::min);
        });
      }
      assertThat(least).hasValue(0);
    }
  }

  /** Runs {@code work} on the loop's own thread, whatever carries the tasks. */
  private static void onLoop(Epollo epollo, Runnable work) throws Exception {
    CompletableFuture.runAsync(work, epollo.loop()).get();
  }

  /** Of several collections the least: the serial collector leaves some of what is dead in its place, megabytes of it, and takes all only each fourth time. */
  private static long used() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      System.gc();
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
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
