package io.github.epollo.fs;

import io.github.epollo.fs.engine.FileCall;
import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.io.ClosedChannel;
import io.github.epollo.runtime.kernel.Errno;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A call on an open file that goes through the engine, and who waits for it.
 *
 * <p><b>Threading:</b> one thread at a time polls, awaits or abandons; {@link #wake} and the completion may come from any.
 */
abstract class FileOperation extends FileCall {
  final FileHandle file;
  private final String name;
  private final boolean changes;

  /** Neighbours in the list of the file's operations; under its lock. */
  @Nullable FileOperation next;
  @Nullable FileOperation previous;

  private boolean entered; // cleared by answered(), or by release() for a call that was not made
  private volatile @Nullable Waker waiting; // written before FileHandle.closed is read; beginClose() writes that before it reads this

  /**
   * A call on {@code file}.
   *
   * @param name for messages, as {@code pread}
   * @param changes whether it changes something, so that its outcome must be known
   */
  FileOperation(FileHandle file, String name, boolean changes) {
    super(file.engine, file.kernel);
    this.file = file;
    this.name = name;
    this.changes = changes;
  }

  /** Takes what a result {@code >= 0} means; called once, by the one that waits. */
  protected abstract long finish(long result) throws IOException;

  /** Frees the memory. */
  protected void free() {}

  /** Has the call made, and says whether it is done; if not, {@code waker} is called when it is, or the file is closed. */
  final boolean isDone(Waker waker) throws IOException {
    if (waiting == null) {
      file.enter(this);
      entered = true;
    }
    waiting = waker;
    if (poll(waker)) {
      return true;
    }
    if (!file.isOpen()) {
      if (!changes) {
        throw ClosedChannel.whileWaiting(file);
      }
      cancel();
    }
    return false;
  }

  /** The result, once it is done. */
  final long take() throws IOException {
    try {
      long result = result();
      if (result == -Errno.ECANCELED || result == -Errno.EINTR) { // nobody but a close cancels what is taken
        throw ClosedChannel.whileWaiting(file);
      }
      if (result < 0) {
        throw file.failed(name, result);
      }
      return finish(result);
    } finally {
      end();
    }
  }

  /** Waits for the result. What changes something is waited for in any case; if that was not to be, the exception comes afterwards. */
  final long await(Awaiter awaiter) throws IOException {
    RuntimeException stopped = null;
    boolean done = false;
    try {
      while (!isDone(awaiter)) {
        try {
          awaiter.park(this);
        } catch (RuntimeException e) {
          if (!changes) {
            throw e;
          }
          stopped = e;
          cancel();
          awaitShielded(awaiter);
          break;
        }
      }
      done = true;
    } finally {
      if (!done) {
        abandon();
      }
    }
    if (stopped == null) {
      return take();
    }
    throw takeAfter(stopped);
  }

  private void awaitShielded(Awaiter awaiter) {
    boolean interrupted = awaiter.enterShield();
    try {
      while (!poll(awaiter)) {
        try {
          awaiter.park(this);
        } catch (CancellationException e) {
          interrupted = true; // the thread was interrupted once more: that is for later
        }
      }
    } finally {
      awaiter.exitShield(interrupted);
    }
  }

  private RuntimeException takeAfter(RuntimeException stopped) {
    try {
      long _ = take();
    } catch (AsynchronousCloseException e) {
      // it was cancelled, as asked
    } catch (IOException e) {
      stopped.addSuppressed(e);
    }
    return stopped;
  }

  /** The file was closed: who waits must look. */
  final void wake() {
    Waker waker = waiting;
    if (waker != null) {
      waker.wake();
    }
  }

  @Override
  protected void answered(long result) {
    leave();
  }

  @Override
  protected final void release() {
    leave();
    free();
  }

  private void leave() {
    if (entered) {
      entered = false;
      file.leave(this);
    }
  }

  @Override
  public String toString() {
    return name + " of " + file;
  }
}
