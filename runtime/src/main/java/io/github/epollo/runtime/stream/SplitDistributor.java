package io.github.epollo.runtime.stream;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** {@link AsyncStream#split} and {@link AsyncStream#tee}. */
final class SplitDistributor<T> extends Distributor<T> {
  private final @Nullable Predicate<? super T> predicate; // null: all values are for both
  private final Half<T> first = new Half<>(this);
  private final Half<T> second = new Half<>(this);
  private boolean forFirst;
  private boolean forSecond;

  SplitDistributor(AsyncStream<T> source, int bound, @Nullable Predicate<? super T> predicate) {
    super(source, bound);
    this.predicate = predicate;
  }

  static <T> Split<T> split(AsyncStream<T> source, int bound, @Nullable Predicate<? super T> predicate) {
    SplitDistributor<T> distributor = new SplitDistributor<>(source, bound, predicate);
    distributor.add(distributor.first);
    distributor.add(distributor.second);
    return new Split<>(distributor.first, distributor.second);
  }

  @Override
  void route(T value) {
    forFirst = predicate == null || predicate.test(value);
    forSecond = predicate == null || !forFirst;
  }

  @Override
  boolean place(T value) {
    if ((forFirst && first.isFull()) || (forSecond && second.isFull())) {
      return false;
    }
    if (forFirst) {
      first.put(value);
    }
    if (forSecond) {
      second.put(value);
    }
    return true;
  }

  private static final class Half<T> extends Distributor.Reader<T> {
    Half(Distributor<T> distributor) {
      super(distributor);
    }
  }
}
