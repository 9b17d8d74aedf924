package io.github.epollo.runtime.sync;

import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Future;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * The side of a {@link Channel} that is sent to.
 *
 * <p><b>Threading:</b> every method may be called from any thread, task or not.
 *
 * @param <T> the type of the values; null is none of them
 */
public interface SendChannel<T> extends AutoCloseable {
  /**
   * Sends {@code value}, once there is room.
   *
   * <p><b>Cancellation:</b> if it throws, the value was not sent, and is still the caller's.
   *
   * @throws ChannelClosedException if the channel is closed, before or while the caller waits
   * @throws CancellationException if the task was cancelled while it waited
   * @throws DeadlineExceededException if a deadline around the caller passed while it waited
   * @throws NullPointerException if {@code value} is null
   */
  void send(T value);

  /**
   * The future twin of {@link #send}. The value is sent by the poll that answers "ready".
   *
   * <p><b>Cancellation:</b> closing the future before that takes the value back; only the place in the line of senders is lost.
   */
  Future<@Nullable Void> sendAsync(T value);

  /**
   * Sends {@code value} if there is room now. A rendezvous has room for as many values as receivers wait.
   *
   * @throws NullPointerException if {@code value} is null
   */
  SendResult trySend(T value);

  /**
   * Waits for room, and sets it aside for a value that is sent later.
   *
   * {@snippet class="io.github.epollo.runtime.sync.ChannelSnippetsTest" region="reserve"}
   *
   * <p><b>Cancellation:</b> if it throws, nothing was set aside.
   *
   * @throws ChannelClosedException if the channel is closed, before or while the caller waits
   * @throws CancellationException if the task was cancelled while it waited
   * @throws DeadlineExceededException if a deadline around the caller passed while it waited
   */
  SendPermit<T> reserve();

  /**
   * The future twin of {@link #reserve}. Room is set aside by the poll that answers with the permit, which must be used or closed then.
   *
   * <p><b>Cancellation:</b> closing the future before that sets nothing aside.
   */
  Future<SendPermit<T>> reserveAsync();

  /**
   * Sets room aside if there is some now; else returns null.
   *
   * @throws ChannelClosedException if the channel is closed
   */
  @Nullable
  SendPermit<T> tryReserve();

  /**
   * Closes the channel for sending. Receivers get what is in it, and what holders of permits still send; then it ends for them. Who waits to send gets a {@link
   * ChannelClosedException} and keeps the value. Idempotent; does not wait.
   */
  @Override
  void close();

  /**
   * As {@link #close()}, but it ends with a failure: receivers get a {@link ChannelClosedException} with this cause once they have received the rest. No effect if
   * the channel is closed.
   */
  void close(Throwable cause);

  /**
   * Waits until the channel is closed, by whichever side: for a sender who would rather know that before there is something to send.
   *
   * <p><b>Cancellation:</b> nothing is lost.
   *
   * @throws CancellationException if the task was cancelled while it waited
   * @throws DeadlineExceededException if a deadline around the caller passed while it waited
   */
  void closed();

  /** The future twin of {@link #closed}. */
  Future<@Nullable Void> closedAsync();

  /** Whether nothing can be sent any more. */
  boolean isClosed();

  /** How many values are in the channel now, whatever a moment later. */
  int size();

  /** How many values fit: 0 for a rendezvous, 1 for the latest only, {@link Integer#MAX_VALUE} without a bound. */
  int capacity();
}
