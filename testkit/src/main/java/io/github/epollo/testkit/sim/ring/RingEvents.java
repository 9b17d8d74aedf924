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

  /** How many of {@code length} bytes {@code call}, a read or write, moves. */
  default long length(String call, long length) {
    return length;
  }

  /** A call is complete. */
  default void completed(String call, long result) {}
}
