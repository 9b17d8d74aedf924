package io.github.epollo.runtime.stream;

import java.util.Objects;

/**
 * One step of {@link AsyncStream#unfold}: a value, and the state from which the next step is made.
 *
 * @param value the value
 * @param state the next state
 * @param <T> the type of the value
 * @param <S> the type of the state
 */
public record Step<T, S>(T value, S state) {
  /** Creates a step; neither part is null. */
  public Step {
    Objects.requireNonNull(value, "value");
    Objects.requireNonNull(state, "state");
  }
}
