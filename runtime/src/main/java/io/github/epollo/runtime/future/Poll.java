package io.github.epollo.runtime.future;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * What a future answers when it is polled: a value, a failure, or "not yet". The first two are its {@link Outcome}.
 *
 * @param <T> the type of the value
 */
public sealed interface Poll<T extends @Nullable Object> permits Outcome, Poll.Pending {

  /** The value is here; the future is finished and must not be polled again. */
  record Ready<T extends @Nullable Object>(T value) implements Outcome<T> {}

  /** The future failed with {@code cause}; it is finished and must not be polled again. */
  record Failed<T extends @Nullable Object>(Throwable cause) implements Outcome<T> {
    /** Creates the answer; {@code cause} must not be null. */
    public Failed {
      Objects.requireNonNull(cause, "cause");
    }

    /**
     * The failure as {@code await} throws it: a runtime exception as it is, an {@code IOException} in an {@link
     * UncheckedIOException}, any other checked one in a {@link CompletionException}.
     *
     * @throws Error if the cause is an error
     */
    public RuntimeException toUnchecked() {
      return switch (cause) {
        case RuntimeException e -> e;
        case Error e -> throw e;
        case IOException e -> new UncheckedIOException(e);
        default -> new CompletionException(cause);
      };
    }
  }

  /** Nothing yet: the waker was stored and will be called. */
  record Pending<T extends @Nullable Object>() implements Poll<T> {
    private static final Pending<?> INSTANCE = new Pending<>();
  }

  /** Returns a {@link Ready}. */
  static <T extends @Nullable Object> Poll<T> ready(T value) {
    return new Ready<>(value);
  }

  /** Returns a {@link Failed}. */
  static <T extends @Nullable Object> Poll<T> failed(Throwable cause) {
    return new Failed<>(cause);
  }

  /** Returns the one {@link Pending}. */
  @SuppressWarnings("unchecked") // it holds no T
  static <T extends @Nullable Object> Poll<T> pending() {
    return (Poll<T>) Pending.INSTANCE;
  }
}
