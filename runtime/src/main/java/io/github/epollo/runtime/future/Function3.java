package io.github.epollo.runtime.future;

import org.jspecify.annotations.Nullable;

/** What {@link Future#join} makes of three values. */
@FunctionalInterface
public interface Function3<A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object, R extends @Nullable Object> {
  /** Returns what becomes of the values. */
  R apply(A a, B b, C c);
}
