package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** {@link AsyncStream#takeWhile}. */
final class TakeWhileStream<T> extends Operator<T, T> {
  private final Predicate<? super T> predicate;

  TakeWhileStream(AsyncStream<T> source, Predicate<? super T> predicate) {
    super(source);
    this.predicate = Objects.requireNonNull(predicate, "predicate");
  }

  @Override
  protected Poll<@Nullable T> advance(Waker waker) {
    Poll<@Nullable T> poll = source.pollNext(waker);
    T value = valueOf(poll);
    return value == null || predicate.test(value) ? poll : end();
  }
}
