package io.github.epollo.timers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/** Signals. */
class TimerClockTest {
  private final CountingKernel probe = new CountingKernel();

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
}
