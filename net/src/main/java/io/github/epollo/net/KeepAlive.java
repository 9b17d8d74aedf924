package io.github.epollo.net;

import java.time.Duration;

/**
 * How TCP finds out that an idle peer is gone: after {@code idle} without data it sends a probe each {@code interval}, and breaks the connection when
 * {@code count} of them went unanswered. Whole seconds; fractions are rounded up.
 *
 * @param idle silence before the first probe, 1 to 32767 seconds
 * @param interval time between probes, 1 to 32767 seconds
 * @param count unanswered probes before the connection breaks, 1 to 127
 */
public record KeepAlive(Duration idle, Duration interval, int count) {
  private static final int MAX_SECONDS = 32767;
  private static final int MAX_COUNT = 127;

  /** Checks the limits of Linux, and rounds up. */
  public KeepAlive {
    idle = Duration.ofSeconds(seconds("idle", idle));
    interval = Duration.ofSeconds(seconds("interval", interval));
    if (count < 1 || count > MAX_COUNT) {
      throw new IllegalArgumentException("count of keep-alive probes must be 1 to " + MAX_COUNT + ": " + count);
    }
  }

  private static long seconds(String name, Duration duration) {
    long seconds = duration.getSeconds() + (duration.getNano() > 0 ? 1 : 0);
    if (seconds < 1 || seconds > MAX_SECONDS) {
      throw new IllegalArgumentException(
          name + " of keep-alive must be 1 to " + MAX_SECONDS + " seconds: " + duration);
    }
    return seconds;
  }
}
