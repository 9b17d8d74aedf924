package io.github.epollo.runtime;

import org.jspecify.annotations.Nullable;

/**
 * Code with a result that runs at once, in the caller's task, as in {@link Tasks#shield(CheckedCallable)}. A {@link java.util.concurrent.Callable} that
 * tells precisely what it throws; one that you have already is passed as {@code callable::call}.
 *
 * @param <T> the type of the result
 * @param <X> the checked exception that the code throws; {@code RuntimeException} if none
 */
@FunctionalInterface
public interface CheckedCallable<T extends @Nullable Object, X extends Exception> {
  /**
   * Runs the code.
   *
   * @throws X if it fails
   */
  T call() throws X;
}
