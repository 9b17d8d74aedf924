package io.github.epollo.runtime.future;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Does the work of a chain of any length with a stack of its own: the stages that are still to come, the next one on top. See {@link ChainFuture}. */
final class ChainMachine<R extends @Nullable Object> extends AbstractFuture<R> {
  private Future<?> active; // no stage that could be taken
  private @Nullable ChainFuture<?, ?>[] stages = new ChainFuture<?, ?>[8];
  private int count;

  ChainMachine(Future<R> chain) {
    active = chain;
    enter(chain);
  }

  /** Puts the stages of {@code chain} on the stack, and what is below them to work. */
  private void enter(Future<?> chain) {
    Future<?> inner = chain;
    while (inner instanceof ChainFuture<?, ?> stage && stage.take()) {
      if (!stage.isFollowing()) {
        push(stage);
      }
      inner = stage.source();
    }
    if (inner instanceof ChainMachine<?> other && other.take()) {
      for (int i = 0; i < other.count; i++) {
        push(Objects.requireNonNull(other.stages[i]));
      }
      inner = other.active;
    }
    active = inner;
  }

  private void push(ChainFuture<?, ?> stage) {
    if (count == stages.length) {
      stages = Arrays.copyOf(stages, 2 * count);
    }
    stages[count++] = stage;
  }

  @Override
  @SuppressWarnings("unchecked") // the last stage gives an R, and each takes what the one above it gives
  protected Poll<R> advance(Waker waker) {
    while (Children.pollOrFail(active, waker) instanceof Outcome<?> outcome) {
      Object after = outcome;
      while (count > 0 && after instanceof Outcome<?> before) {
        ChainFuture<Object, Object> stage = (ChainFuture<Object, Object>) Objects.requireNonNull(stages[--count]);
        stages[count] = null;
        try {
          after = stage.after((Outcome<Object>) before);
        } catch (Throwable t) {
          after = Outcome.ofFailure(t);
        }
      }
      if (after instanceof Outcome<?> last) {
        return (Poll<R>) last;
      }
      enter((Future<?>) after);
      if (!Awaiter.proceed(waker)) {
        return Poll.pending();
      }
    }
    return Poll.pending();
  }

  @Override
  protected void release() {
    Arrays.fill(stages, 0, count, null);
    active.close();
  }
}
