package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The part that every stream shares: it ends once, is released once, and polling it after that is a clear error.
 *
 * <p>A stream that may have a value ready at every poll calls {@link io.github.epollo.runtime.future.Awaiter#proceed} before it makes one, so that others
 * get their turn. An operator need not: its source does.
 *
 * <p><b>Threading:</b> as {@link AsyncStream} says, one thread at a time polls or closes.
 *
 * @param <T> the type of the values
 */
public abstract class AbstractStream<T> implements AsyncStream<T> {
  /*
   *   OPEN    -> POLLING // pollNext
   *   POLLING -> OPEN    // advance() answered pending or a value
   *   POLLING -> ENDED   // advance() answered the end or a failure, or threw; then release()
   *   POLLING -> CLOSED  // close() from within advance(), which may still store things: release() follows when it has returned
   *   OPEN    -> CLOSED  // close(); then release()
   */
  private enum State {
    OPEN("open"), POLLING("being polled"), ENDED("at its end"), CLOSED("closed");

    private final String text;

    State(String text) {
      this.text = text;
    }
  }

  private static final Poll<@Nullable Object> END = Poll.ready(null);

  private State state = State.OPEN;

  /** Creates a stream that was not polled yet. */
  protected AbstractStream() {}

  /** Does what {@link #pollNext} asks for; called only while the stream is open. What it throws is the stream's failure. */
  protected abstract Poll<@Nullable T> advance(Waker waker) throws Exception;

  /** Releases what the stream holds; called once, when it ended, failed or was closed. */
  protected void release() {}

  /** Whether the stream was closed from within the poll under way: what goes round and round in a poll looks at this. */
  protected final boolean isClosed() {
    return state == State.CLOSED;
  }

  /** Whether it can be polled. */
  final boolean canBePolled() {
    return state == State.OPEN;
  }

  /** The end of a stream. */
  @SuppressWarnings("unchecked") // it holds no T
  protected static <T> Poll<@Nullable T> end() {
    return (Poll<@Nullable T>) (Poll<?>) END;
  }

  /** The value that {@code poll} has; null if it is the end, a failure or pending. */
  protected static <T> @Nullable T valueOf(Poll<@Nullable T> poll) {
    return poll instanceof Poll.Ready<@Nullable T> ready ? ready.value() : null;
  }

  /** Whether {@code poll} is the end or a failure. */
  protected static boolean isLast(Poll<?> poll) {
    return !(poll instanceof Poll.Pending) && !(poll instanceof Poll.Ready<?> ready && ready.value() != null);
  }

  /** The end, a failure or pending, passed on by a stream of another type. */
  @SuppressWarnings("unchecked") // it holds no value
  protected static <R> Poll<@Nullable R> passOn(Poll<?> poll) {
    return (Poll<@Nullable R>) poll;
  }

  /** A failure or pending, as the answer of a future. */
  @SuppressWarnings("unchecked") // it holds no value
  static <R extends @Nullable Object> Poll<R> withoutValue(Poll<?> poll) {
    return (Poll<R>) poll;
  }

  @Override
  public final Poll<@Nullable T> pollNext(Waker waker) {
    if (state != State.OPEN) {
      throw new IllegalStateException("cannot poll " + this + ": it is " + state.text
          + "; a stream is read once, by one reader at a time; make another to read again");
    }
    state = State.POLLING;
    Poll<@Nullable T> poll;
    try {
      poll = Objects.<Poll<@Nullable T>>requireNonNull(advance(waker), "a stream answered null instead of a Poll");
    } catch (Throwable t) {
      poll = Poll.failed(t);
    }
    if (isClosed()) {
      releaseAfter(poll);
      if (poll instanceof Poll.Pending) { // and nobody would be woken
        poll = Poll.failed(new IllegalStateException(this + " was closed while it was polled"));
      }
      return poll;
    }
    if (isLast(poll)) {
      state = State.ENDED;
      releaseAfter(poll);
    } else {
      state = State.OPEN;
    }
    return poll;
  }

  /** A failure that is there is not lost by what a release throws, against its contract. */
  private void releaseAfter(Poll<?> poll) {
    try {
      release();
    } catch (Throwable t) {
      if (!(poll instanceof Poll.Failed<?>(Throwable cause))) {
        throw t;
      }
      if (cause != t) {
        cause.addSuppressed(t);
      }
    }
  }

  @Override
  public final void close() {
    switch (state) {
      case OPEN -> {
        state = State.CLOSED;
        release();
      }
      case POLLING -> state = State.CLOSED;
      case ENDED, CLOSED -> {}
    }
  }

  @Override
  public String toString() {
    return getClass().getSimpleName();
  }
}
