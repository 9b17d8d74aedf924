package io.github.epollo.runtime.future;

import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@link Future#then}. */
final class ThenFuture<T extends @Nullable Object, R extends @Nullable Object> extends ChainFuture<T, R> {
  private Function<? super T, ? extends Future<R>> next;

  ThenFuture(Future<T> source, Function<? super T, ? extends Future<R>> next) {
    super(source);
    this.next = Objects.requireNonNull(next, "next");
  }

  @Override
  Object after(Outcome<T> outcome) {
    return outcome instanceof Poll.Ready<T>(T value)
        ? Objects.requireNonNull(next.apply(value), "the function given to then() returned null instead of a future")
        : outcome;
  }

  @Override
  boolean canFollow() {
    return true;
  }

  @Override
  @SuppressWarnings("unchecked") // its source comes with it
  boolean become(ChainFuture<?, ?> other) {
    if (!(other instanceof ThenFuture<?, ?> then)) {
      return false;
    }
    next = ((ThenFuture<T, R>) then).next;
    return true;
  }
}
