package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@link AsyncStream#unfoldAsync}. */
final class UnfoldStream<T, S> extends AbstractStream<T> {
  private final Function<? super S, ? extends Future<@Nullable Step<T, S>>> step;
  private S state;
  private @Nullable Future<@Nullable Step<T, S>> current;

  UnfoldStream(S initial, Function<? super S, ? extends Future<@Nullable Step<T, S>>> step) {
    this.state = Objects.requireNonNull(initial, "initial");
    this.step = Objects.requireNonNull(step, "step");
  }

  @Override
  protected Poll<@Nullable T> advance(Waker waker) {
    if (!Awaiter.proceed(waker)) {
      return Poll.pending();
    }
    Future<@Nullable Step<T, S>> future = current;
    if (future == null) {
      future = Operator.nonNull(step.apply(state), "unfoldAsync()");
      current = future;
    }
    Poll<@Nullable Step<T, S>> poll = future.poll(waker);
    if (!(poll instanceof Poll.Pending)) {
      current = null;
    }
    Step<T, S> made = valueOf(poll);
    if (made == null) {
      return passOn(poll);
    }
    state = made.state();
    return Poll.ready(made.value());
  }

  @Override
  protected void release() {
    Closing.future(current);
  }
}
