package io.github.epollo.runtime;

import io.github.epollo.runtime.future.Outcome;
import io.github.epollo.runtime.future.Poll;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link ScopePolicy#allSucceed}. */
final class AllSucceed<T extends @Nullable Object> implements ScopePolicy<T, List<T>> {
  private record Result<T extends @Nullable Object>(long serial, T value) {}

  private final List<Result<T>> results = new ArrayList<>();
  private final Failures failures = new Failures();

  @Override
  public boolean onEnd(Task<? extends T> child, Outcome<? extends T> outcome) {
    switch (outcome) {
      case Poll.Ready<? extends T>(var value) -> results.add(new Result<>(child.serial(), value));
      case Poll.Failed<? extends T>(Throwable cause) -> failures.add(cause);
    }
    return !failures.isEmpty();
  }

  @Override
  public List<T> result() throws Exception {
    if (!failures.isEmpty()) {
      throw failures.toException();
    }
    results.sort(Comparator.comparingLong(Result::serial));
    List<T> values = new ArrayList<>(results.size());
    results.forEach(r -> values.add(r.value()));
    return values;
  }

  /** All must succeed, and what they return is for those who hold the tasks. */
  static final class WithoutResult implements ScopePolicy<@Nullable Object, @Nullable Void> {
    private final Failures failures = new Failures();

    @Override
    public boolean onEnd(Task<?> child, Outcome<?> outcome) {
      if (outcome instanceof Poll.Failed<?>(Throwable cause)) {
        failures.add(cause);
      }
      return !failures.isEmpty();
    }

    @Override
    public @Nullable Void result() throws Exception {
      if (!failures.isEmpty()) {
        throw failures.toException();
      }
      return null;
    }
  }
}
