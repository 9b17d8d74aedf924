package io.github.epollo.runtime;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How a {@link TaskScope} is set up. Immutable: each {@code with...} and {@code carrying} returns a changed copy. */
public final class ScopeOptions {
  static final ScopeOptions DEFAULTS = new ScopeOptions(null, null, List.of());

  private final @Nullable String name;
  private final @Nullable Duration timeout;
  private final List<ScopedValue<?>> carried;

  private ScopeOptions(@Nullable String name, @Nullable Duration timeout, List<ScopedValue<?>> carried) {
    this.name = name;
    this.timeout = timeout;
    this.carried = carried;
  }

  /** The name in messages; by default that of the task that opens the scope. */
  public ScopeOptions withName(String name) {
    return new ScopeOptions(Objects.requireNonNull(name, "name"), timeout, carried);
  }

  /**
   * How long the children may take, counted from the opening. Once it has passed they are cancelled, and {@code join} throws {@link
   * io.github.epollo.runtime.future.DeadlineExceededException}. Needs the module {@code epollo-timers}.
   *
   * @throws IllegalArgumentException if negative
   */
  public ScopeOptions withTimeout(Duration timeout) {
    if (timeout.isNegative()) {
      throw new IllegalArgumentException(
          "negative timeout: " + timeout + "; use Duration.ZERO to cancel the children at their first await");
    }
    return new ScopeOptions(name, timeout, carried);
  }

  /**
   * Binds these scoped values in the children to what they are bound to where the scope is opened; one that is not bound there is left out. Scopes that the children open, and
   * scopes within this one, hand them on. They do not reach tasks without a stack, made of a future: those run on the loop's own thread.
   */
  public ScopeOptions carrying(ScopedValue<?>... values) {
    for (ScopedValue<?> value : values) {
      Objects.requireNonNull(value, "a scoped value to carry is null");
    }
    return new ScopeOptions(name, timeout, Stream.concat(carried.stream(), Stream.of(values)).distinct().toList());
  }

  @Nullable
  String name() {
    return name;
  }

  @Nullable
  Duration timeout() {
    return timeout;
  }

  List<ScopedValue<?>> carried() {
    return carried;
  }
}
