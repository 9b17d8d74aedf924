package io.github.epollo.runtime;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The scoped values that the children of a scope get. The JDK hands bindings on only to threads of its own scopes, by a way that is closed to others; so they are named, read where the
 * scope is opened, and bound anew in each child.
 */
record CarriedValues(List<ScopedValue<?>> keys, ScopedValue.@Nullable Carrier bindings) {
  static final CarriedValues NONE = new CarriedValues(List.of(), null);

  /** What {@code named} and the keys of {@code outer} are bound to on this thread. */
  static CarriedValues capture(CarriedValues outer, List<ScopedValue<?>> named) {
    if (named.isEmpty() && outer.keys().isEmpty()) {
      return NONE;
    }
    List<ScopedValue<?>> keys = Stream.concat(outer.keys().stream(), named.stream()).distinct().toList();
    ScopedValue.Carrier bindings = null;
    for (ScopedValue<?> key : keys) {
      if (key.isBound()) {
        bindings = with(bindings, key);
      }
    }
    return new CarriedValues(keys, bindings);
  }

  private static <V extends @Nullable Object> ScopedValue.Carrier with(ScopedValue.@Nullable Carrier bindings,
      ScopedValue<V> key) {
    return bindings == null ? ScopedValue.where(key, key.get()) : bindings.where(key, key.get());
  }

  <T extends @Nullable Object> Callable<T> around(Callable<T> body) {
    ScopedValue.Carrier carrier = bindings;
    return carrier == null ? body : () -> carrier.call(body::call);
  }
}
