package io.github.epollo.runtime.sync;

import java.util.Objects;

/**
 * Permits of an {@link AsyncSemaphore} that somebody holds, to be closed when they are needed no more. One that is never closed never goes back.
 *
 * <p><b>Threading:</b> any thread may close it, also at the same time as another; each permit goes back once.
 */
public final class Permit implements AutoCloseable {
  private final AsyncSemaphore semaphore;

  int count; // under the lock of the semaphore

  Permit(AsyncSemaphore semaphore, int count) {
    this.semaphore = semaphore;
    this.count = count;
  }

  /** How many permits it stands for; 0 once they were given back, merged into another or forgotten. */
  public int count() {
    return semaphore.count(this);
  }

  /**
   * Moves {@code permits} of them to a new one.
   *
   * @throws IllegalArgumentException if {@code permits} is less than 1 or more than there are here
   */
  public Permit split(int permits) {
    if (permits < 1) {
      throw new IllegalArgumentException("cannot split " + permits + " permits off: at least 1");
    }
    Permit part = new Permit(semaphore, 0);
    semaphore.move(this, part, permits);
    return part;
  }

  /**
   * Moves all that {@code other} has to this one.
   *
   * @throws IllegalArgumentException if {@code other} is this one, or of another semaphore
   */
  public void merge(Permit other) {
    Objects.requireNonNull(other, "other");
    if (other == this || other.semaphore != semaphore) {
      throw new IllegalArgumentException("cannot merge " + other + " into " + this + ": "
          + (other == this ? "it is the same" : "it is of another semaphore"));
    }
    semaphore.move(other, this, -1);
  }

  /** Takes them out of the semaphore for good; returns how many that were. */
  public int forget() {
    return semaphore.forget(this);
  }

  /** Gives them back, and serves those who wait. Idempotent. */
  @Override
  public void close() {
    semaphore.giveBack(this);
  }

  @Override
  public String toString() {
    return count() + " permits held";
  }
}
