package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@link AsyncStream#map}. */
final class MapStream<S, T> extends Operator<S, T> {
  private final Function<? super S, ? extends T> mapper;

  MapStream(AsyncStream<S> source, Function<? super S, ? extends T> mapper) {
    super(source);
    this.mapper = Objects.requireNonNull(mapper, "mapper");
  }

  @Override
  protected Poll<@Nullable T> advance(Waker waker) {
    Poll<@Nullable S> poll = source.pollNext(waker);
    S value = valueOf(poll);
    return value == null ? passOn(poll) : Poll.ready(nonNull(mapper.apply(value), "map()"));
  }
}
