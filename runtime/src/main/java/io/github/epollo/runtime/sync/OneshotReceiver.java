package io.github.epollo.runtime.sync;

import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * The side of a {@link Oneshot} that receives. Use it in try-with-resources, so that the sender hears of it when nobody waits any more.
 *
 * @param <T> the type of the value
 */
public final class OneshotReceiver<T extends @Nullable Object> implements AutoCloseable {
  private final Oneshot<T> oneshot;

  OneshotReceiver(Oneshot<T> oneshot) {
    this.oneshot = oneshot;
  }

  /**
   * Waits for the value.
   *
   * <p><b>Cancellation:</b> the value is not lost: receive again.
   *
   * @return the value
   * @throws RuntimeException what the sender failed with, as {@link Future#await} describes
   * @throws ChannelClosedException if the sender was closed without sending
   * @throws CancellationException if the task was cancelled
   * @throws DeadlineExceededException if a deadline around the caller passed
   * @throws IllegalStateException if the value was received before, somebody else waits for it, or this was closed before it came
   */
  public T receive() {
    return receiveAsync().await();
  }

  /** The future twin of {@link #receive}. Closing it stops the waiting and leaves the receiver open. */
  public Future<T> receiveAsync() {
    return new Waiter<T>() {
      @Override
      protected Poll<T> advance(Waker waker) {
        return oneshot.receive(this, waker);
      }

      @Override
      protected void release() {
        oneshot.forgetReceiver(this);
      }

      @Override
      public String toString() {
        return "the value of a oneshot";
      }
    };
  }

  /**
   * Takes what has come: a value or a failure; pending if nothing has.
   *
   * @throws ChannelClosedException if the sender was closed without sending
   * @throws IllegalStateException as {@link #receive}
   */
  public Poll<T> tryReceive() {
    return oneshot.receive(null, null);
  }

  /** Tells the sender that nobody waits any more. A value that has come already stays, and can be received. Idempotent. */
  @Override
  public void close() {
    oneshot.closeReceiver();
  }
}
