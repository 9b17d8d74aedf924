package io.github.epollo.runtime;

import io.github.epollo.runtime.future.Outcome;
import io.github.epollo.runtime.future.Poll;
import org.jspecify.annotations.Nullable;

/** {@link ScopePolicy#firstSuccess}. */
final class FirstSuccess<T extends @Nullable Object> implements ScopePolicy<T, T> {
  private final Failures failures = new Failures();
  private @Nullable Outcome<? extends T> winner;

  @Override
  public boolean onEnd(Task<? extends T> child, Outcome<? extends T> outcome) {
    if (winner == null) {
      switch (outcome) {
        case Poll.Ready<? extends T> _ -> winner = outcome;
        case Poll.Failed<? extends T>(Throwable cause) -> failures.add(cause);
      }
    } else if (outcome instanceof Poll.Ready<? extends T>(AutoCloseable late)) {
      try {
        late.close();
      } catch (Throwable t) {
        child.epollo.options().uncaught(child, t); // it does not spoil the result that there is
      }
    }
    return winner != null;
  }

  @Override
  public T result() throws Exception {
    if (winner != null) {
      return winner.get();
    }
    if (failures.isEmpty()) {
      throw new IllegalStateException("nobody can be first: no task was spawned in the scope before it was joined");
    }
    throw failures.toException();
  }
}
