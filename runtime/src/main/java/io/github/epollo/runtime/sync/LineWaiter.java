package io.github.epollo.runtime.sync;

import org.jspecify.annotations.Nullable;

/**
 * Somebody in a {@link WaitLine}.
 *
 * @param <T> the type of the value
 */
abstract class LineWaiter<T extends @Nullable Object> extends Waiter<T> {
  /** Whether it was called, and has neither been served nor left since; under the lock. */
  boolean called;
}
