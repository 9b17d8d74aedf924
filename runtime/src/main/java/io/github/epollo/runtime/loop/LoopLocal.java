package io.github.epollo.runtime.loop;

import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A value that each loop has one of, made when it is first asked for, and closed with the loop if it is {@link AutoCloseable}. Declare it in a static final field.
 *
 * <p><b>Threading:</b> may be used from any thread; the value itself must then be safe for that.
 *
 * @param <T> the type of the value
 */
public final class LoopLocal<T> {
  final Function<? super Loop, ? extends T> initial;

  /** Creates a key whose value for a loop is {@code initial.apply(loop)}, which must not wait and must not ask for another loop-local. */
  public LoopLocal(Function<? super Loop, ? extends T> initial) {
    this.initial = Objects.requireNonNull(initial, "initial");
  }

  /** Returns the value of {@code loop}. */
  public T get(Loop loop) {
    return loop.local(this);
  }

  /** Returns the value of {@code loop} if it has one already, else null. */
  public @Nullable T getIfPresent(Loop loop) {
    return loop.localIfPresent(this);
  }
}
