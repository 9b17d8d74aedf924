package io.github.epollo.runtime.future;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Future#select} found: the future that finished first, and the others, which whoever has this closes, awaits or gives to another {@code select}.
 *
 * @param index the place of the first one among those given, from 0
 * @param outcome how it ended
 * @param rest the others, in their order, as far as they have got; one behind {@code index} has moved up by one
 * @param <T> the type of the value
 */
public record Selected<T extends @Nullable Object>(int index, Outcome<T> outcome, List<Future<T>> rest) {
  /** Closes all others. */
  public void closeRest() {
    Throwable failure = null;
    for (Future<T> future : rest) {
      failure = Children.closeAfter(failure, future);
    }
    Children.rethrow(failure);
  }
}
