package io.github.epollo.timers;

/**
 * The code of {@link Timers#withIdleTimeout}.
 *
 * @param <X> the checked exception that the code throws; {@code RuntimeException} if none
 */
@FunctionalInterface
public interface IdleBody<X extends Exception> {
  /**
   * Runs the code.
   *
   * @param idle to be touched whenever something happens
   * @throws X if it fails
   */
  void run(IdleTimeout idle) throws X;
}
