package io.github.epollo.runtime;

import io.github.epollo.runtime.future.Outcome;
import io.github.epollo.runtime.future.Poll;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link ScopePolicy#collectAll}. */
final class CollectAll<T extends @Nullable Object> implements ScopePolicy<T, List<Outcome<T>>> {
  private record End<T extends @Nullable Object>(long serial, Outcome<T> outcome) {}

  private final List<End<T>> ends = new ArrayList<>();

  @Override
  public boolean onEnd(Task<? extends T> child, Outcome<? extends T> outcome) {
    Outcome<T> end = switch (outcome) {
      case Poll.Ready<? extends T>(var value) -> Outcome.ofValue(value);
      case Poll.Failed<? extends T>(Throwable cause) -> Outcome.ofFailure(cause);
    };
    ends.add(new End<>(child.serial(), end));
    return false;
  }

  @Override
  public List<Outcome<T>> result() {
    ends.sort(Comparator.comparingLong(End::serial));
    List<Outcome<T>> outcomes = new ArrayList<>(ends.size());
    ends.forEach(e -> outcomes.add(e.outcome()));
    return outcomes;
  }
}
