package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@link AsyncStream#fromFuture}. */
final class FutureStream<T> extends AbstractStream<T> {
  private @Nullable Future<T> future;

  FutureStream(Future<T> future) {
    this.future = Objects.requireNonNull(future, "future");
  }

  @Override
  protected Poll<@Nullable T> advance(Waker waker) {
    Future<T> awaited = future;
    if (awaited == null) {
      return end();
    }
    Poll<@Nullable T> poll = checked(awaited.poll(waker));
    if (!(poll instanceof Poll.Pending)) {
      future = null;
    }
    return poll;
  }

  /** The answer of a future as that of a stream, where null would be the end. */
  @SuppressWarnings("unchecked") // a value of type T is also a nullable one
  static <T> Poll<@Nullable T> checked(Poll<T> poll) {
    if (poll instanceof Poll.Ready<T> ready && ready.value() == null) {
      return Poll.failed(new NullPointerException(
          "a future in a stream was ready with null, which no stream can hold; map it to a value"));
    }
    return (Poll<@Nullable T>) poll;
  }

  @Override
  protected void release() {
    Closing.future(future);
  }
}
