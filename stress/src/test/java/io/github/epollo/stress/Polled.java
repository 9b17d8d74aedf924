package io.github.epollo.stress;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;

/** A future polled by hand: as a task would, it polls at first and when it was woken. One thread at a time polls and closes. */
public final class Polled<T> implements Waker {
  public static final String LOST_WAKE_UP = "lost wake-up";

  private final Future<T> future;
  private volatile boolean woken = true;
  private Poll<T> outcome = Poll.pending();
  private boolean closed;

  public Polled(Future<T> future) {
    this.future = future;
  }

  /** One that was polled once. */
  public static <T> Polled<T> started(Future<T> future) {
    Polled<T> polled = new Polled<>(future);
    polled.pollIfWoken();
    return polled;
  }

  @Override
  public void wake() {
    woken = true;
  }

  /** Polls if it was woken since the last poll. Returns whether it did. */
  public boolean pollIfWoken() {
    if (!woken || isDone() || closed) {
      return false;
    }
    woken = false;
    outcome = future.poll(this);
    return true;
  }

  /** Polls with another waker, as if nobody had been woken. */
  private void pollAnyway() {
    outcome = future.poll(() -> woken = true);
  }

  public boolean isDone() {
    return !(outcome instanceof Poll.Pending);
  }

  public boolean hasValue() {
    return outcome instanceof Poll.Ready;
  }

  public boolean hasFailed() {
    return outcome instanceof Poll.Failed;
  }

  /** The value; null if there is none. */
  public T value() {
    return outcome instanceof Poll.Ready<T>(T value) ? value : null;
  }

  public void close() {
    closed = true;
    future.close();
  }

  /**
   * Lets all of {@code futures} go on as they are woken, until none is. Whoever then could go on was not woken.
   */
  public static void settle(Polled<?>... futures) {
    boolean again = true;
    while (again) {
      again = false;
      for (Polled<?> future : futures) {
        again |= future.pollIfWoken();
      }
    }
    for (Polled<?> future : futures) {
      if (!future.isDone() && !future.closed) {
        future.pollAnyway();
        if (future.isDone()) {
          throw new AssertionError(LOST_WAKE_UP + ": " + future.outcome);
        }
      }
    }
  }
}
