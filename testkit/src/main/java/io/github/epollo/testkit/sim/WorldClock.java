package io.github.epollo.testkit.sim;

/** Virtual time in nanoseconds. It stands still unless somebody moves it. */
final class WorldClock {
  private long now;
  private long wallOffset;

  WorldClock(long origin, long wallOrigin) {
    this.now = origin;
    this.wallOffset = wallOrigin - origin;
  }

  /** CLOCK_MONOTONIC. */
  long now() {
    return now;
  }

  /** CLOCK_REALTIME. */
  long wall() {
    return now + wallOffset;
  }

  void moveTo(long time) {
    if (time - now < 0) {
      throw new IllegalStateException("the clock cannot go back from " + now + " to " + time);
    }
    now = time;
  }

  /** Sets the wall clock forward, or back. */
  void stepWall(long nanos) {
    wallOffset += nanos;
  }
}
