package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import org.jspecify.annotations.Nullable;

/** {@link AsyncStream#take}: the source is not asked for more than that. */
final class TakeStream<T> extends Operator<T, T> {
  private long left;

  TakeStream(AsyncStream<T> source, long n) {
    super(source);
    this.left = Limits.notNegative(n, "the number of values to take");
  }

  @Override
  protected Poll<@Nullable T> advance(Waker waker) {
    if (left == 0) {
      return end();
    }
    Poll<@Nullable T> poll = source.pollNext(waker);
    if (valueOf(poll) != null) {
      left--;
    }
    return poll;
  }
}
