package io.github.epollo.runtime;

/**
 * Code without a result that runs at once, in the caller's task, as in {@link Tasks#shield(CheckedBody)}. A {@link Body} that tells precisely what it
 * throws.
 *
 * @param <X> the checked exception that the code throws; {@code RuntimeException} if none
 */
@FunctionalInterface
public interface CheckedBody<X extends Exception> {
  /**
   * Runs the code.
   *
   * @throws X if it fails
   */
  void run() throws X;
}
