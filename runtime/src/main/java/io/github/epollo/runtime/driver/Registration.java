package io.github.epollo.runtime.driver;

import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.kernel.Fd;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * One file descriptor in a driver: what is known of its readiness, and one waker for each direction.
 *
 * <p>An operation tries its call first, and waits only when the kernel says "would block". This is all that it takes to await any fd that epoll accepts:
 *
 * {@snippet class="io.github.epollo.runtime.driver.SnippetsTest" region="counter"}
 *
 * <p><b>Threading:</b> every method may be called from any thread. One operation at a time may wait in each direction.
 */
public final class Registration implements AutoCloseable {
  /*
   * How a wake-up is never lost: the waiter stores its waker, then reads the readiness word; the driver writes the word, then takes the
   * waker. Word and wakers are only accessed with volatile semantics, so one of the two sees the other.
   *
   * A waker's cell:  null -> waker   // pollReady
   *                  waker -> null   // by the driver or close(), which then call it; or by the waiter, which gave up or found the fd ready
   */
  private static final VarHandle WORD;
  private static final VarHandle READER;
  private static final VarHandle WRITER;
  private static final VarHandle LISTENER;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      WORD = lookup.findVarHandle(Registration.class, "word", int.class);
      READER = lookup.findVarHandle(Registration.class, "reader", Waker.class);
      WRITER = lookup.findVarHandle(Registration.class, "writer", Waker.class);
      LISTENER = lookup.findVarHandle(Registration.class, "listener", Waker.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Driver driver;
  private final Fd fd;
  private final long key;

  private volatile int word = Readiness.UNKNOWN;

  @SuppressWarnings("unused") // through READER
  private volatile @Nullable Waker reader;

  @SuppressWarnings("unused") // through WRITER
  private volatile @Nullable Waker writer;

  @SuppressWarnings("unused") // through LISTENER
  private volatile @Nullable Waker listener; // to priority events

  private volatile LeakTracker.@Nullable Opening opening; // kept here, see there

  Registration(Driver driver, Fd fd, long key) {
    this.driver = driver;
    this.fd = fd;
    this.key = key;
  }

  /** The driver that this was made by. */
  public Driver driver() {
    return driver;
  }

  /**
   * Names the object whose part it is to close this, where it is made. If leaks are tracked ({@code EpolloOptions.withLeakTracking}), and that object is lost while this is open, a warning tells who called
   * here; otherwise nothing happens. Whoever can use this must refer to {@code owner}, and this must not.
   */
  public void ownedBy(Object owner) {
    LeakTracker leaks = driver.leaks();
    if (leaks != null) {
      opening = leaks.open(fd, () -> !isClosed(), owner);
    }
  }

  /** The driver is about to close this. */
  void isLeftOpen() {
    LeakTracker.Opening remembered = opening;
    if (remembered != null) {
      remembered.isLeftOpen();
    }
  }

  /** The file descriptor; the registration owns it. */
  public Fd fd() {
    return fd;
  }

  /** (generation, slot) in the driver's table: the {@code data} of each of its epoll events. */
  long key() {
    return key;
  }

  /** A snapshot to take before a call, for {@link #wouldBlock} and {@link #shortRead} after it. */
  public int readiness() {
    return word;
  }

  /** Whether {@link #close} was called. */
  public boolean isClosed() {
    return (word & Readiness.CLOSED) != 0;
  }

  /** Whether a call in {@code direction} is worth trying; also true once closed. */
  public boolean isReady(Direction direction) {
    return (word & direction.readyMask) != 0;
  }

  /**
   * As {@link #isReady}, and has {@code waker} woken once it is.
   *
   * @param waker what to wake when that changes; stored only if the answer is false
   * @throws IllegalStateException if another waker waits for this direction
   */
  public boolean pollReady(Direction direction, Waker waker) {
    if ((word & direction.readyMask) != 0) {
      return true;
    }
    Waker present = offer(direction, waker);
    if (present != null && present != waker) {
      throw new IllegalStateException(
          "cannot wait to " + direction.verb + " " + fd + ": " + present
              + " already waits for that; let one task at a time do it");
    }
    if ((word & direction.readyMask) == 0) {
      return false;
    }
    forget(direction, waker);
    return true;
  }

  // In the next three each handle is a constant where it is used: the JIT compiler makes one instruction of that, and a call of a handle that it does not know.

  /** Stores {@code waker} if there is none; what there was. */
  private @Nullable Waker offer(Direction direction, Waker waker) {
    return switch (direction) {
      case READ -> (Waker) READER.compareAndExchange(this, null, waker);
      case WRITE -> (Waker) WRITER.compareAndExchange(this, null, waker);
      case PRIORITY -> (Waker) LISTENER.compareAndExchange(this, null, waker);
    };
  }

  /**
   * Has the driver report one more event, be it one that has happened since the last report; for {@link Driver#registerOnce}. First note that there was nothing ({@link #wouldBlock}), and wait ({@link #pollReady}).
   *
   * @return whether the kernel has agreed: not if one of the two is closed, nor without memory
   */
  public boolean rearm() {
    return driver.rearm(this);
  }

  /** Takes {@code waker} back, if it is still stored: its owner no longer waits. */
  public void forget(Direction direction, Waker waker) {
    boolean _ = switch (direction) {
      case READ -> READER.compareAndSet(this, waker, null);
      case WRITE -> WRITER.compareAndSet(this, waker, null);
      case PRIORITY -> LISTENER.compareAndSet(this, waker, null);
    };
  }

  /** Notes that a call answered "would block", unless an event came since {@code seen} was taken. */
  public void wouldBlock(Direction direction, int seen) {
    clear(seen, direction.blockedMask);
  }

  /**
   * Notes that a read from a stream socket got less than it asked for. That empties the socket (epoll(7)), so the next read need not
   * try; unless the peer has closed, or urgent data ended the read.
   */
  public void shortRead(int seen) {
    if ((seen & (Readiness.READ_CLOSED | Readiness.URGENT)) == 0) {
      clear(seen, Readiness.READABLE);
    }
  }

  private void clear(int seen, int bits) {
    while (true) {
      int w = word;
      if (!Readiness.sameTick(w, seen) || WORD.compareAndSet(this, w, w & ~bits)) {
        return;
      }
    }
  }

  /** Adds the bits of an event; called by the driver, which then takes the wakers. */
  void note(int bits) {
    while (true) {
      int w = word;
      if (WORD.compareAndSet(this, w, Readiness.noted(w, bits))) {
        return;
      }
    }
  }

  /** Takes the waker of {@code direction} out, for the caller to call. */
  @Nullable
  Waker takeWaker(Direction direction) {
    // Mostly there is none, and a read tells that for less than an exchange.
    return switch (direction) {
      case READ -> reader == null ? null : (Waker) READER.getAndSet(this, null);
      case WRITE -> writer == null ? null : (Waker) WRITER.getAndSet(this, null);
      case PRIORITY -> listener == null ? null : (Waker) LISTENER.getAndSet(this, null);
    };
  }

  /**
   * Takes the fd out of epoll and closes it, once no call uses it any more. Whoever waits is woken, tries its call and finds the fd closed.
   * Idempotent.
   */
  @Override
  public void close() {
    if (((int) WORD.getAndBitwiseOr(this, Readiness.CLOSED) & Readiness.CLOSED) != 0) {
      return;
    }
    try {
      driver.deregister(this);
    } finally {
      fd.close();
    }
    Waker waitingReader = takeWaker(Direction.READ);
    Waker waitingWriter = takeWaker(Direction.WRITE);
    Waker waitingListener = takeWaker(Direction.PRIORITY);
    driver.wake(waitingReader);
    driver.wake(waitingWriter);
    driver.wake(waitingListener);
  }

  /** Ends the registration of an fd that epoll has refused, without closing it; nobody waits yet. False if somebody was faster and closed both. */
  boolean abandon() {
    if (((int) WORD.getAndBitwiseOr(this, Readiness.CLOSED) & Readiness.CLOSED) != 0) {
      return false;
    }
    driver.forget(this);
    return true;
  }

  @Override
  public String toString() {
    return fd + " " + Readiness.toString(word);
  }
}
