package io.github.epollo.runtime.future;

import org.jspecify.annotations.Nullable;

/** What {@link Future#join} makes of four values. */
@FunctionalInterface
public interface Function4<A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object, D extends @Nullable Object, R extends @Nullable Object> {
  /** Returns what becomes of the values. */
  R apply(A a, B b, C c, D d);
}
