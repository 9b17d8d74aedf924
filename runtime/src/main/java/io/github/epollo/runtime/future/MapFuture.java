package io.github.epollo.runtime.future;

import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@link Future#map}. */
final class MapFuture<T extends @Nullable Object, R extends @Nullable Object> extends AbstractFuture<R> {
  private final Future<T> source;
  private final Function<? super T, ? extends R> mapper;

  MapFuture(Future<T> source, Function<? super T, ? extends R> mapper) {
    this.source = source;
    this.mapper = Objects.requireNonNull(mapper, "mapper");
  }

  @Override
  protected Poll<R> advance(Waker waker) {
    return switch (source.poll(waker)) {
      case Poll.Ready<T>(T value) -> Poll.ready(mapper.apply(value));
      case Poll.Failed<T>(Throwable cause) -> Poll.failed(cause);
      case Poll.Pending<T> _ -> Poll.pending();
    };
  }

  @Override
  protected void release() {
    source.close();
  }
}
