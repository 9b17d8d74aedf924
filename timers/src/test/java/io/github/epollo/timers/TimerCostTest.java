package io.github.epollo.timers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Body;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.loop.Loop;
import io.github.epollo.testsupport.ProbeKernel;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many calls timers make, exactly: with the loop's carrier nobody else makes any. */
class TimerCostTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int TIMES = 1000;

  private final ProbeKernel probe = new ProbeKernel();

  @BeforeEach
  void needsTheLoopsCarrier() {
    Assumptions.assumeTrue(TestRuntime.LOOP_CARRIES, "other threads make calls too");
  }

  /** With a loop that has had its first sleep, and counts from zero. */
  private void run(Body body) {
    Epollo.run(TestRuntime.options().withKernel(probe.kernel()), () -> {
      Timers.sleep(Duration.ofMillis(1));
      probe.reset();
      body.run();
    });
  }

  @Test
  void aSleep_readsTheClockOnce_andATurnAtMostOnce() {
    run(() -> {
      long turns = Loop.current().turns();
      for (int i = 0; i < TIMES; i++) {
        Timers.sleep(Duration.ofNanos(20_000));
      }
      turns = Loop.current().turns() - turns;
      assertThat(probe.calls("clockGettime")).isLessThanOrEqualTo(TIMES + turns);
      assertThat(turns).isLessThanOrEqualTo(TIMES + 1);
    });
  }

  @Test
  void aSleepThatIsArmedAndClosed_readsTheClockOnce() {
    run(() -> {
      for (int i = 0; i < TIMES; i++) {
        Sleep sleep = Timers.sleepAsync(HOUR);
        sleep.poll(() -> {});
        sleep.close();
      }
      assertThat(probe.calls("clockGettime")).isEqualTo(TIMES);
    });
  }

  @Test
  void aLimitThatDoesNotPass_readsTheClockOnce() {
    run(() -> {
      for (int i = 0; i < TIMES; i++) {
        Timers.withTimeout(HOUR, () -> {});
      }
      assertThat(probe.calls("clockGettime")).isEqualTo(TIMES);
    });
  }

  /** Also one that lies on a high level: nobody wakes up to move it down. */
  @Test
  void anIdleLoopWithOneFarTimer_wakesUpOnce() {
    run(() -> {
      Timers.sleep(Duration.ofMillis(300));
      assertThat(probe.calls("epollWait")).isEqualTo(1);
      assertThat(probe.calls("timerfdSettime")).isEqualTo(1);
    });
  }

  /** All lie in the slot of the one that stays, so that its earliest tick is too early; to find that out once is enough. */
  @Test
  void cancelledTimers_causeOneWakeUpForNothing() {
    run(() -> {
      long deadline = Timers.deadlineAfter(Duration.ofMillis(300));
      for (int i = 100; i > 0; i--) {
        Sleep sleep = Timers.sleepUntilAsync(deadline - i * 100_000L);
        sleep.poll(() -> {});
        if (i == 1) {
          Timers.sleepUntilAsync(deadline + 20_000_000).poll(() -> {});
        }
        sleep.close();
      }
      Timers.sleepUntil(deadline);
      assertThat(probe.calls("epollWait")).isBetween(1L, 2L);
    });
  }

  @Test
  void armed_countsWhatIsAwaited() {
    run(() -> {
      assertThat(Timers.armed()).isZero();
      Sleep sleep = Timers.sleepAsync(HOUR);
      assertThat(Timers.armed()).isZero();
      sleep.poll(() -> {});
      Sleep endless = Timers.sleepUntilAsync(Long.MAX_VALUE);
      endless.poll(() -> {});
      assertThat(Timers.armed()).isEqualTo(1);
      assertThat(Timers.withTimeout(HOUR, Timers::armed)).isEqualTo(2);
      sleep.close();
      assertThat(Timers.armed()).isZero();
    });
  }
}
