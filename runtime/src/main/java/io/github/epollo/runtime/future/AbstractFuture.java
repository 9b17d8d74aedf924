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
   *   OPEN    -> POLLING  // poll
   *   POLLING -> OPEN     // advance() answered pending
   *   POLLING -> FINISHED // advance() answered ready or failed, or threw; then release()
   *   POLLING -> CLOSED   // close() from within advance(), which may still store things: release() follows when it has returned
   *   OPEN    -> CLOSED   // close(); then release()
   */
  private enum State {
    OPEN("open"), POLLING("being polled"), FINISHED("finished"), CLOSED("closed");

    private final String text;

    State(String text) {
      this.text = text;
    }
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
          "cannot poll " + this + ": it is " + state.text + "; create a new future for another result");
    }
    state = State.POLLING;
    Poll<T> poll;
    try {
      poll = Objects.requireNonNull(advance(waker), "a future answered null instead of a Poll");
    } catch (Throwable t) {
      poll = Poll.failed(t);
    }
    boolean closed = state == State.CLOSED;
    if (closed || !(poll instanceof Poll.Pending)) {
      state = closed ? State.CLOSED : State.FINISHED;
      release();
    } else {
      state = State.OPEN;
    }
    return poll;
  }

  @Override
  public final void close() {
    switch (state) {
      case OPEN -> {
        state = State.CLOSED;
        release();
      }
      case POLLING -> state = State.CLOSED;
      case FINISHED, CLOSED -> {}
    }
  }

  @Override
  public String toString() {
    return getClass().getSimpleName();
  }
}
