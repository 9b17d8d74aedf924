package io.github.epollo.runtime.loop;

import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.Fd;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.Kernel;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;

/**
 * The asleep/awake protocol between a loop and the threads that hand it work: a submitter writes to the loop's eventfd only if the loop sleeps,
 * and of all submitters only the first.
 *
 * <p><b>Ground rules.</b> The loop's thread alone calls {@link #fallAsleep} and {@link #awake}. A submitter publishes its work first and then calls
 * {@link #wake}; the loop calls {@code fallAsleep} first and then looks for work once more. One of the two always sees the other.
 */
final class Wakeup implements AutoCloseable {
  /*
   *   AWAKE  -> ASLEEP   // fallAsleep
   *   ASLEEP -> NOTIFIED // wake: this thread, and no other, writes to the eventfd
   *   ASLEEP, NOTIFIED -> AWAKE // awake
   *
   * The eventfd is never read: it is registered edge-triggered, so each write is an event of its own, and its counter has room for 2^64 of them.
   * It is an Fd: a write that is under way when the loop closes keeps the number from being reused.
   */
  private static final int AWAKE = 0;
  private static final int ASLEEP = 1;
  private static final int NOTIFIED = 2;

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Wakeup.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Kernel kernel;
  private final Fd eventFd;
  private final MemorySegment one = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG); // freed by the garbage collector: see notifyLoop
  private volatile int state;
  private long notifications; // loop's thread; read elsewhere as a statistic

  Wakeup(Kernel kernel) throws IOException {
    this.kernel = kernel;
    int number = kernel.eventfd(0, FileFlags.EFD_CLOEXEC | FileFlags.EFD_NONBLOCK);
    if (number < 0) {
      throw Errno.toIOException("eventfd(0, EFD_CLOEXEC|EFD_NONBLOCK)", -number);
    }
    this.eventFd = new Fd(kernel, number);
    one.set(ValueLayout.JAVA_LONG, 0, 1L);
  }

  /** The fd to register with the loop's driver. */
  Fd fd() {
    return eventFd;
  }

  /** Announces that the loop is about to wait; a full fence. */
  void fallAsleep() {
    STATE.setVolatile(this, ASLEEP); // pairs with the fence and the read in wake()
  }

  /** Ends the announcement. */
  void awake() {
    if ((int) STATE.getAndSet(this, AWAKE) == NOTIFIED) {
      notifications++;
    }
  }

  /** How many waits a submitter has ended. */
  long notifications() {
    return notifications;
  }

  /** Wakes the loop if it sleeps and nobody has woken it yet; answers whether that was so. What it is to find must have been published before. */
  boolean wake() {
    VarHandle.fullFence(); // between the caller's publication and the read of state; pairs with fallAsleep()
    if (state == ASLEEP && STATE.compareAndSet(this, ASLEEP, NOTIFIED)) {
      notifyLoop();
      return true;
    }
    return false;
  }

  /**
   * Makes up for a wake-up that somebody else has taken: called by who has looked for events in the loop's place, which may have ended the eventfd's edge before the loop saw it. A loop that is awake
   * needs none: if it falls asleep now, whoever wakes it makes an edge of its own.
   */
  void passOn() {
    if (state != AWAKE) { // read after the look for events; pairs with wake()
      notifyLoop();
    }
  }

  /** Whether the loop is not waiting, nor about to. */
  boolean isAwake() {
    return state == AWAKE;
  }

  private void notifyLoop() {
    if (!eventFd.acquire()) {
      return; // the loop is closed
    }
    try {
      long result = kernel.write(eventFd.number(), one.address(), Long.BYTES);
      if (result < 0) {
        throw new IllegalStateException("cannot wake the loop",
            Errno.toIOException("write(" + eventFd + ")", (int) -result));
      }
    } finally {
      eventFd.release();
      Reference.reachabilityFence(one);
    }
  }

  @Override
  public void close() {
    eventFd.close();
  }
}
