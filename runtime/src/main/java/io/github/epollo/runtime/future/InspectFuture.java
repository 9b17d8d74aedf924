package io.github.epollo.runtime.future;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** {@link Future#inspect} and {@link Future#inspectFailure}. */
final class InspectFuture<T extends @Nullable Object> extends ChainFuture<T, T> {
  private final Consumer<? super Outcome<T>> inspector;

  InspectFuture(Future<T> source, Consumer<? super Outcome<T>> inspector) {
    super(source);
    this.inspector = inspector;
  }

  @Override
  Object after(Outcome<T> outcome) {
    inspector.accept(outcome);
    return outcome;
  }
}
