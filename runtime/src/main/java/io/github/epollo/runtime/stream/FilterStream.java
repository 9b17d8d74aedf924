package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** {@link AsyncStream#filter} and whatever else only leaves values out. */
final class FilterStream<T> extends Operator<T, T> {
  private final Predicate<? super T> predicate;

  FilterStream(AsyncStream<T> source, Predicate<? super T> predicate) {
    super(source);
    this.predicate = Objects.requireNonNull(predicate, "predicate");
  }

  @Override
  protected Poll<@Nullable T> advance(Waker waker) {
    while (!isClosed()) {
      Poll<@Nullable T> poll = source.pollNext(waker);
      T value = valueOf(poll);
      if (value == null || predicate.test(value)) {
        return poll;
      }
    }
    return Poll.pending();
  }
}
