package io.github.epollo.runtime.sync;

import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import org.jspecify.annotations.Nullable;

/**
 * A future of a notification: {@link Notify#notifiedAsync}.
 *
 * {@snippet class="io.github.epollo.runtime.sync.SyncSnippetsTest" region="enable"}
 *
 * <p><b>Cancellation:</b> closed before a poll has answered with it, a notification of {@link Notify#notifyOne} goes to the next who waits, or is stored.
 *
 * <p><b>Threading:</b> one thread at a time polls, enables or closes.
 */
public final class Notified extends Waiter<@Nullable Void> {
  /*
   *   NEW     -> WAITING // first poll, or enable
   *   NEW     -> CHOSEN  // the same, where a notification is stored
   *   WAITING -> CHOSEN  // notifyOne
   *   WAITING -> TOLD    // notifyWaiters
   *   any     -> GONE    // a poll has answered, or close; CHOSEN without an answer: another is chosen
   */
  enum State {
    NEW, WAITING, CHOSEN, TOLD, GONE
  }

  private final Notify notify;
  private boolean taken;

  State state = State.NEW; // under the lock of notify

  Notified(Notify notify) {
    this.notify = notify;
  }

  /**
   * Waits from now on, without a poll: a notification that comes after this call is not missed. Does nothing if it waits already.
   *
   * @return whether it was notified: the next poll is ready
   * @throws IllegalStateException if the future is finished or closed
   */
  public boolean enable() {
    if (state == State.GONE) { // written by this thread
      throw new IllegalStateException("cannot enable " + this + ": it is finished or closed; ask for a new one");
    }
    return notify.register(this, waker);
  }

  @Override
  protected Poll<@Nullable Void> advance(Waker waker) {
    if (!Awaiter.proceed(waker) || !notify.register(this, waker)) {
      return Poll.pending();
    }
    Poll<@Nullable Void> ready = Poll.ready(null);
    taken = true;
    return ready;
  }

  @Override
  protected void release() {
    notify.leave(this, taken);
  }

  @Override
  public String toString() {
    return "a notification";
  }
}
