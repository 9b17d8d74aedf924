package io.github.epollo.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.loop.Loop;
import java.time.Duration;

/** How much virtual time has passed since it was made by a task: exactly so much, or less than a tick of the timers' wheel more for each timer waited for. */
public final class Stopwatch {
  /** The timers' wheel wakes at multiples of it, and never early. */
  public static final long TICK_NANOS = 1_024;

  private final Loop loop = Loop.current();
  private final long start = loop.now();

  /** What the loop's clock showed at the start. */
  public long start() {
    return start;
  }

  /** What has passed. */
  public long nanos() {
    return loop.now() - start;
  }

  /** Fails unless {@code expected} has passed, as one timer measures it. */
  public void shows(Duration expected) {
    shows(expected, 1);
  }

  /** Fails unless {@code expected} has passed, as {@code timers} measure it of which each was set when the one before had fired. */
  public void shows(Duration expected, int timers) {
    long nanos = expected.toNanos();
    assertThat(nanos()).isBetween(nanos, nanos + timers * (TICK_NANOS - 1));
  }

  /** Fails unless exactly {@code expected} has passed. */
  public void showsExactly(Duration expected) {
    assertThat(Duration.ofNanos(nanos())).isEqualTo(expected);
  }
}
