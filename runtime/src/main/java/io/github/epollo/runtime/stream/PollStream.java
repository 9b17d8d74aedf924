package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@link AsyncStream#fromPoll}. */
final class PollStream<T> extends AbstractStream<T> {
  private final Function<? super Waker, Poll<@Nullable T>> poll;

  PollStream(Function<? super Waker, Poll<@Nullable T>> poll) {
    this.poll = Objects.requireNonNull(poll, "poll");
  }

  @Override
  protected Poll<@Nullable T> advance(Waker waker) {
    return Awaiter.proceed(waker) ? poll.apply(waker) : Poll.pending();
  }
}
