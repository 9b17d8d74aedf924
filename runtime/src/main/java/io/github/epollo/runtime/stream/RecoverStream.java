package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@link AsyncStream#recover}. */
final class RecoverStream<T> extends AbstractStream<T> {
  private AsyncStream<T> current;
  private @Nullable Function<? super Throwable, ? extends AsyncStream<T>> handler; // null once it was asked

  RecoverStream(AsyncStream<T> source, Function<? super Throwable, ? extends AsyncStream<T>> handler) {
    this.current = source;
    this.handler = Objects.requireNonNull(handler, "handler");
  }

  @Override
  protected Poll<@Nullable T> advance(Waker waker) {
    Poll<@Nullable T> poll = current.pollNext(waker);
    Function<? super Throwable, ? extends AsyncStream<T>> asked = handler;
    if (asked != null && poll instanceof Poll.Failed<@Nullable T> failed && !isClosed()) {
      handler = null;
      current = Operator.nonNull(asked.apply(failed.cause()), "recover()");
      return isClosed() ? Poll.pending() : current.pollNext(waker);
    }
    return poll;
  }

  @Override
  protected void release() {
    current.close();
  }
}
