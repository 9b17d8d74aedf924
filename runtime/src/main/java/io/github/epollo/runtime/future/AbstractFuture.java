package io.github.epollo.runtime.future;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The part that every future shares: it is finished once, released once, and polling it after that is a clear error.
 *
 * <p><b>Threading:</b> as {@link Future} says, one thread at a time polls or closes.
 *
 * @param <T> the type of the value
 */
public abstract class AbstractFuture<T extends @Nullable Object> implements Future<T> {
  /*
   *   OPEN -> FINISHED   // advance() answered ready or failed, or threw
   *   OPEN -> CLOSED     // close()
   */
  private enum State {
    OPEN, FINISHED, CLOSED
  }

  private State state = State.OPEN;

  /** Creates a future that was not polled yet. */
  protected AbstractFuture() {}

  /** Does what {@link Future#poll} asks for; called only while the future is open. What it throws is the future's failure. */
  protected abstract Poll<T> advance(Waker waker) throws Exception;

  /** Releases what the future holds; called once, when it finished or was closed. */
  protected void release() {}

  @Override
  public final Poll<T> poll(Waker waker) {
    if (state != State.OPEN) {
      throw new IllegalStateException(
          "cannot poll " + this + ": it is " + (state == State.CLOSED ? "closed" : "finished")
              + "; create a new future for another result");
    }
    Poll<T> poll;
    try {
      poll = Objects.requireNonNull(advance(waker), "a future answered null instead of a Poll");
    } catch (Throwable t) {
      poll = Poll.failed(t);
    }
    if (!(poll instanceof Poll.Pending)) {
      state = State.FINISHED;
      release();
    }
    return poll;
  }

  @Override
  public final void close() {
    if (state == State.OPEN) {
      state = State.CLOSED;
      release();
    }
  }

  @Override
  public String toString() {
    return getClass().getSimpleName();
  }
}
