package io.github.epollo.runtime.sync;

import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.Waker;
import org.jspecify.annotations.Nullable;

/**
 * A future that may have to wait in a {@link WaitQueue}: it is its own place in the queue. All fields are guarded by the lock of the queue's owner.
 *
 * @param <T> the type of the value
 */
abstract class Waiter<T extends @Nullable Object> extends AbstractFuture<T> {
  /** Whom to wake when its turn has come; stored before it is added. */
  @Nullable Waker waker;

  long number; // the order in which they came to the queue, from 1; 0: it never waited
  @Nullable WaitQueue queue; // the one that it is in, if any
  @Nullable Waiter<?> previous;
  @Nullable Waiter<?> next;

  /** Whether it has ever waited: if not, there is nothing to leave. For whoever polls and closes. */
  final boolean hasWaited() {
    return number != 0;
  }
}
