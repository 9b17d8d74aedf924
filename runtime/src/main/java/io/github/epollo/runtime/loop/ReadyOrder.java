package io.github.epollo.runtime.loop;

/**
 * Which ready work a loop runs next. {@link #ARRIVAL} is what production uses; a test draws the order from a seed instead, so that it sees the orders that
 * chance would show it once in a thousand runs.
 */
@FunctionalInterface
public interface ReadyOrder {
  /** First come, first served. */
  ReadyOrder ARRIVAL = _ -> 0;

  /**
   * Picks one of the {@code count} works that are ready; called on the loop's thread, and only if there are at least two.
   *
   * @return from 0, the oldest, to {@code count - 1}; the works before the one picked change their places
   */
  int pick(int count);
}
