package io.github.epollo.runtime.sync;

/** A receiver of a {@link Broadcast} was too slow: values that it had not received are gone. It can go on with those that are left. */
public final class LaggedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long missed;

  LaggedException(long missed, int capacity) {
    super("missed " + missed + " values of a broadcast that keeps " + capacity
        + ": receive again to go on with the oldest one left");
    this.missed = missed;
  }

  /** How many values are gone since the last that was received. */
  public long missed() {
    return missed;
  }
}
