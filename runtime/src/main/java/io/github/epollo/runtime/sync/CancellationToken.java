package io.github.epollo.runtime.sync;

import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Tells any number of tasks and futures to stop. A token has children: cancelling it cancels them and theirs, cancelling a child leaves its parent alone.
 *
 * {@snippet class="io.github.epollo.runtime.sync.SyncSnippetsTest" region="cancellation"}
 *
 * <p>To stop one task cancel the task, which needs no token. A token is for what crosses tasks: a connection's worth of work, a subsystem, a program.
 *
 * <p>A token needs no closing. A child knows its parent; the parent knows only those children on which, or below which, somebody waits. A child on which nobody waits any more is garbage
 * as soon as nobody uses it.
 *
 * <p><b>Threading:</b> any task, loop or plain thread. What was done before {@link #cancel} has happened before anybody sees that. The tokens of a tree share one lock, held for a few steps.
 */
public final class CancellationToken {
  /*
   * A token is linked, that is in its parent's list, if and only if somebody waits on it or it has linked children. So linked tokens hang together up to the root.
   *
   * cancel writes cancelled first and then, with the lock given back for each waker and now and then, empties the tree of linked tokens below. Who comes to wait
   * looks, under the lock, for a cancelled token from his own up to the first linked one. If there is one he need not wait. If there is none but one further up is cancelled,
   * that one is not done yet, since linked tokens are left below it: it will come by. So nobody is missed, and nobody comes to a tree that was emptied.
   */
  private static final int STEPS = 256; // at a time under the lock

  private final @Nullable CancellationToken parent;
  private final SpinLock lock; // the tree's; guards all that follows but for cancelled
  private final WaitQueue waiting = new WaitQueue();
  private boolean linked;
  private @Nullable CancellationToken firstChild;
  private @Nullable CancellationToken previousSibling;
  private @Nullable CancellationToken nextSibling;
  private volatile boolean cancelled; // by itself, or an ancestor was seen to be; never goes back

  /** Creates the root of a tree. */
  public CancellationToken() {
    this.parent = null;
    this.lock = new SpinLock();
  }

  private CancellationToken(CancellationToken parent) {
    this.parent = parent;
    this.lock = parent.lock;
  }

  /** A token that is cancelled with this one, or before. Costs nothing but its memory. */
  public CancellationToken child() {
    return new CancellationToken(this);
  }

  /** Whether this token or one above it was cancelled. */
  public boolean isCancelled() {
    for (CancellationToken token = this; token != null; token = token.parent) {
      if (token.cancelled) {
        cancelled = true; // saves the way next time
        return true;
      }
    }
    return false;
  }

  /** Cancels this token and those below it, and wakes all who wait; false if it was cancelled before. */
  public boolean cancel() {
    lock.lock();
    try {
      if (isCancelled()) {
        return false;
      }
      cancelled = true;
    } finally {
      lock.unlock();
    }
    CancellationToken at = this;
    while (at != null) {
      Waker waker = null;
      lock.lock();
      try {
        at = emptied(at);
        if (at != null) {
          waker = at.waiting.pollWaker();
        }
      } finally {
        lock.unlock();
      }
      Wakers.wake(waker);
    }
    return true;
  }

  /**
   * Waits until the token is cancelled.
   *
   * <p><b>Cancellation:</b> loses nothing.
   *
   * @throws CancellationException if the task was cancelled while it waited
   * @throws DeadlineExceededException if a deadline around the caller passed while it waited
   */
  public void cancelled() {
    cancelledAsync().await();
  }

  /** The future twin of {@link #cancelled}. */
  public Future<@Nullable Void> cancelledAsync() {
    return new Cancelled();
  }

  /**
   * A future of what {@code future} has, which fails with {@link CancellationException} once the token is cancelled. If that is so before the first poll, {@code future} is never polled;
   * after that, an outcome that is there wins.
   *
   * <p><b>Cancellation:</b> {@code future} is closed when the token is cancelled, and when this one is closed.
   */
  public <T extends @Nullable Object> Future<T> runUntilCancelled(Future<T> future) {
    return new UntilCancelled<>(future, this);
  }

  /** A guard that cancels this token when it is closed: for a try-with-resources block whose work is to end with it. */
  public CancellationGuard guard() {
    return new CancellationGuard(this);
  }

  /** Unlinks what is linked below this token, from {@code at} on, up to the next on which somebody waits. Answers that, or after many steps where to go on, or null. */
  private @Nullable CancellationToken emptied(CancellationToken at) {
    CancellationToken here = at;
    for (int i = 0; i < STEPS && here.waiting.isEmpty(); i++) {
      CancellationToken up = here.parent;
      if (here.firstChild != null) {
        here = here.firstChild;
      } else if (here != this && up != null) {
        here.unlink(); // it may be so already: others have gone meanwhile
        here = up;
      } else {
        trim();
        return null;
      }
    }
    return here;
  }

  /** Links this token and those above it, so that it is found; false if it is cancelled. */
  private boolean link() {
    for (CancellationToken token = this; token != null && !token.linked; token = token.parent) {
      if (token.cancelled) {
        return false;
      }
    }
    CancellationToken token = this;
    for (CancellationToken up = parent; !token.linked && up != null; up = token.parent) {
      token.nextSibling = up.firstChild;
      if (up.firstChild != null) {
        up.firstChild.previousSibling = token;
      }
      up.firstChild = token;
      token.linked = true;
      token = up;
    }
    return true;
  }

  /** Unlinks this token and those above it, as far as nobody needs them. */
  private void trim() {
    CancellationToken token = this;
    for (CancellationToken up = parent; up != null && token.isUnneeded(); up = token.parent) {
      token.unlink();
      token = up;
    }
  }

  private boolean isUnneeded() {
    return linked && waiting.isEmpty() && firstChild == null;
  }

  private void unlink() {
    if (!linked || parent == null) {
      return;
    }
    if (previousSibling == null) {
      parent.firstChild = nextSibling;
    } else {
      previousSibling.nextSibling = nextSibling;
    }
    if (nextSibling != null) {
      nextSibling.previousSibling = previousSibling;
    }
    previousSibling = null;
    nextSibling = null;
    linked = false;
  }

  /** How many children it knows, for tests. */
  int linkedChildren() {
    lock.lock();
    try {
      int count = 0;
      for (CancellationToken child = firstChild; child != null; child = child.nextSibling) {
        count++;
      }
      return count;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String toString() {
    return isCancelled() ? "a cancelled token" : "a cancellation token";
  }

  private final class Cancelled extends Waiter<@Nullable Void> {
    @Override
    protected Poll<@Nullable Void> advance(Waker waker) {
      if (!Awaiter.proceed(waker)) {
        return Poll.pending();
      }
      if (isCancelled()) {
        return Poll.ready(null);
      }
      lock.lock();
      try {
        if (!link()) {
          return Poll.ready(null);
        }
        waiting.join(this, waker);
        return Poll.pending();
      } finally {
        lock.unlock();
      }
    }

    @Override
    protected void release() {
      lock.lock();
      try {
        if (waiting.leave(this)) {
          trim();
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public String toString() {
      return "the cancellation of a token";
    }
  }
}
