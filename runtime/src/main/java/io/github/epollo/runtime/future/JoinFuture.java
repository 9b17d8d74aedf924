package io.github.epollo.runtime.future;

import io.github.epollo.runtime.future.Children.Child;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@link Future#join}, {@link Future#tryJoin} and {@link Future#anyOk}: several children, each polled only when it was woken. */
final class JoinFuture<R extends @Nullable Object> extends AbstractFuture<R> {
  /** When it is over, at the latest when all have finished. */
  enum Until {
    ALL_FINISHED, FIRST_FAILURE, FIRST_VALUE
  }

  private final Until until;
  private final Children children = new Children();
  private final Child<?>[] all;
  private final @Nullable Object[] values;
  private @Nullable Throwable @Nullable [] failures; // at the indexes of those that failed
  private final Function<@Nullable Object[], ? extends R> combiner;
  private int open;

  private JoinFuture(Until until, Function<@Nullable Object[], ? extends R> combiner, Future<?>... futures) {
    this.until = until;
    this.combiner = combiner;
    this.values = new Object[futures.length];
    this.all = new Child<?>[futures.length];
    this.open = futures.length;
    for (int i = 0; i < futures.length; i++) {
      all[i] = new Numbered<>(children, futures[i], i);
    }
    for (Child<?> child : all) {
      children.add(child);
    }
  }

  /** Of what {@code combiner} makes of the values. */
  static <R extends @Nullable Object> JoinFuture<R> of(Until until,
      Function<@Nullable Object[], ? extends R> combiner, Future<?>... futures) {
    for (int i = 0; i < futures.length; i++) {
      requireNonNull(futures[i], i);
    }
    requireDistinct(futures);
    return new JoinFuture<>(until, combiner, futures);
  }

  /** Of a list of the values. */
  @SuppressWarnings("unchecked") // the values are of type T
  static <T extends @Nullable Object> JoinFuture<List<T>> ofAll(Until until,
      Collection<? extends Future<? extends T>> futures) {
    return of(until, values -> (List<T>) Collections.unmodifiableList(Arrays.asList(values)),
        futures.toArray(Future<?>[]::new));
  }

  /** The value of the first that succeeds. */
  @SuppressWarnings("unchecked") // the values are of type T
  static <T extends @Nullable Object> JoinFuture<T> anyOk(Collection<? extends Future<? extends T>> futures) {
    if (futures.isEmpty()) {
      throw new IllegalArgumentException("no futures: none of them can succeed; use Future.failed(...)");
    }
    return of(Until.FIRST_VALUE, values -> (T) values[0], futures.toArray(Future<?>[]::new));
  }

  static void requireNonNull(@Nullable Future<?> future, int index) {
    if (future == null) {
      throw new NullPointerException("the future at index " + index + " is null");
    }
  }

  /** One that is here twice would be woken for one place only, and the other would wait for ever. */
  private static void requireDistinct(Future<?>[] futures) {
    IdentityHashMap<Future<?>, Integer> indexes = new IdentityHashMap<>(futures.length);
    for (int i = 0; i < futures.length; i++) {
      Integer before = indexes.put(futures[i], i);
      if (before != null) {
        throw new IllegalArgumentException("the future at index " + i + " is the one at index " + before
            + ": a future has one owner; for several results of it use shared()");
      }
    }
  }

  @Override
  protected Poll<R> advance(Waker waker) {
    children.begin(waker);
    for (Child<?> child = children.next(); child != null; child = children.next()) {
      int index = ((Numbered<?>) child).index;
      switch (child.poll()) {
        case Poll.Ready<?>(Object value) -> {
          if (until == Until.FIRST_VALUE) {
            values[0] = value;
            return Poll.ready(combiner.apply(values));
          }
          values[index] = value;
          open--;
        }
        case Poll.Failed<?> failure -> {
          if (until == Until.FIRST_FAILURE) {
            return Poll.failed(failure.cause());
          }
          note(index, failure.cause());
          open--;
        }
        case Poll.Pending<?> _ -> {}
      }
    }
    if (open > 0) {
      return Poll.pending();
    }
    Throwable failure = null;
    if (failures != null) {
      for (Throwable cause : failures) {
        failure = cause == null ? failure : Children.suppress(failure, cause);
      }
    }
    return failure != null ? Poll.failed(failure) : Poll.ready(combiner.apply(values));
  }

  private void note(int index, Throwable cause) {
    if (failures == null) {
      failures = new Throwable[all.length];
    }
    failures[index] = cause;
  }

  @Override
  protected void release() {
    children.forgetWaker();
    Throwable failure = null;
    for (Child<?> child : all) {
      Future<?> left = Children.remove(child);
      if (left != null) {
        failure = Children.closeAfter(failure, left);
      }
    }
    Children.rethrow(failure);
  }

  private static final class Numbered<T extends @Nullable Object> extends Child<T> {
    private final int index;

    Numbered(Children siblings, Future<T> future, int index) {
      super(siblings, future);
      this.index = index;
    }
  }
}
