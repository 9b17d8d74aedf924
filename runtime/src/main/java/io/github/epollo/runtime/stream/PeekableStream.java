package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import org.jspecify.annotations.Nullable;

/**
 * A stream whose next value can be looked at before it is taken. It holds that one value.
 *
 * <p><b>Threading:</b> as {@link AsyncStream}.
 *
 * @param <T> the type of the values
 * @see AsyncStream#peekable
 */
public final class PeekableStream<T> extends AbstractStream<T> {
  private final AsyncStream<T> source;
  private @Nullable Poll<@Nullable T> peeked; // a value, the end or a failure

  PeekableStream(AsyncStream<T> source) {
    this.source = source;
  }

  /**
   * Waits until there is a next value and returns it, as {@link #next} will; null if that is the end.
   *
   * <p><b>Cancellation:</b> loses nothing.
   *
   * @throws IllegalStateException if the stream has ended or was closed
   */
  public @Nullable T peek() {
    return peekAsync().await();
  }

  /**
   * The future twin of {@link #peek}.
   *
   * <p><b>Cancellation:</b> closing the future loses nothing.
   */
  public Future<@Nullable T> peekAsync() {
    return Future.fromPoll(this::look);
  }

  private Poll<@Nullable T> look(Waker waker) {
    Poll<@Nullable T> poll = peeked;
    if (poll == null) {
      poll = source.pollNext(waker);
      peeked = poll instanceof Poll.Pending ? null : poll;
    }
    return poll;
  }

  @Override
  protected Poll<@Nullable T> advance(Waker waker) {
    Poll<@Nullable T> poll = look(waker);
    peeked = null;
    return poll;
  }

  @Override
  protected void release() {
    peeked = null;
    source.close();
  }
}
