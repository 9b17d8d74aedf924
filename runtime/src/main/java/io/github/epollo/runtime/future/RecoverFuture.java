package io.github.epollo.runtime.future;

import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@link Future#recover} and {@link Future#recoverWith}. */
final class RecoverFuture<T extends @Nullable Object, X extends Throwable> extends ChainFuture<T, T> {
  private final Class<X> type;
  private final Function<? super X, ?> recovery; // gives a T, or a Future<T> if it is another future
  private final boolean withFuture;

  RecoverFuture(Future<T> source, Class<X> type, Function<? super X, ?> recovery, boolean withFuture) {
    super(source);
    this.type = Objects.requireNonNull(type, "type");
    this.recovery = Objects.requireNonNull(recovery, "recovery");
    this.withFuture = withFuture;
  }

  @Override
  Object after(Outcome<T> outcome) {
    if (!(outcome instanceof Poll.Failed<T>(Throwable cause)) || !type.isInstance(cause)) {
      return outcome;
    }
    Object recovered = recovery.apply(type.cast(cause));
    return withFuture
        ? Objects.requireNonNull(recovered, "the function given to recoverWith() returned null instead of a future")
        : Poll.ready(recovered);
  }

  @Override
  boolean canFollow() {
    return withFuture;
  }
}
