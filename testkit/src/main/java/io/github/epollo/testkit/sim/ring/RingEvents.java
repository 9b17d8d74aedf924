package io.github.epollo.testkit.sim.ring;

/** What a simulation sees of rings, and has happen to them. With the world locked. */
public interface RingEvents {
  /** Nothing is seen, and nothing happens. */
  RingEvents NONE = new RingEvents() {};

  /** The error with which {@code call} is to fail, or 0. */
  default int fault(String call) {
    return 0;
  }

  /** How many nanoseconds longer {@code call} takes. */
  default long delay(String call) {
    return 0;
  }

  /** A call is complete. */
  default void completed(String call, long result) {}
}
