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
    while (!isClosed()) {
      Poll<@Nullable T> poll = current.pollNext(waker);
      Function<? super Throwable, ? extends AsyncStream<T>> asked = handler;
      if (asked == null || !(poll instanceof Poll.Failed<@Nullable T> failed) || isClosed()) {
        return poll;
      }
      handler = null;
      goOn(Operator.nonNull(asked.apply(failed.cause()), "recover()"));
    }
    return Poll.pending();
  }

  /** Does the work of a stream that recovers itself, so that a method that calls itself in its handler nests no deeper with each failure. */
  private void goOn(AsyncStream<T> next) {
    if (next instanceof RecoverStream<T> other && other.canBePolled()) {
      current = other.current;
      handler = other.handler;
      other.current = AsyncStream.empty();
      other.close();
    } else {
      current = next;
    }
  }

  @Override
  protected void release() {
    current.close();
  }
}
