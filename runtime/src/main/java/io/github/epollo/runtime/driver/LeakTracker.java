package io.github.epollo.runtime.driver;

import io.github.epollo.runtime.kernel.Fd;
import java.lang.System.Logger.Level;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Remembers where descriptors were opened, one of so many, and warns of those that nobody can close any more: the object that was to do it is unreachable. What is still open when its loop closes
 * is told, too. Nothing is closed here: that is left to the loop's end, whether or not a descriptor is one of those that are remembered.
 *
 * <p>A thread waits for the garbage collector to find such objects, so a warning comes when it has run, and not before.
 *
 * <p><b>Threading:</b> any.
 */
public final class LeakTracker implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("io.github.epollo");

  private final String name;
  private final int every;
  private final AtomicInteger opened = new AtomicInteger();
  private final ReferenceQueue<Object> lost = new ReferenceQueue<>();
  private volatile boolean ended;
  private volatile @Nullable Thread thread;

  /**
   * Creates a tracker without its thread.
   *
   * @param name of the runtime, for messages
   * @param every of so many descriptors one is remembered; positive
   */
  public LeakTracker(String name, int every) {
    this.name = name;
    this.every = every;
  }

  /** Starts the thread that warns. */
  public void start() {
    thread = Thread.ofPlatform().daemon().name(name + "-leaks").inheritInheritableThreadLocals(false).start(this::run);
  }

  /** Ends the thread; does not wait for that. */
  @Override
  public void close() {
    ended = true;
    Thread waiting = thread;
    if (waiting != null) {
      waiting.interrupt();
    }
  }

  private void run() {
    while (!ended) {
      try {
        if (lost.remove() instanceof Opening opening) {
          opening.ownerIsLost();
        }
      } catch (InterruptedException e) {
        // by close(), which has said so
      }
    }
  }

  /**
   * The place where the caller opens {@code fd} for {@code owner}, to be kept where the open descriptor is, until it is closed; null if this is not one to remember.
   *
   * @param isOpen whether nobody has begun to close it; must not refer to {@code owner}
   */
  public @Nullable Opening open(Fd fd, BooleanSupplier isOpen, Object owner) {
    return Math.floorMod(opened.getAndIncrement(), every) == 0 ? new Opening(this, fd, isOpen, owner) : null;
  }

  /*
   * The registration, or what else stands for the open descriptor, alone holds this, and its driver's table that, until it is closed. Then both can go, and a reference that is itself unreachable is
   * never enqueued: whoever closes has nothing to do. It must not refer to the owner.
   */
  /** Where a descriptor was opened. */
  public static final class Opening extends PhantomReference<Object> {
    private final String runtime;
    private final Fd fd;
    private final BooleanSupplier isOpen;
    private final String type;
    private final Throwable place = new Throwable("opened here");
    private final AtomicBoolean told = new AtomicBoolean();

    private Opening(LeakTracker tracker, Fd fd, BooleanSupplier isOpen, Object owner) {
      super(owner, tracker.lost);
      this.runtime = tracker.name;
      this.fd = fd;
      this.isOpen = isOpen;
      this.type = owner.getClass().getSimpleName();
    }

    private void ownerIsLost() {
      tell("was lost without being closed: nothing refers to it any more, and it stays open until " + runtime
          + " is closed");
    }

    /** Its loop is about to close it. */
    public void isLeftOpen() {
      tell("was still open when " + runtime + " closed");
    }

    private void tell(String what) {
      if (isOpen.getAsBoolean() && told.compareAndSet(false, true)) {
        try {
          LOG.log(Level.WARNING, type + " with " + fd + " " + what, place);
        } catch (RuntimeException e) { // of a handler of the application's: it must not keep the driver from closing, or end the thread that warns
          Thread current = Thread.currentThread();
          current.getUncaughtExceptionHandler().uncaughtException(current, e);
        }
      }
    }
  }
}
