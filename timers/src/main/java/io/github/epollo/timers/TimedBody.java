package io.github.epollo.timers;

/**
 * Code without a result, for {@link Timers#withTimeout(java.time.Duration, TimedBody)}.
 *
 * @param <X> the checked exception that the code throws; {@code RuntimeException} if none
 */
@FunctionalInterface
public interface TimedBody<X extends Exception> {
  /**
   * Runs the code.
   *
   * @throws X if it fails
   */
  void run() throws X;
}
