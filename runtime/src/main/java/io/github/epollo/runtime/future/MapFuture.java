package io.github.epollo.runtime.future;

import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@link Future#map}. */
final class MapFuture<T extends @Nullable Object, R extends @Nullable Object> extends ChainFuture<T, R> {
  private final Function<? super T, ? extends R> mapper;

  MapFuture(Future<T> source, Function<? super T, ? extends R> mapper) {
    super(source);
    this.mapper = Objects.requireNonNull(mapper, "mapper");
  }

  @Override
  Object after(Outcome<T> outcome) {
    return outcome instanceof Poll.Ready<T>(T value) ? Poll.ready(mapper.apply(value)) : outcome;
  }
}
