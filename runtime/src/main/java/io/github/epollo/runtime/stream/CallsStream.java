package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@link AsyncStream#fromCalls}. */
final class CallsStream<T> extends AbstractStream<T> {
  private final Supplier<? extends Future<@Nullable T>> call;
  private @Nullable Future<@Nullable T> current;

  CallsStream(Supplier<? extends Future<@Nullable T>> call) {
    this.call = Objects.requireNonNull(call, "call");
  }

  @Override
  protected Poll<@Nullable T> advance(Waker waker) {
    if (!Awaiter.proceed(waker)) {
      return Poll.pending();
    }
    Future<@Nullable T> future = current;
    if (future == null) {
      future = Operator.<Future<@Nullable T>>nonNull(call.get(), "fromCalls()");
      current = future;
    }
    Poll<@Nullable T> poll = future.poll(waker);
    if (!(poll instanceof Poll.Pending)) {
      current = null;
    }
    return poll;
  }

  @Override
  protected void release() {
    Closing.future(current);
  }
}
