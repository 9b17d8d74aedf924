package io.github.epollo.runtime.future;

import org.jspecify.annotations.Nullable;

/** What {@link Future#join} makes of five values. */
@FunctionalInterface
public interface Function5<A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object, D extends @Nullable Object, E extends @Nullable Object, R extends @Nullable Object> {
  /** Returns what becomes of the values. */
  R apply(A a, B b, C c, D d, E e);
}
