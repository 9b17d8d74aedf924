package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.future.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collector;
import org.jspecify.annotations.Nullable;

/** What a stream can be read into. The state of each is made anew for its future. */
final class Readings {
  private Readings() {}

  static <T> Future<@Nullable Void> forEach(AsyncStream<T> source, Consumer<? super T> action) {
    Objects.requireNonNull(action, "action");
    return new Reading<T, @Nullable Void>(source, value -> {
      action.accept(value);
      return true;
    }, () -> null);
  }

  static <T> Future<List<T>> toList(AsyncStream<T> source) {
    List<T> list = new ArrayList<>();
    return new Reading<>(source, list::add, () -> Collections.unmodifiableList(list));
  }

  @SuppressWarnings("unchecked") // a collector of identity finish promises that its container is an R
  static <T, A extends @Nullable Object, R extends @Nullable Object> Future<R> collect(AsyncStream<T> source,
      Collector<? super T, A, R> collector) {
    boolean isFinished = collector.characteristics().contains(Collector.Characteristics.IDENTITY_FINISH);
    Function<A, R> finisher = isFinished ? (Function<A, R>) Function.<A>identity() : collector.finisher();
    A container = collector.supplier().get();
    BiConsumer<A, ? super T> accumulator = collector.accumulator();
    return new Reading<T, R>(source, value -> {
      accumulator.accept(container, value);
      return true;
    }, () -> finisher.apply(container));
  }

  static <T, A extends @Nullable Object> Future<A> fold(AsyncStream<T> source, A initial,
      BiFunction<? super A, ? super T, ? extends A> step) {
    Objects.requireNonNull(step, "step");
    Cell<A> sum = new Cell<>(initial);
    return new Reading<T, A>(source, value -> {
      sum.value = step.apply(sum.value, value);
      return true;
    }, () -> sum.value);
  }

  static <T> Future<@Nullable T> reduce(AsyncStream<T> source, BiFunction<? super T, ? super T, ? extends T> step) {
    Objects.requireNonNull(step, "step");
    return fold(source, null,
        (sum, value) -> sum == null ? value : Operator.<T>nonNull(step.apply(sum, value), "reduce()"));
  }

  static <T> Future<T> single(AsyncStream<T> source) {
    Cell<@Nullable T> only = new Cell<>(null);
    return new Reading<T, T>(source, value -> {
      if (only.value != null) {
        throw new IllegalStateException("there is more than one value: " + only.value + ", then " + value);
      }
      only.value = value;
      return true;
    }, () -> {
      T value = only.value;
      if (value == null) {
        throw new NoSuchElementException("the stream ended without a value");
      }
      return value;
    });
  }

  /** A future without a value of interest as one that a stream can hold. */
  static Future<Boolean> done(Future<?> future) {
    return Operator.nonNull(future, "forEachConcurrent()").map(_ -> true);
  }

  private static final class Cell<A extends @Nullable Object> {
    private A value;

    Cell(A value) {
      this.value = value;
    }
  }
}
