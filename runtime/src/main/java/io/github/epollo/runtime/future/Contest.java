package io.github.epollo.runtime.future;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The first of several futures that finishes: {@link Future#race}, {@link Future#select} and their twins in order.
 *
 * <p>Each poll polls all of them, for only that says which ones are ready by now: in the order given, or in one that {@link Chance} draws anew, where each order is
 * as likely as any other.
 */
abstract sealed class Contest<T extends @Nullable Object, R extends @Nullable Object> extends AbstractFuture<R> {
  private final List<Future<T>> entrants;
  private final int @Nullable [] order; // of indexes; null if it is the one given
  private boolean handedBack;

  private Contest(Collection<? extends Future<? extends T>> futures, boolean inOrder) {
    entrants = checked(futures);
    order = inOrder ? null : new int[entrants.size()];
    for (int i = 0; order != null && i < order.length; i++) {
      order[i] = i;
    }
  }

  /** The result when the one at {@code index} has finished first; what it does not take with {@link #rest} is closed. */
  abstract Poll<R> won(int index, Outcome<T> outcome);

  @Override
  protected final Poll<R> advance(Waker waker) {
    Chance chance = order == null ? null : Chance.current();
    int count = entrants.size();
    for (int i = 0; i < count; i++) {
      int index = chance == null ? i : draw(chance, i);
      if (Children.pollOrFail(entrants.get(index), waker) instanceof Outcome<T> outcome) {
        return won(index, outcome);
      }
    }
    return Poll.pending();
  }

  /** One of the indexes that were not drawn yet, which becomes the one at {@code i}. */
  private int draw(Chance chance, int i) {
    int[] indexes = Objects.requireNonNull(order);
    int j = i + chance.nextInt(indexes.length - i);
    int index = indexes[j];
    indexes[j] = indexes[i];
    indexes[i] = index;
    return index;
  }

  /** All but the one at {@code index}; they belong to the caller from now on. */
  final List<Future<T>> rest(int index) {
    List<Future<T>> rest = new ArrayList<>(entrants);
    Future<T> _ = rest.remove(index);
    handedBack = true; // there is memory for it
    return Collections.unmodifiableList(rest);
  }

  @Override
  protected final void release() {
    Throwable failure = null;
    if (!handedBack) {
      for (Future<T> entrant : entrants) {
        failure = Children.closeAfter(failure, entrant);
      }
    }
    entrants.clear();
    Children.rethrow(failure);
  }

  @SuppressWarnings("unchecked") // a future only gives values
  private static <T extends @Nullable Object> List<Future<T>> checked(
      Collection<? extends Future<? extends T>> futures) {
    List<Future<T>> copy = new ArrayList<>((Collection<Future<T>>) futures);
    if (copy.isEmpty()) {
      throw new IllegalArgumentException("no futures: none of them can be the first; use Future.pending()");
    }
    for (int i = 0; i < copy.size(); i++) {
      JoinFuture.requireNonNull(copy.get(i), i);
    }
    return copy;
  }

  /** {@link Future#race}. */
  static final class Race<T extends @Nullable Object> extends Contest<T, T> {
    Race(Collection<? extends Future<? extends T>> futures, boolean inOrder) {
      super(futures, inOrder);
    }

    @Override
    Poll<T> won(int index, Outcome<T> outcome) {
      return outcome;
    }
  }

  /** {@link Future#select}. */
  static final class Select<T extends @Nullable Object> extends Contest<T, Selected<T>> {
    Select(Collection<? extends Future<? extends T>> futures, boolean inOrder) {
      super(futures, inOrder);
    }

    @Override
    Poll<Selected<T>> won(int index, Outcome<T> outcome) {
      return Poll.ready(new Selected<>(index, outcome, rest(index)));
    }
  }
}
