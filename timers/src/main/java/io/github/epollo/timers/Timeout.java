package io.github.epollo.timers;

import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A future of another one's outcome, which fails with {@link DeadlineExceededException} if that is not there in time: {@link Timers#timeout}.
 *
 * <p>An outcome wins over the deadline: each poll looks for the outcome first, so what came in the same turn as the deadline, or later but before anybody
 * looked, is delivered.
 *
 * <p><b>Cancellation:</b> the other future is closed with this one, also when the deadline passes. To keep it, {@link #detach} it.
 *
 * <p><b>Threading:</b> one thread at a time polls, closes or detaches.
 *
 * @param <T> the type of the value
 */
public final class Timeout<T extends @Nullable Object> extends AbstractFuture<T> {
  private final @Nullable Duration limit;
  private final Future<T> source;
  private final Sleep sleep;
  private boolean released;
  private boolean detached;

  /** A null limit stands for a deadline that the user gave as a time. */
  Timeout(@Nullable Duration limit, Future<T> source, Sleep sleep) {
    this.limit = limit;
    this.source = Objects.requireNonNull(source, "future");
    this.sleep = sleep;
  }

  /** The deadline: a time of the loop's clock in nanoseconds; {@link Long#MAX_VALUE} if it never passes. */
  public long deadline() {
    return sleep.deadline();
  }

  /**
   * Gives up the deadline: returns the other future as far as it has got, and closes this one.
   *
   * @throws IllegalStateException if this future has finished or was closed: the other one is closed, too, then
   */
  public Future<T> detach() {
    if (detached) {
      throw new IllegalStateException("cannot detach " + source + " again: it was handed out already");
    }
    if (released) {
      throw new IllegalStateException(
          "cannot detach " + source + ": its timeout has finished or was closed, and so it was closed");
    }
    detached = true;
    close();
    return source;
  }

  @Override
  protected Poll<T> advance(Waker waker) {
    Poll<T> poll = source.poll(waker);
    if (!(poll instanceof Poll.Pending)) {
      return poll;
    }
    Poll<@Nullable Void> passed = sleep.poll(waker);
    if (passed instanceof Poll.Failed<?>(Throwable cause)) {
      return Poll.failed(cause);
    }
    if (passed instanceof Poll.Pending) {
      return Poll.pending();
    }
    poll = source.poll(waker); // it may have come between the two looks
    return !(poll instanceof Poll.Pending)
        ? poll
        : Poll.failed(new DeadlineExceededException(
            Deadline.describe(sleep.deadline(), limit) + " passed while waiting for " + source));
  }

  @Override
  protected void release() {
    released = true;
    sleep.close();
    if (!detached) {
      source.close();
    }
  }

  @Override
  public String toString() {
    return source + " with a " + Deadline.describe(sleep.deadline(), limit);
  }
}
