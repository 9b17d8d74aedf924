package io.github.epollo.runtime.sync;

import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Guards what must not be taken down while somebody uses it: users enter and leave, closing lets nobody in any more and waits until all inside have left.
 *
 * {@snippet class="io.github.epollo.runtime.sync.SyncSnippetsTest" region="gate"}
 *
 * <p>It does not cancel those inside; see {@link CancellationToken} for that. Whoever is inside must not wait for it to close: that is waiting for oneself.
 *
 * <p><b>Threading:</b> any task, loop or plain thread. What was done inside has happened before {@link #close} returns.
 */
public final class Gate implements AutoCloseable {
  private final SpinLock lock = new SpinLock();
  private int inside; // under the lock
  private boolean closed; // under the lock
  private final SetOnce<Boolean> emptied = new SetOnce<>(); // set once it is closed and nobody is inside

  /** Creates one that is open, with nobody inside. */
  public Gate() {}

  /**
   * Enters; does not wait.
   *
   * @return what the caller closes in order to leave
   * @throws GateClosedException if the gate is closed
   */
  public Pass enter() {
    Pass pass = tryEnter();
    if (pass == null) {
      throw new GateClosedException(
          "cannot enter " + this + ": whoever closed it waits for those inside and wants no others");
    }
    return pass;
  }

  /** As {@link #enter}; null if the gate is closed. */
  public @Nullable Pass tryEnter() {
    lock.lock();
    try {
      if (closed) {
        return null;
      }
      Pass pass = new Pass(this);
      inside++;
      return pass;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Lets nobody in from now on, and waits until nobody is inside. May be called more than once, and at the same time: all wait.
   *
   * <p><b>Cancellation:</b> the gate stays closed; call it again to go on waiting.
   *
   * @throws CancellationException if the task was cancelled while it waited
   * @throws DeadlineExceededException if a deadline around the caller passed while it waited
   */
  @Override
  public void close() {
    closeAsync().await();
  }

  /** The future twin of {@link #close}. The gate closes with the first poll. */
  public Future<@Nullable Void> closeAsync() {
    return new Closing();
  }

  /** Whether nobody can enter any more. */
  public boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** How many are inside. */
  public int inside() {
    lock.lock();
    try {
      return inside;
    } finally {
      lock.unlock();
    }
  }

  void leave(Pass pass) {
    boolean last;
    lock.lock();
    try {
      if (pass.left) {
        return;
      }
      pass.left = true;
      inside--;
      last = closed && inside == 0;
    } finally {
      lock.unlock();
    }
    if (last) {
      boolean _ = emptied.set(true);
    }
  }

  private void shut() {
    boolean empty;
    lock.lock();
    try {
      closed = true;
      empty = inside == 0;
    } finally {
      lock.unlock();
    }
    if (empty) {
      boolean _ = emptied.set(true);
    }
  }

  private final class Closing extends AbstractFuture<@Nullable Void> {
    private @Nullable Future<Boolean> empty;

    @Override
    protected Poll<@Nullable Void> advance(Waker waker) {
      if (empty == null) {
        shut();
        empty = emptied.getAsync();
      }
      return empty.poll(waker) instanceof Poll.Ready ? Poll.ready(null) : Poll.pending();
    }

    @Override
    protected void release() {
      if (empty != null) {
        empty.close();
      }
    }

    @Override
    public String toString() {
      return "the end of " + Gate.this;
    }
  }

  @Override
  public String toString() {
    lock.lock();
    try {
      return (closed ? "a closed gate with " : "a gate with ") + inside + " inside";
    } finally {
      lock.unlock();
    }
  }
}
