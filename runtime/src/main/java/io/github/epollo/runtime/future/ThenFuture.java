package io.github.epollo.runtime.future;

import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@link Future#then}: polls the source, then what was made of its value. */
final class ThenFuture<T extends @Nullable Object, R extends @Nullable Object> extends AbstractFuture<R> {
  private final Future<T> source;
  private final Function<? super T, ? extends Future<R>> next;
  private @Nullable Future<R> second;

  ThenFuture(Future<T> source, Function<? super T, ? extends Future<R>> next) {
    this.source = source;
    this.next = Objects.requireNonNull(next, "next");
  }

  @Override
  protected Poll<R> advance(Waker waker) {
    Future<R> follower = second;
    if (follower == null) {
      switch (source.poll(waker)) {
        case Poll.Ready<T>(T value) -> {
          follower = Objects.requireNonNull(next.apply(value),
              "the function given to then() returned null instead of a future");
          second = follower;
        }
        case Poll.Failed<T>(Throwable cause) -> {
          return Poll.failed(cause);
        }
        case Poll.Pending<T> _ -> {
          return Poll.pending();
        }
      }
    }
    return follower.poll(waker);
  }

  @Override
  protected void release() {
    source.close();
    if (second != null) {
      second.close();
    }
  }
}
