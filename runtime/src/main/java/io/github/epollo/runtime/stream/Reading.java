package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The future of what is made of a stream's values: it takes them one by one, as long as it wants more. */
final class Reading<T, R extends @Nullable Object> extends AbstractFuture<R> {
  private final AsyncStream<T> source;
  private final Predicate<? super T> more;
  private final Supplier<? extends R> result;

  /** {@code more} takes a value and says whether it wants another, {@code result} is asked in the end. */
  Reading(AsyncStream<T> source, Predicate<? super T> more, Supplier<? extends R> result) {
    this.source = source;
    this.more = Objects.requireNonNull(more, "more");
    this.result = Objects.requireNonNull(result, "result");
  }

  @Override
  protected Poll<R> advance(Waker waker) {
    while (true) {
      Poll<@Nullable T> poll = source.pollNext(waker);
      T value = AbstractStream.valueOf(poll);
      if (poll instanceof Poll.Ready && (value == null || !more.test(value))) {
        return Poll.ready(result.get());
      }
      if (value == null) {
        return AbstractStream.withoutValue(poll);
      }
    }
  }

  @Override
  protected void release() {
    source.close();
  }
}
