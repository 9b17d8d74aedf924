package io.github.epollo.runtime.future;

import java.util.Objects;
import java.util.concurrent.CancellationException;
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
   *   POLLING -> CLOSED   // close() from within advance(), which may still store things: release() follows when it has returned, and pending is a failure then
   *   OPEN    -> CLOSED   // close(); then release()
   *   OPEN    -> TAKEN    // take(): another future does its work from now on, and releases what it held
   */
  private static final byte OPEN = 0;
  private static final byte POLLING = 1;
  private static final byte FINISHED = 2;
  private static final byte CLOSED = 3;
  private static final byte TAKEN = 4;

  private byte state; // a byte, which leaves room in the object for small fields of chains

  /** Creates a future that was not polled yet. */
  protected AbstractFuture() {}

  /** Does what {@link Future#poll} asks for; called only while the future is open. What it throws is the future's failure. */
  protected abstract Poll<T> advance(Waker waker) throws Exception;

  /** Releases what the future holds; called once, when it finished or was closed. */
  protected void release() {}

  @Override
  public final Poll<T> poll(Waker waker) {
    if (state != OPEN) {
      throw new IllegalStateException(
          "cannot poll " + this + ": it is " + stateText() + "; create a new future for another result");
    }
    state = POLLING;
    Poll<T> poll;
    try {
      poll = Objects.requireNonNull(advance(waker), "a future answered null instead of a Poll");
    } catch (Throwable t) {
      poll = Poll.failed(t);
    }
    boolean closed = state == CLOSED;
    if (closed && poll instanceof Poll.Pending) {
      poll = Poll.failed(new CancellationException(this + " was closed while it was polled")); // nobody would wake who waits
    }
    if (closed || !(poll instanceof Poll.Pending)) {
      state = closed ? CLOSED : FINISHED;
      releaseAfter(poll);
    } else {
      state = OPEN;
    }
    return poll;
  }

  /** An outcome that is there is not lost by what a release throws, against its contract: a value may be a connection. */
  private void releaseAfter(Poll<T> poll) {
    try {
      release();
    } catch (Throwable t) {
      if (poll instanceof Poll.Failed<T>(Throwable cause)) {
        Throwable _ = Children.suppress(cause, t);
      } else {
        Children.report(t);
      }
    }
  }

  @Override
  public final void close() {
    switch (state) {
      case OPEN -> {
        state = CLOSED;
        release();
      }
      case POLLING -> state = CLOSED;
      default -> {} // it is over
    }
  }

  /** Has another future do this one's work, if this one is open; what it holds is the other's from now on. */
  final boolean take() {
    if (state != OPEN) {
      return false;
    }
    state = TAKEN;
    return true;
  }

  private String stateText() {
    return switch (state) {
      case POLLING -> "being polled";
      case FINISHED -> "finished";
      case CLOSED -> "closed";
      default -> "part of another future";
    };
  }

  @Override
  public String toString() {
    return getClass().getSimpleName();
  }
}
