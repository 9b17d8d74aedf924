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

/** A region of code that has to end in time: {@link Timers#withTimeout}, {@link Timers#withDeadline}. */
class Deadline extends Interruption implements Waker {
  final TimerEntry entry;
  private final @Nullable Duration limit;

  /** A null limit stands for a deadline that the user gave as a time. */
  Deadline(LoopTimers timers, long deadline, @Nullable Duration limit) {
    this.entry = new TimerEntry(timers, deadline);
    this.limit = limit;
  }

  /** A deadline in words, for messages. */
  static String describe(long deadline, @Nullable Duration limit) {
    return limit == null ? "deadline at " + deadline + " ns" : "deadline of " + limit;
  }

  final <T extends @Nullable Object, X extends Exception> T run(CheckedCallable<T, X> body) throws X {
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
      end();
      boolean _ = awaiter.exit(this);
    }
  }

  /** As {@link #run}; null if this deadline passed, and none else. */
  final <T extends @Nullable Object, X extends Exception> @Nullable T runOrNull(CheckedCallable<T, X> body) throws X {
    try {
      return run(body);
    } catch (DeadlineExceededException e) {
      if (e.isOf(this)) {
        return null;
      }
      throw e;
    }
  }

  private void start() {
    if (entry.timers().isDue(entry.deadline())) {
      raise();
    } else {
      entry.arm(this);
    }
  }

  /** The body has ended. */
  void end() {
    entry.disarm();
  }

  final boolean isReached(long deadline) {
    return entry.timers().isPassed(deadline);
  }

  /** The entry fired; or the loop has ended, which is no reason to stop. */
  @Override
  public void wake() {
    if (isReached(entry.deadline())) {
      raise();
    }
  }

  /** What ended the body, if {@code thrown} is only the trace of an interrupt; null if it is not. */
  private @Nullable RuntimeException meaningOf(Throwable thrown, Awaiter awaiter) {
    if (!isInterrupt(thrown)) {
      return null;
    }
    // Delivered already, by the very call that threw, if the interrupt of this region is still to come.
    boolean cancelled = awaiter.takeCancellation()
        || (thrown instanceof InterruptedException && awaiter.isCancelled() && Thread.currentThread().isInterrupted());
    RuntimeException meant = cancelled
        ? new CancellationException("cancelled while in a call of the JDK")
        : exception("a call of the JDK");
    meant.initCause(thrown);
    return meant;
  }

  /** Whether {@code thrown} is how a blocking call of the JDK answers an interrupt. */
  static boolean isInterrupt(Throwable thrown) {
    return switch (thrown) {
      case InterruptedException _ -> true;
      case ClosedByInterruptException _ -> true;
      case SocketException e -> "Closed by interrupt".equals(e.getMessage()); // sun.nio.ch.NioSocketImpl has no type for it
      default -> false;
    };
  }

  /** What has happened once this is raised, in words. */
  String event() {
    return describe(entry.deadline(), limit) + " passed";
  }

  @Override
  protected final RuntimeException exception(Object awaited) {
    return new DeadlineExceededException(event() + " while waiting for " + awaited, this);
  }

  @Override
  public String toString() {
    return "the " + describe(entry.deadline(), limit);
  }
}
