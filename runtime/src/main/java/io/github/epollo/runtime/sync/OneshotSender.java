package io.github.epollo.runtime.sync;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The side of a {@link Oneshot} that sends. Use it in try-with-resources, so that the receiver hears of it when no value comes.
 *
 * @param <T> the type of the value
 */
public final class OneshotSender<T extends @Nullable Object> implements AutoCloseable {
  private final Oneshot<T> oneshot;

  OneshotSender(Oneshot<T> oneshot) {
    this.oneshot = oneshot;
  }

  /**
   * Sends {@code value}; never waits.
   *
   * @return false if the receiver is closed: the value is still the caller's
   * @throws IllegalStateException if something was sent before, or this is closed
   */
  public boolean send(T value) {
    return send(Poll.ready(value));
  }

  /**
   * Has receiving fail with {@code cause}.
   *
   * @return false if the receiver is closed: nobody hears of the failure
   * @throws IllegalStateException if something was sent before, or this is closed
   */
  public boolean fail(Throwable cause) {
    return send(Poll.failed(Objects.requireNonNull(cause, "cause")));
  }

  private boolean send(Poll<T> sent) {
    return switch (oneshot.send(sent)) {
      case SENT -> true;
      case CLOSED -> false;
      case FULL -> throw new IllegalStateException(
          "cannot send: this oneshot was used or closed; it is for one value, create another or use a channel");
    };
  }

  /** If nothing was sent, receiving fails with a {@link ChannelClosedException}. Idempotent. */
  @Override
  public void close() {
    oneshot.closeSender();
  }

  /** Whether the receiver is gone: it was closed, or has received. */
  public boolean isClosed() {
    return oneshot.isReceiverGone();
  }

  /**
   * Waits until the receiver is gone, so that work that nobody waits for can be given up.
   *
   * <p><b>Cancellation:</b> nothing is lost.
   */
  public void closed() {
    closedAsync().await();
  }

  /** The future twin of {@link #closed}; race it with the work. */
  public Future<@Nullable Void> closedAsync() {
    return new Waiter<@Nullable Void>() {
      @Override
      protected Poll<@Nullable Void> advance(Waker waker) {
        return oneshot.watchReceiver(this, waker) ? Poll.ready(null) : Poll.pending();
      }

      @Override
      protected void release() {
        oneshot.forgetWatcher(this);
      }

      @Override
      public String toString() {
        return "the receiver of a oneshot to be closed";
      }
    };
  }
}
