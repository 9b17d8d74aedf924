package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@link AsyncStream#mapAsync}: one future after the other. */
final class MapAsyncStream<S, T> extends Operator<S, T> {
  private final Function<? super S, ? extends Future<T>> mapper;
  private @Nullable Future<T> current;

  MapAsyncStream(AsyncStream<S> source, Function<? super S, ? extends Future<T>> mapper) {
    super(source);
    this.mapper = Objects.requireNonNull(mapper, "mapper");
  }

  @Override
  protected Poll<@Nullable T> advance(Waker waker) {
    Future<T> future = current;
    if (future == null) {
      Poll<@Nullable S> poll = source.pollNext(waker);
      S value = valueOf(poll);
      if (value == null) {
        return passOn(poll);
      }
      future = nonNull(mapper.apply(value), "mapAsync()");
      current = future;
    }
    Poll<@Nullable T> poll = FutureStream.checked(future.poll(waker));
    if (!(poll instanceof Poll.Pending)) {
      current = null;
    }
    return poll;
  }

  @Override
  protected void release() {
    try {
      Closing.future(current);
    } finally {
      source.close();
    }
  }
}
