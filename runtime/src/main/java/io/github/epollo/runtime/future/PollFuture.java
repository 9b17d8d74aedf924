package io.github.epollo.runtime.future;

import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@link Future#fromPoll}. */
final class PollFuture<T extends @Nullable Object> extends AbstractFuture<T> {
  private final Function<? super Waker, Poll<T>> poll;

  PollFuture(Function<? super Waker, Poll<T>> poll) {
    this.poll = Objects.requireNonNull(poll, "poll");
  }

  @Override
  protected Poll<T> advance(Waker waker) {
    return poll.apply(waker);
  }
}
