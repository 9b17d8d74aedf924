package io.github.epollo.runtime.loop;

import io.github.epollo.runtime.future.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * How this module gets at timers, which stand in a module above it: a service that {@code epollo-timers} provides.
 *
 * <p><b>Threading:</b> {@link #sleepAsync} is called on the loop that keeps the time.
 */
public interface SleepProvider {
  /** A future that is ready once {@code duration} has passed, counted from this call, by the clock of the current loop. */
  Future<@Nullable Void> sleepAsync(Duration duration);

  /**
   * Returns the one that there is.
   *
   * @throws IllegalStateException if {@code epollo-timers} is missing
   */
  static SleepProvider get() {
    return Holder.PROVIDER.orElseThrow(() -> new IllegalStateException(
        "what has a time limit needs the module io.github.epollo.timers: add the dependency epollo-timers"));
  }

  /** Found when it is first asked for, once. */
  final class Holder {
    private static final Optional<SleepProvider> PROVIDER = ServiceLoader
        .load(SleepProvider.class, SleepProvider.class.getClassLoader()).findFirst();

    private Holder() {}
  }
}
