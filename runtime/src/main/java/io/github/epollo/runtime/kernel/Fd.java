package io.github.epollo.runtime.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.IntConsumer;

/**
 * A file descriptor with one owner, safe to close while it is in use: the number goes back to the kernel when the last
 * call that uses it has returned, so that no call can ever reach a stranger that was given the same number.
 *
 * <pre>{@code
 * if (!fd.acquire()) throw new ClosedChannelException();
 * try {
 *   kernel.read(fd.number(), ...);
 * } finally {
 *   fd.release();
 * }
 * }</pre>
 *
 * <p><b>Threading:</b> every method may be called from any thread.
 */
public final class Fd implements AutoCloseable {
  /*
   * state = CLOSED bit | number of calls under way
   *
   *   n          -> n + 1        // acquire
   *   n          -> CLOSED | n   // close; with n == 0 the closer gives the number back
   *   CLOSED | n -> CLOSED | n-1 // release; the one that reaches CLOSED | 0 gives the number back
   */
  private static final int CLOSED = 1 << 31;

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Fd.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final IntConsumer giveBack;
  private final int number;
  private volatile int state;

  /** Takes over {@code number}, an open fd of {@code kernel}. */
  public Fd(Kernel kernel, int number) {
    // Linux frees the number whatever close(2) answers; there is nothing to retry or to report.
    this(number, kernel::close);
  }

  /**
   * Takes over {@code number}, which {@code giveBack} closes: for a file, whose close(2) may wait, and may have an error to report. It is called once, by whoever closes or releases last, and must not
   * throw.
   */
  public Fd(int number, IntConsumer giveBack) {
    if (number < 0) {
      throw new IllegalArgumentException("not a file descriptor: " + number);
    }
    this.giveBack = giveBack;
    this.number = number;
  }

  /** The number; valid in a call only between {@link #acquire} and {@link #release}. */
  public int number() {
    return number;
  }

  /** Keeps the number from being given back until {@link #release}; false if the fd is closed. */
  public boolean acquire() {
    while (true) {
      int s = state;
      if (s < 0) {
        return false;
      }
      if (STATE.compareAndSet(this, s, s + 1)) {
        return true;
      }
    }
  }

  /** Ends a use that a successful {@link #acquire} began. */
  public void release() {
    if ((int) STATE.getAndAdd(this, -1) == (CLOSED | 1)) {
      giveBack.accept(number);
    }
  }

  /** Whether {@link #close} was not called yet. */
  public boolean isOpen() {
    return state >= 0;
  }

  /** Closes the fd, at once or after the calls under way. Idempotent. */
  @Override
  public void close() {
    if ((int) STATE.getAndBitwiseOr(this, CLOSED) == 0) {
      giveBack.accept(number);
    }
  }

  @Override
  public String toString() {
    return isOpen() ? "fd " + number : "fd " + number + " (closed)";
  }
}
