package io.github.epollo.runtime.future;

import org.jspecify.annotations.Nullable;

/** {@link Future#catching}. */
final class CatchingFuture<T extends @Nullable Object> extends ChainFuture<T, Outcome<T>> {

  CatchingFuture(Future<T> source) {
    super(source);
  }

  @Override
  Object after(Outcome<T> outcome) {
    return Poll.ready(outcome);
  }
}
