package io.github.epollo.timers;

import io.github.epollo.runtime.CheckedCallable;
import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Interruption;
import io.github.epollo.runtime.future.Waker;
import java.net.SocketException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** A region of code that has to end in time: {@link Timers#withTimeout}. */
final class Deadline extends Interruption implements Waker {
  private final Duration limit;
  private final TimerEntry entry;

  Deadline(LoopTimers timers, Duration limit, long deadline) {
    this.limit = limit;
    this.entry = new TimerEntry(timers, deadline);
  }

  <T extends @Nullable Object, X extends Exception> T run(CheckedCallable<T, X> body) throws X {
    Awaiter awaiter = Awaiter.current();
    awaiter.enter(this);
    try {
      start();
      return body.call();
    } catch (Throwable t) {
      RuntimeException meant = isRaised() ? meaningOf(t, awaiter) : null;
      if (meant != null) {
        throw meant;
      }
      throw t;
    } finally {
      entry.disarm();
      boolean _ = awaiter.exit(this);
    }
  }

  private void start() {
    if (Deadlines.isReached(entry.deadline(), entry.timers().now())) {
      raise();
    } else {
      entry.arm(this);
    }
  }

  /** The entry fired; or the loop has ended, which is no reason to stop. */
  @Override
  public void wake() {
    if (Deadlines.isReached(entry.deadline(), entry.timers().now())) {
      raise();
    }
  }

  /** What ended the body, if {@code thrown} is only the trace of an interrupt; null if it is not. */
  private @Nullable RuntimeException meaningOf(Throwable thrown, Awaiter awaiter) {
    if (!isInterrupt(thrown)) {
      return null;
    }
    RuntimeException meant = awaiter.takeCancellation()
        ? new CancellationException("cancelled while in a call of the JDK")
        : new DeadlineExceededException("deadline of " + limit + " passed while in a call of the JDK");
    meant.initCause(thrown);
    return meant;
  }

  private static boolean isInterrupt(Throwable thrown) {
    return switch (thrown) {
      case InterruptedException _ -> true;
      case ClosedByInterruptException _ -> true;
      case SocketException e -> "Closed by interrupt".equals(e.getMessage()); // sun.nio.ch.NioSocketImpl has no type for it
      default -> false;
    };
  }

  @Override
  protected RuntimeException exception(Object awaited) {
    return new DeadlineExceededException("deadline of " + limit + " passed while waiting for " + awaited);
  }

  @Override
  public String toString() {
    return "the deadline of " + limit;
  }
}
