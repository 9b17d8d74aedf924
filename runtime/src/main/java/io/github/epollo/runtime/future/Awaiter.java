package io.github.epollo.runtime.future;

import java.lang.Thread.UncaughtExceptionHandler;
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
  private static final Object NONE = new Object();
  private static final ScopedValue<Object> CURRENT = ScopedValue.newInstance(); // an Awaiter

  private static final VarHandle AWAITED;

  static {
    try {
      AWAITED = MethodHandles.lookup().findVarHandle(Awaiter.class, "awaited", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Cancellation cancellation = new Cancellation();
  private @Nullable Interruption innermost;
  private volatile int shields; // how many there are around the code; written by its thread, partners: Cancellation.request and Interruption.raise

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
    Awaiter bound = bound();
    // A scope of the JDK may hand the binding on to a thread of its own.
    return bound != null && bound.thread() == current ? bound : new ThreadAwaiter(current);
  }

  /** Returns what {@link #runAs} bound around the caller, or null. */
  public static @Nullable Awaiter bound() {
    Thread current = Thread.currentThread();
    if (current.getUncaughtExceptionHandler() instanceof Mark(Awaiter marked) && marked.thread() == current) {
      return marked;
    }
    return CURRENT.orElse(NONE) instanceof Awaiter bound ? bound : null;
  }

  /**
   * Lets this awaiter be found by way of its own {@code thread}, as well as by {@link #runAs}. A scoped value is looked up through a cache, an array that each task that waits would keep, and that a loop's thread would make anew whenever it has carried a task. It is still bound: threads of the JDK's scopes
   * inherit it, and code in the task may set another handler.
   */
  protected final void markOn(Thread thread) {
    thread.setUncaughtExceptionHandler(new Mark(this));
  }

  /** Takes the mark away, if it is still there: the thread has {@code handler} again, or none. */
  protected final void unmark(Thread thread, @Nullable UncaughtExceptionHandler handler) {
    if (thread.getUncaughtExceptionHandler() instanceof Mark(Awaiter marked) && marked == this) {
      thread.setUncaughtExceptionHandler(handler);
    }
  }

  /** What happens to an exception that nothing has caught, on a thread with the mark: what happens without it. */
  protected void uncaughtException(Thread thread, Throwable failure) {
    ThreadGroup group = thread.getThreadGroup();
    if (group != null) {
      group.uncaughtException(thread, failure);
    }
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
    Awaiter bound = bound();
    return bound == null || bound.spend(waker);
  }

  /** The thread that waits with this awaiter; null if it has none yet. */
  protected abstract @Nullable Thread thread();

  /** Waits until woken; may also return without reason, and returns at once when interrupted. */
  protected abstract void doPark(Object awaited);

  /** See {@link Chance#current}. */
  protected Chance chance() {
    return Chance.ofPlainThreads();
  }

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
    boolean interruptWasMade = cancellation.isToBeDelivered(); // read before the status: else a cancel() in between would count as taken
    boolean interrupted = Thread.interrupted();
    if (interrupted) {
      if (cancellation.isRequested() && cancellation.take()) {
        throw new CancellationException("cancelled while waiting for " + awaited);
      }
    } else if (interruptWasMade) {
      cancellation.takenByTheJdk();
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

  /** Whether {@link #checkStopped} would throw; takes nothing. */
  protected final boolean mustStop() {
    return Thread.currentThread().isInterrupted() || outermostRaised() != null;
  }

  /** Of the regions that no shield keeps away. */
  private @Nullable Interruption outermostRaised() {
    Interruption found = null;
    int depth = shields;
    for (Interruption i = innermost; i != null && i.shields() == depth; i = i.outer) {
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
    region.enteredBy(this, shields, innermost);
    innermost = region;
  }

  /**
   * Ends the region entered last. An interrupt that came from it, and was not noticed, is taken back.
   *
   * @return whether the region had been raised
   * @throws IllegalStateException if {@code region} is not the one entered last
   */
  public final boolean exit(Interruption region) {
    if (innermost != region || region.shields() != shields) {
      throw new IllegalStateException(
          "cannot leave " + region + ": regions and shields must be left in reverse order of entering");
    }
    innermost = region.outer;
    if (!region.end()) {
      return false;
    }
    boolean interrupted = Thread.interrupted();
    if ((interrupted && shields == 0 && cancellation.isUndelivered()) || outermostRaised() != null) {
      Thread.currentThread().interrupt(); // there is another reason to stop
    }
    return true;
  }

  /**
   * Begins a shield: until {@link #exitShield}, which belongs into a finally block, neither cancellation nor the regions entered so far stop an await or
   * interrupt a call of the JDK. Regions entered from here on do. An interrupt that the thread has already is held back, too.
   *
   * @return what {@code exitShield} must be given: whether there was an interrupt
   */
  public final boolean enterShield() {
    int outside = shields;
    shields = outside + 1;
    cancellation.settle();
    for (Interruption i = innermost; i != null && i.shields() == outside; i = i.outer) {
      i.settle();
    }
    boolean interrupted = Thread.interrupted(); // no other comes from out there any more
    cancellation.withhold(interrupted);
    return interrupted;
  }

  /**
   * Ends the shield entered last. The thread is interrupted if it was when it entered, or would have been since but for the shield.
   *
   * @param interrupted what {@link #enterShield} returned
   * @throws IllegalStateException if there is no shield, or a region entered in it was not left
   */
  public final void exitShield(boolean interrupted) {
    int outside = shields - 1;
    if (outside < 0 || (innermost != null && innermost.shields() > outside)) {
      throw new IllegalStateException("cannot leave the shield, " + (outside < 0 ? "there is none" : innermost)
          + ": regions and shields must be left in reverse order of entering");
    }
    shields = outside;
    boolean interrupt = interrupted;
    if (outside == 0) {
      interrupt |= cancellation.release();
    }
    for (Interruption i = innermost; i != null && i.shields() == outside; i = i.outer) {
      interrupt |= i.release();
    }
    if (interrupt) {
      Thread.currentThread().interrupt();
    }
  }

  /** How many shields there are around the awaiter's code; from any thread. */
  final int shields() {
    return shields;
  }

  /**
   * Asks the awaiter's code to stop: its next await throws {@link CancellationException}, once. What it waits for in the
   * JDK (a sleep, a lock) is interrupted; if that throws {@link InterruptedException}, that was the once. In a shield, all of that waits until
   * the shield is left.
   *
   * @return false if it had been cancelled before
   */
  public final boolean cancel() {
    return cancellation.request(this);
  }

  /** Whether {@link #cancel} was called. */
  public final boolean isCancelled() {
    return cancellation.isRequested();
  }

  /**
   * Takes a cancellation that no await has delivered yet; for code that caught an {@link InterruptedException} and must
   * know what it meant. The interrupt that came with it is taken, too. One that a shield withholds is not taken.
   */
  public final boolean takeCancellation() {
    return cancellation.take();
  }

  /** What this awaiter waits for right now, or null; from any thread, a snapshot. */
  public final @Nullable Object awaited() {
    return AWAITED.getAcquire(this);
  }

  /** Who waits on a thread; to the thread itself a handler that changes nothing. */
  private record Mark(Awaiter awaiter) implements UncaughtExceptionHandler {
    @Override
    public void uncaughtException(Thread thread, Throwable failure) {
      awaiter.uncaughtException(thread, failure);
    }
  }
}
