package io.github.epollo.runtime.future;

import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** {@link Future#handle}. */
final class HandleFuture<T extends @Nullable Object, R extends @Nullable Object> extends ChainFuture<T, R> {
  private final BiFunction<? super @Nullable T, ? super @Nullable Throwable, ? extends R> handler;

  HandleFuture(Future<T> source, BiFunction<? super @Nullable T, ? super @Nullable Throwable, ? extends R> handler) {
    super(source);
    this.handler = Objects.requireNonNull(handler, "handler");
  }

  @Override
  Object after(Outcome<T> outcome) {
    return switch (outcome) {
      case Poll.Ready<T>(T value) -> Poll.ready(handler.apply(value, null));
      case Poll.Failed<T>(Throwable cause) -> Poll.ready(handler.apply(null, cause));
    };
  }
}
