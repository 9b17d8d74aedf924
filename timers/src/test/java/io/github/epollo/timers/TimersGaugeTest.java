package io.github.epollo.timers;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.loop.Loop;
import io.github.epollo.testsupport.Waits;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TimersGaugeTest {
  @Test
  void theLoopsMetricsTellHowManyTimersAreArmed() {
    Epollo.run(() -> {
      Sleep sleep = Timers.sleepAsync(Duration.ofHours(1));
      sleep.poll(() -> {});
      Loop loop = Loop.current();
      Waits.until("it is armed, on the loop's own thread", () -> timers(loop) == 1);
      sleep.close();
      Waits.until("it is not armed any more", () -> timers(loop) == 0);
    });
  }

  private static long timers(Loop loop) {
    return Objects.requireNonNull(loop.metrics().gauges().get("timers"));
  }
}
