package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import org.jspecify.annotations.Nullable;

/**
 * Values that come one after the other: lazy, pulled by {@link #pollNext}, released by {@link #close}.
 *
 * <p>Nothing happens before the first poll, and nothing is fetched that nobody asked for, unless an operator says so and names the bound. A stream ends once, by its
 * end or a failure; then, or when it is closed, it holds nothing any more. An operator owns the streams given to it and closes them when it is closed.
 *
 * <p><b>Threading:</b> one thread at a time polls or closes a stream; which one may change from poll to poll.
 *
 * @param <T> the type of the values; null is not one of them
 */
public interface AsyncStream<T> extends AutoCloseable {

  /**
   * Gets as far towards the next value as it can without waiting. A ready null is the end of the stream.
   *
   * <p>A {@link Poll.Pending} promises that {@code waker}, and no older one, is called when another poll is worth while.
   *
   * @throws IllegalStateException if the stream has ended, failed or was closed
   */
  Poll<@Nullable T> pollNext(Waker waker);

  /** Gives up: releases what the stream holds, its source too. Idempotent, does not wait, does not throw. */
  @Override
  void close();

  /** Waits for the next value; null is the end. */
  default @Nullable T next() {
    return nextAsync().await();
  }

  /**
   * The future twin of {@link #next}; null is the end.
   *
   * <p><b>Cancellation:</b> closing the future loses nothing, and leaves the stream open.
   */
  default Future<@Nullable T> nextAsync() {
    return Future.fromPoll(this::pollNext);
  }
}
