package io.github.epollo.runtime.future;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Whoever waits in straight-line code: a task, or a plain thread.
 *
 * <p>An awaiter is the waker that its thread gives to what it waits for, and the one place where waiting code stops: {@link
 * #park} throws when the task was cancelled or when a deadline around the code has passed.
 *
 * <p><b>Threading:</b> {@link #wake} and {@link #cancel} may be called from any thread, everything else by the awaiter's own.
 */
public abstract class Awaiter implements Waker {
  /*
   * Cancellation is delivered once, as one exception at one await, so that finally blocks can await again:
   *
   *   NOT_CANCELLED -> REQUESTING  // cancel(): the thread is about to be interrupted
   *   REQUESTING    -> REQUESTED   // cancel(): it has been
   *   REQUESTED     -> DELIVERED   // the thread sees it at an await
   *
   * Who delivers waits while REQUESTING and then clears the interrupt status, so that the interrupt of this cancellation, which another
   * interrupt may have overtaken, never hits the finally blocks.
   */
  private static final int NOT_CANCELLED = 0;
  private static final int REQUESTING = 1;
  private static final int REQUESTED = 2;
  private static final int DELIVERED = 3;

  private static final Object NONE = new Object();
  private static final ScopedValue<Object> CURRENT = ScopedValue.newInstance(); // an Awaiter

  private static final VarHandle CANCELLATION;
  private static final VarHandle AWAITED;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      CANCELLATION = lookup.findVarHandle(Awaiter.class, "cancellation", int.class);
      AWAITED = lookup.findVarHandle(Awaiter.class, "awaited", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private @Nullable Interruption innermost;
  private volatile int cancellation;

  @SuppressWarnings("unused") // written and read through AWAITED, in release and acquire mode
  private @Nullable Object awaited;

  /** Creates an awaiter. */
  protected Awaiter() {}

  /**
   * Returns the awaiter of the current thread: the task's, or a new one for a thread that is no task.
   *
   * <p>On a loop's own thread, outside any task, the awaiter's {@code park} throws: waiting there would stop the loop.
   */
  public static Awaiter current() {
    Thread current = Thread.currentThread();
    // A scope of the JDK may hand the binding on to a thread of its own.
    return CURRENT.orElse(NONE) instanceof Awaiter bound && bound.thread() == current
        ? bound
        : new ThreadAwaiter(current);
  }

  /** Returns what {@link #runAs} bound around the caller, or null. */
  public static @Nullable Awaiter bound() {
    return CURRENT.orElse(NONE) instanceof Awaiter bound ? bound : null;
  }

  /** Runs {@code body} with {@code awaiter} as the current one. Its thread must be the current thread. */
  protected static void runAs(Awaiter awaiter, Runnable body) {
    ScopedValue.where(CURRENT, awaiter).run(body);
  }

  /**
   * Spends one operation of the current task's budget: called before each attempt at I/O, so that a task that always finds its data ready
   * still lets others run.
   *
   * @param waker the waker of the poll under way
   * @return false if the caller must answer "pending"; the waker was called then
   */
  public static boolean proceed(Waker waker) {
    return !(CURRENT.orElse(NONE) instanceof Awaiter bound) || bound.spend(waker);
  }

  /** The thread that waits with this awaiter; null if it has none yet. */
  protected abstract @Nullable Thread thread();

  /** Waits until woken; may also return without reason, and returns at once when interrupted. */
  protected abstract void doPark(Object awaited);

  /** See {@link #proceed}. */
  protected boolean spend(Waker waker) {
    return true;
  }

  /**
   * Waits until {@link #wake} is called; may return without reason.
   *
   * @param awaited what is waited for; its {@code toString} goes into messages and dumps
   * @throws CancellationException if the task was cancelled or its thread interrupted; the interrupt status is clear then
   * @throws DeadlineExceededException if a deadline around the caller has passed
   * @throws IllegalStateException if this thread must not, or cannot, be parked here
   */
  public final void park(Object awaited) {
    checkStopped(awaited);
    AWAITED.setRelease(this, awaited); // pairs with awaited()
    try {
      doPark(awaited);
    } finally {
      AWAITED.setRelease(this, null);
    }
  }

  /** Throws what {@link #park} would throw if the caller must stop; else returns. */
  public final void checkStopped(Object awaited) {
    boolean interrupted = Thread.interrupted();
    if (cancellation != NOT_CANCELLED && takeCancellation(interrupted)) {
      throw new CancellationException("cancelled while waiting for " + awaited);
    }
    if (innermost != null) {
      Interruption raised = outermostRaised();
      if (raised != null) {
        throw raised.exception(awaited);
      }
    }
    if (interrupted) {
      throw new CancellationException("interrupted while waiting for " + awaited);
    }
  }

  /** Whether a cancellation is to be delivered here. Without an interrupt, a call of the JDK has delivered it: that was the once. */
  private boolean takeCancellation(boolean interrupted) {
    if (interrupted) {
      return takeCancellation();
    }
    if (cancellation == REQUESTED) {
      cancellation = DELIVERED;
    }
    return false;
  }

  /** Whether {@link #checkStopped} would throw; takes nothing. */
  protected final boolean mustStop() {
    return Thread.currentThread().isInterrupted() || outermostRaised() != null;
  }

  private @Nullable Interruption outermostRaised() {
    Interruption found = null;
    for (Interruption i = innermost; i != null; i = i.outer) {
      if (i.isRaised()) {
        found = i;
      }
    }
    return found;
  }

  /**
   * Begins a region that {@code region} can stop. Every {@code enter} needs its {@link #exit}, in a finally block.
   *
   * @throws IllegalStateException on a thread that is no task: its awaits would not know of the region
   */
  public final void enter(Interruption region) {
    if (bound() != this) {
      throw new IllegalStateException(
          "cannot set " + region + " on " + Thread.currentThread() + ": it is no task; use Tasks.spawn(...)");
    }
    region.outer = innermost;
    innermost = region;
  }

  /**
   * Ends the region entered last. An interrupt that came from it, and was not noticed, is taken back.
   *
   * @return whether the region had been raised
   * @throws IllegalStateException if {@code region} is not the one entered last
   */
  public final boolean exit(Interruption region) {
    if (innermost != region) {
      throw new IllegalStateException("cannot leave " + region + ": regions must be left in reverse order of entering");
    }
    innermost = region.outer;
    if (!region.end()) {
      return false;
    }
    boolean interrupted = Thread.interrupted();
    if ((interrupted && isUndelivered()) || outermostRaised() != null) {
      Thread.currentThread().interrupt(); // there is another reason to stop
    }
    return true;
  }

  /**
   * Asks the awaiter's code to stop: its next await throws {@link CancellationException}, once. What it waits for in the
   * JDK (a sleep, a lock) is interrupted; if that throws {@link InterruptedException}, that was the once.
   *
   * @return false if it had been cancelled before
   */
  public final boolean cancel() {
    if (!CANCELLATION.compareAndSet(this, NOT_CANCELLED, REQUESTING)) {
      return false;
    }
    try {
      Thread thread = thread();
      if (thread != null) {
        thread.interrupt();
      }
    } finally {
      cancellation = REQUESTED;
    }
    return true;
  }

  private boolean isUndelivered() {
    int c = cancellation;
    return c == REQUESTING || c == REQUESTED;
  }

  /** Whether {@link #cancel} was called. */
  public final boolean isCancelled() {
    return cancellation != NOT_CANCELLED;
  }

  /**
   * Takes a cancellation that no await has delivered yet; for code that caught an {@link InterruptedException} and must
   * know what it meant. The interrupt that came with it is taken, too.
   */
  public final boolean takeCancellation() {
    while (cancellation == REQUESTING) {
      Thread.yield(); // cancel() is between two statements on another thread
    }
    if (!CANCELLATION.compareAndSet(this, REQUESTED, DELIVERED)) {
      return false;
    }
    boolean _ = Thread.interrupted();
    return true;
  }

  /** What this awaiter waits for right now, or null; from any thread, a snapshot. */
  public final @Nullable Object awaited() {
    return AWAITED.getAcquire(this);
  }
}
