package io.github.epollo.timers.wheel;

/** What a wheel holds; intrusive, so that arming allocates nothing. In one wheel at a time. */
public abstract class WheelEntry extends WheelNode {
  long tick;

  /** An entry that is in no wheel. */
  protected WheelEntry() {}
}
