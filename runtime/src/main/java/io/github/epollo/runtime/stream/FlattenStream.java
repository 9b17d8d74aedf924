package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@link AsyncStream#flatMap}: one stream after the other. */
final class FlattenStream<S, T> extends Operator<S, T> {
  private final Function<? super S, ? extends AsyncStream<T>> mapper;
  private @Nullable AsyncStream<T> inner;

  FlattenStream(AsyncStream<S> source, Function<? super S, ? extends AsyncStream<T>> mapper) {
    super(source);
    this.mapper = Objects.requireNonNull(mapper, "mapper");
  }

  @Override
  protected Poll<@Nullable T> advance(Waker waker) {
    while (!isClosed()) {
      AsyncStream<T> current = inner;
      if (current == null) {
        Poll<@Nullable S> poll = source.pollNext(waker);
        S value = valueOf(poll);
        if (value == null) {
          return passOn(poll);
        }
        current = nonNull(mapper.apply(value), "flatMap()");
        inner = current;
        if (isClosed()) {
          break;
        }
      }
      Poll<@Nullable T> poll = current.pollNext(waker);
      if (!(poll instanceof Poll.Ready) || valueOf(poll) != null) {
        return poll;
      }
      inner = null;
    }
    return Poll.pending();
  }

  @Override
  protected void release() {
    try {
      if (inner != null) {
        inner.close();
      }
    } finally {
      source.close();
    }
  }
}
