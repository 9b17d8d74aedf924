package io.github.epollo.timers;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.loop.SleepProvider;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Gives the runtime, which this module stands on, its time limits. */
public final class TimerSleeps implements SleepProvider {
  /** Creates it, for {@link java.util.ServiceLoader}. */
  public TimerSleeps() {}

  @Override
  public Future<@Nullable Void> sleepAsync(Duration duration) {
    return Timers.sleepAsync(duration);
  }
}
