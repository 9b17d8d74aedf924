package io.github.epollo.runtime.sync;

import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who gets every value of a {@link Broadcast}, from subscribing on.
 *
 * <p><b>Threading:</b> every method may be called from any thread. Several tasks that use the same receiver share its values.
 *
 * @param <T> the type of the values
 */
public final class BroadcastReceiver<T> implements AutoCloseable {
  /** What {@link Broadcast#take} answers when this receiver was closed. */
  static final Object CLOSED = new Object();

  private final Broadcast<T> broadcast;

  // Under the lock of the broadcast.
  long next;
  boolean closed;
  int waits; // with this receiver that have not ended; almost always 0 when it is closed

  BroadcastReceiver(Broadcast<T> broadcast) {
    this.broadcast = broadcast;
  }

  /**
   * Waits for the next value.
   *
   * <p><b>Cancellation:</b> no value is lost.
   *
   * @throws LaggedException if values were lost because this receiver was too slow; the next call goes on with the oldest one left
   * @throws ChannelClosedException if the broadcast was closed, and all that was sent before has been received
   * @throws CancellationException if the task was cancelled
   * @throws DeadlineExceededException if a deadline around the caller passed
   * @throws IllegalStateException if this receiver is closed
   */
  public T receive() {
    return receiveAsync().await();
  }

  /** The future twin of {@link #receive}. The value is taken by the poll that answers with it. */
  public Future<T> receiveAsync() {
    return new Reception<T>() {
      @Override
      @SuppressWarnings("unchecked") // it is a value of this broadcast
      Poll<T> answer(Object taken) {
        if (taken == Broadcast.END) {
          throw ended();
        }
        return Poll.ready((T) taken);
      }
    };
  }

  /**
   * As {@link #receive}, but null is the end.
   *
   * @throws LaggedException as {@code receive}
   * @throws ChannelClosedException if the broadcast was closed with a failure, which is the cause
   */
  public @Nullable T receiveOrNull() {
    return receiveOrNullAsync().await();
  }

  /** The future twin of {@link #receiveOrNull}. */
  public Future<@Nullable T> receiveOrNullAsync() {
    return new Reception<@Nullable T>() {
      @Override
      @SuppressWarnings("unchecked") // it is a value of this broadcast
      Poll<@Nullable T> answer(Object taken) {
        if (taken == Broadcast.END) {
          if (broadcast.failure() != null) {
            throw ended();
          }
          return Poll.ready(null);
        }
        return Poll.ready((T) taken);
      }
    };
  }

  /**
   * Takes the next value if there is one now; else returns null.
   *
   * @throws LaggedException as {@link #receive}
   * @throws ChannelClosedException as {@link #receive}
   */
  @SuppressWarnings("unchecked") // it is a value of this broadcast
  public @Nullable T tryReceive() {
    Object taken = checked(broadcast.take(this, null, null));
    if (taken == Broadcast.END) {
      throw ended();
    }
    return (T) taken;
  }

  /** Another receiver of the same broadcast, as {@link Broadcast#subscribe} makes it. */
  public BroadcastReceiver<T> resubscribe() {
    return broadcast.subscribe();
  }

  /** Stops listening; what was not received is kept no longer than others need it. Who waits with this receiver gets an exception. Idempotent. */
  @Override
  public void close() {
    broadcast.unsubscribe(this);
  }

  private @Nullable Object checked(@Nullable Object taken) {
    if (taken == CLOSED) {
      throw new IllegalStateException(
          "cannot receive from " + broadcast + ": this receiver is closed, subscribe again");
    }
    if (taken instanceof Broadcast.Missed(long values)) {
      throw new LaggedException(values, broadcast.capacity());
    }
    return taken;
  }

  private ChannelClosedException ended() {
    return new ChannelClosedException("cannot receive from " + broadcast + ": it has ended", broadcast.failure());
  }

  private abstract class Reception<R extends @Nullable Object> extends Waiter<R> {
    abstract Poll<R> answer(Object taken);

    @Override
    protected Poll<R> advance(Waker waker) {
      if (!Awaiter.proceed(waker)) {
        return Poll.pending();
      }
      Object taken = checked(broadcast.take(BroadcastReceiver.this, this, waker));
      return taken == null ? Poll.pending() : answer(taken);
    }

    @Override
    protected void release() {
      if (hasWaited()) {
        broadcast.forget(BroadcastReceiver.this, this);
      }
    }

    @Override
    public String toString() {
      return "a value of " + broadcast;
    }
  }
}
