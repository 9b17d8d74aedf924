package io.github.epollo.runtime.future;

import org.jspecify.annotations.Nullable;

/**
 * How something ended: with a value or with a failure. It is the part of {@link Poll} that is left when "not yet" is excluded, so a poll that is not pending is an
 * outcome as it stands, and a {@code switch} over an outcome has two cases:
 *
 * {@snippet class="io.github.epollo.runtime.future.SnippetsTest" region="outcome"}
 *
 * <p>Immutable, as far as the value is.
 *
 * @param <T> the type of the value
 */
public sealed interface Outcome<T extends @Nullable Object> extends Poll<T> permits Poll.Ready, Poll.Failed {

  /** Returns the outcome with {@code value}. */
  static <T extends @Nullable Object> Outcome<T> ofValue(T value) {
    return new Poll.Ready<>(value);
  }

  /** Returns the outcome with the failure {@code cause}. */
  static <T extends @Nullable Object> Outcome<T> ofFailure(Throwable cause) {
    return new Poll.Failed<>(cause);
  }

  /**
   * Returns the value, or throws the failure as {@link Future#await} does.
   *
   * @throws RuntimeException the failure: as it is, in an {@code UncheckedIOException} or in a {@code CompletionException}
   */
  default T get() {
    return switch (this) {
      case Poll.Ready<T>(T value) -> value;
      case Poll.Failed<T> failed -> throw failed.toUnchecked();
    };
  }

  /** Whether there is a value. */
  default boolean isValue() {
    return this instanceof Poll.Ready;
  }

  /** The failure, or null if there is a value. */
  default @Nullable Throwable failure() {
    return this instanceof Poll.Failed<T>(Throwable cause) ? cause : null;
  }
}
