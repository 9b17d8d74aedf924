package io.github.epollo.runtime.stream;

import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Functions that remember what they were given before, each for one stream. */
final class Memory {
  private Memory() {}

  /** False for the first {@code n}. */
  static <T> Predicate<T> after(long n) {
    return new Predicate<>() {
      private long left = n;

      @Override
      public boolean test(T value) {
        return left == 0 || left-- == 0;
      }
    };
  }

  /** False as long as {@code predicate} holds; that is not asked again afterwards. */
  static <T> Predicate<T> onceNot(Predicate<? super T> predicate) {
    Objects.requireNonNull(predicate, "predicate");
    return new Predicate<>() {
      private boolean over;

      @Override
      public boolean test(T value) {
        over = over || !predicate.test(value);
        return over;
      }
    };
  }

  /** False if {@code key} makes the same of a value as of the one before. */
  static <T> Predicate<T> changes(Function<? super T, ?> key) {
    Objects.requireNonNull(key, "key");
    return new Predicate<>() {
      private boolean any;
      private @Nullable Object last;

      @Override
      public boolean test(T value) {
        Object now = key.apply(value);
        boolean changed = !any || !Objects.equals(last, now);
        any = true;
        last = now;
        return changed;
      }
    };
  }

  static <T> Function<T, Indexed<T>> count() {
    return new Function<>() {
      private long index;

      @Override
      public Indexed<T> apply(T value) {
        return new Indexed<>(index++, value);
      }
    };
  }

  static <A, T> Function<T, A> accumulate(A initial, BiFunction<? super A, ? super T, ? extends A> step) {
    Objects.requireNonNull(initial, "initial");
    Objects.requireNonNull(step, "step");
    return new Function<>() {
      private A sum = initial;

      @Override
      public A apply(T value) {
        sum = Operator.nonNull(step.apply(sum, value), "scan()");
        return sum;
      }
    };
  }
}
