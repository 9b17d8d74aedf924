package io.github.epollo.runtime.future;

/**
 * "Poll me again": what a future calls when it may have got further.
 *
 * <p>A waker is idempotent and may be called from any thread, more than once, late, or without need; whoever is woken polls
 * again and finds out. A waker runs no foreign code and does not block: it makes a task ready or unparks a thread.
 */
@FunctionalInterface
public interface Waker {
  /** Makes the owner of this waker poll again, soon and on its own thread. */
  void wake();
}
