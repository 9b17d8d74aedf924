package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** {@link AsyncStream#zip}: polls both sides, and keeps what one has given until the other gives something, too. */
final class ZipStream<A, B, T> extends AbstractStream<T> {
  private final AsyncStream<A> left;
  private final AsyncStream<B> right;
  private final BiFunction<? super A, ? super B, ? extends T> zipper;
  private @Nullable A a;
  private @Nullable B b;

  ZipStream(AsyncStream<A> left, AsyncStream<B> right, BiFunction<? super A, ? super B, ? extends T> zipper) {
    this.left = left;
    this.right = Objects.requireNonNull(right, "other");
    this.zipper = Objects.requireNonNull(zipper, "zipper");
  }

  @Override
  protected Poll<@Nullable T> advance(Waker waker) {
    if (a == null) {
      Poll<@Nullable A> poll = left.pollNext(waker);
      a = valueOf(poll);
      if (isLast(poll)) {
        return passOn(poll);
      }
    }
    if (b == null) {
      Poll<@Nullable B> poll = right.pollNext(waker);
      b = valueOf(poll);
      if (isLast(poll)) {
        return passOn(poll);
      }
    }
    A first = a;
    B second = b;
    if (first == null || second == null) {
      return Poll.pending();
    }
    a = null;
    b = null;
    return Poll.ready(Operator.nonNull(zipper.apply(first, second), "zip()"));
  }

  @Override
  protected void release() {
    try {
      left.close();
    } finally {
      right.close();
    }
  }
}
