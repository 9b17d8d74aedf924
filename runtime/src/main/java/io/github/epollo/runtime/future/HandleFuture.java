package io.github.epollo.runtime.future;

import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** {@link Future#handle}. */
final class HandleFuture<T extends @Nullable Object, R extends @Nullable Object> extends AbstractFuture<R> {
  private final Future<T> source;
  private final BiFunction<? super @Nullable T, ? super @Nullable Throwable, ? extends R> handler;

  HandleFuture(Future<T> source, BiFunction<? super @Nullable T, ? super @Nullable Throwable, ? extends R> handler) {
    this.source = source;
    this.handler = Objects.requireNonNull(handler, "handler");
  }

  @Override
  protected Poll<R> advance(Waker waker) {
    return switch (source.poll(waker)) {
      case Poll.Ready<T>(T value) -> Poll.ready(handler.apply(value, null));
      case Poll.Failed<T>(Throwable cause) -> Poll.ready(handler.apply(null, cause));
      case Poll.Pending<T> _ -> Poll.pending();
    };
  }

  @Override
  protected void release() {
    source.close();
  }
}
