package io.github.epollo.runtime.sync;

import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Future;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * The side of a {@link Channel} that is received from.
 *
 * <p>A channel ends when it was closed and nothing is left in it. {@link #receive} throws then; {@link #receiveOrNull} returns null, {@link #receiveMany} an empty list, and
 * for-each stops, unless it was closed with a failure: that, all of them throw, as the cause of a {@link ChannelClosedException}.
 *
 * <p><b>Threading:</b> every method may be called from any thread, task or not. Each value goes to one receiver.
 *
 * @param <T> the type of the values; null is none of them
 */
public interface ReceiveChannel<T> extends Iterable<T> {
  /**
   * Waits for the next value; for channels that are not expected to end.
   *
   * <p><b>Cancellation:</b> no value is lost.
   *
   * @throws ChannelClosedException if the channel has ended
   * @throws CancellationException if the task was cancelled while it waited
   * @throws DeadlineExceededException if a deadline around the caller passed while it waited
   */
  T receive();

  /**
   * The future twin of {@link #receive}. The value is taken by the poll that answers with it.
   *
   * <p><b>Cancellation:</b> closing the future before that loses no value, only the place in the line of receivers.
   */
  Future<T> receiveAsync();

  /**
   * As {@link #receive}, but null is the end.
   *
   * @throws ChannelClosedException if the channel has ended with a failure, which is the cause
   */
  @Nullable
  T receiveOrNull();

  /** The future twin of {@link #receiveOrNull}; as {@link #receiveAsync}. */
  Future<@Nullable T> receiveOrNullAsync();

  /**
   * Takes the next value if there is one now; else returns null. A rendezvous holds nothing of its own: there this finds only what was sent to a receiver that has
   * not come for it.
   *
   * @throws ChannelClosedException if the channel has ended
   */
  @Nullable
  T tryReceive();

  /**
   * Waits until there is a value, and takes what there is, up to {@code limit}. An empty list is the end.
   *
   * <p><b>Cancellation:</b> no value is lost.
   *
   * @throws ChannelClosedException if the channel has ended with a failure, which is the cause
   * @throws IllegalArgumentException if {@code limit} is not positive
   */
  List<T> receiveMany(int limit);

  /** The future twin of {@link #receiveMany}; as {@link #receiveAsync}. */
  Future<List<T>> receiveManyAsync(int limit);

  /**
   * The values as they come, until the end: for-each in a task waits for each. What one iterator has taken no other gets; it takes a value in {@code hasNext}, and
   * {@code next} hands it out, so that a loop left by {@code break} or by an exception loses nothing.
   */
  @Override
  Iterator<T> iterator();

  /**
   * Closes the channel for both sides at once. Who waits to send gets a {@link ChannelClosedException} and keeps the value; for receivers it has ended.
   * Idempotent; does not wait. May follow {@link SendChannel#close}.
   *
   * @return what had been sent and nobody will receive, oldest first: release it if it must be
   */
  List<T> closeNow();

  /** Whether nothing can be sent any more. There may be values left. */
  boolean isClosed();

  /** How many values are in the channel now, whatever a moment later. */
  int size();

  /** How many values fit: 0 for a rendezvous, 1 for the latest only, {@link Integer#MAX_VALUE} without a bound. */
  int capacity();
}
