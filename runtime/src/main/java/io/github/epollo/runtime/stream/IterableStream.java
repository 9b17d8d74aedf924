package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.Iterator;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@link AsyncStream#fromIterable} and its like: asks for the iterator at the first poll. */
final class IterableStream<T> extends AbstractStream<T> {
  private final Supplier<? extends Iterator<? extends T>> iterators;
  private final Runnable onRelease;
  private @Nullable Iterator<? extends T> iterator;

  IterableStream(Supplier<? extends Iterator<? extends T>> iterators, Runnable onRelease) {
    this.iterators = iterators;
    this.onRelease = onRelease;
  }

  @Override
  protected Poll<@Nullable T> advance(Waker waker) {
    if (!Awaiter.proceed(waker)) {
      return Poll.pending();
    }
    Iterator<? extends T> present = iterator;
    if (present == null) {
      present = iterators.get();
      iterator = present;
    }
    return present.hasNext()
        ? Poll.ready(Objects.requireNonNull(present.next(), "an iterator returned null, which no stream can hold"))
        : end();
  }

  @Override
  protected void release() {
    iterator = null;
    onRelease.run();
  }
}
