package io.github.epollo.runtime.driver;

import java.lang.System.Logger.Level;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Remembers where registrations were opened, one of so many, and warns of those that nobody can close any more: the object that was to do it is unreachable. What is still open when its driver
 * closes is told, too. Nothing is closed here: that is left to the driver's end, whether or not a registration is one of those that are remembered.
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
   * @param every of so many registrations one is remembered; positive
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

  /** The place where the caller opens {@code registration} for {@code owner}; null if this is not one to remember. */
  @Nullable
  Opening open(Registration registration, Object owner) {
    return Math.floorMod(opened.getAndIncrement(), every) == 0 ? new Opening(this, registration, owner) : null;
  }

  /*
   * The registration alone holds this, and its driver's table holds the registration, until it is closed. Then both can go, and a reference that is itself unreachable is never enqueued: whoever
   * closes has nothing to do. It must not refer to the owner.
   */
  /** Where a registration was opened. */
  static final class Opening extends PhantomReference<Object> {
    private final String runtime;
    private final Registration registration;
    private final String type;
    private final Throwable place = new Throwable("opened here");
    private final AtomicBoolean told = new AtomicBoolean();

    private Opening(LeakTracker tracker, Registration registration, Object owner) {
      super(owner, tracker.lost);
      this.runtime = tracker.name;
      this.registration = registration;
      this.type = owner.getClass().getSimpleName();
    }

    private void ownerIsLost() {
      tell("was lost without being closed: nothing refers to it any more, and it stays open until " + runtime
          + " is closed");
    }

    void isLeftOpen() {
      tell("was still open when " + runtime + " closed");
    }

    private void tell(String what) {
      if (!registration.isClosed() && told.compareAndSet(false, true)) {
        LOG.log(Level.WARNING, type + " with " + registration.fd() + " " + what, place);
      }
    }
  }
}
