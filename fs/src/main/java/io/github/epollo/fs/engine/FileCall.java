package io.github.epollo.fs.engine;

import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileKernel;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * One system call that may block, on its way through a {@link FileEngine}. It owns the memory that the call uses until the kernel has answered, whether or not somebody still waits then.
 *
 * <p><b>Threading:</b> {@link #poll} and {@link #abandon} are for the one that waits; {@link #complete} may come from any thread.
 */
public abstract class FileCall {
  /*
   *   NEW       -> SUBMITTED  // the first poll
   *   NEW       -> ENDED      // abandoned before that: the call is never made
   *   SUBMITTED -> DONE       // complete(): the result is there for whoever polls
   *   SUBMITTED -> ABANDONED  // nobody waits; the kernel may still use the memory
   *   DONE      -> ENDED      // the result was taken, or abandoned and discarded; release()
   *   ABANDONED -> ENDED      // complete(): the result is discarded; release()
   *
   * The waker is written before the state is read, and complete() writes the state before it reads the waker; all volatile: one of the two sees the other.
   */
  private static final int NEW = 0;
  private static final int SUBMITTED = 1;
  private static final int DONE = 2;
  private static final int ABANDONED = 3;
  private static final int ENDED = 4;

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(FileCall.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final FileEngine engine;
  private final FileKernel kernel;
  private volatile int state = NEW;
  private volatile @Nullable Waker waker;
  private volatile boolean cancelled;
  private long result; // written before DONE, read after it

  /** The place of this call in the engine's own bookkeeping; the engine's alone. */
  int slot = -1;

  /** A call that {@code engine} will make on {@code kernel} at the first poll. */
  protected FileCall(FileEngine engine, FileKernel kernel) {
    this.engine = engine;
    this.kernel = kernel;
  }

  /** Makes the call, and blocks if need be; {@code >= 0} or {@code -errno}. On a thread that may. */
  protected abstract long call(FileKernel kernel);

  /** Describes the call to a ring; false if rings know no such call. {@code entry} is all zero before. */
  protected boolean describe(SubmissionEntry entry) {
    return false;
  }

  /** Whether a call that answers {@code EINTR} has done nothing and is made again; if not, the answer is passed on. */
  protected boolean isRepeatable() {
    return true;
  }

  /** Undoes what a result means that nobody takes: closes a file that was opened. Called with a result {@code >= 0} only. */
  protected void discard(FileKernel kernel, long result) {}

  /** The kernel has answered, and uses neither the memory nor the file any more; called once, on any thread, before who waits is woken. Not called for a call that was abandoned before it was submitted. */
  protected void answered(long result) {}

  /** Frees the memory; called once, when neither the kernel nor a caller uses it any more. */
  protected void release() {}

  /** Has the call made at the first time; false if it is not done yet: then {@code waker} is called when it is. */
  public final boolean poll(Waker waker) {
    this.waker = waker;
    if (state == NEW) {
      state = SUBMITTED;
      engine.submit(this);
    }
    return state == DONE;
  }

  /** The result, once {@link #poll} answered true; take what the memory holds before {@link #end}. */
  public final long result() {
    if (state != DONE) {
      throw new IllegalStateException("no result yet: " + this);
    }
    return result;
  }

  /** Nobody needs the result or the memory any more, after {@link #result}. */
  public final void end() {
    if (state == DONE) {
      state = ENDED;
      release();
    }
  }

  /** Gives up: the engine is asked to cancel, and what comes all the same is discarded. Does not wait. Idempotent. */
  public final void abandon() {
    if (state == NEW) {
      state = ENDED;
      release();
    } else if (STATE.compareAndSet(this, SUBMITTED, ABANDONED)) {
      waker = null;
      engine.cancel(this);
    } else if (STATE.compareAndSet(this, DONE, ENDED)) {
      finish();
    }
  }

  /** Asks the engine to cancel, and goes on waiting: for calls whose outcome must be known. */
  public final void cancel() {
    if (state == SUBMITTED) {
      cancelled = true;
      engine.cancel(this);
    }
  }

  /** For the engine: the kernel has answered, and uses the memory no more. Once. Wakes who waits, and does not throw. */
  final void complete(long result) {
    this.result = result;
    answered(result);
    if (STATE.compareAndSet(this, SUBMITTED, DONE)) {
      Waker waiting = waker;
      if (waiting != null) {
        waiting.wake();
      }
    } else if (STATE.compareAndSet(this, ABANDONED, ENDED)) {
      finish();
    } else {
      throw new IllegalStateException("completed twice: " + this);
    }
  }

  /** Makes the call on this thread, and completes it. */
  final void run() {
    complete(isCancelled() ? -Errno.ECANCELED : call(kernel));
  }

  /** Whether it was cancelled or abandoned: a {@link #call} that consists of several may stop in between. */
  protected final boolean isCancelled() {
    return cancelled || state == ABANDONED;
  }

  private void finish() {
    try {
      if (result >= 0) {
        discard(kernel, result);
      }
    } finally {
      release();
    }
  }
}
