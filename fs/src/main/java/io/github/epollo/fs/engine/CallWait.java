package io.github.epollo.fs.engine;

import io.github.epollo.runtime.future.Awaiter;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** Waits for calls in straight-line code: parks the task, or blocks the plain thread. */
public final class CallWait {
  private CallWait() {}

  /**
   * Makes a call that changes nothing, and waits for its result; {@link FileCall#end} is the caller's to call. If the waiting is stopped, the call is abandoned.
   *
   * @return {@code >= 0} or {@code -errno}
   */
  public static long forAnswer(FileCall call) {
    Awaiter awaiter = Awaiter.current();
    boolean done = false;
    try {
      while (!call.poll(awaiter)) {
        awaiter.park(call);
      }
      done = true;
      return call.result();
    } finally {
      if (!done) {
        call.abandon();
      }
    }
  }

  /**
   * Makes a call that changes something, and waits for its result, as {@link #forAnswer}. If the waiting is stopped, the engine is asked to cancel, and what stopped it is thrown only when the
   * kernel has answered: from then on nothing happens any more that the caller does not know of. A file that was opened is closed then.
   */
  public static long forOutcome(FileCall call) {
    return forOutcome(call, null);
  }

  /**
   * As {@link #forOutcome(FileCall)}, for a call that makes something which must not stay if nobody takes it: {@code undo} gets the result, {@code >= 0}, when the waiting was stopped, and may wait.
   */
  public static long forOutcome(FileCall call, @Nullable Undo undo) {
    Awaiter awaiter = Awaiter.current();
    boolean done = false;
    try {
      while (!call.poll(awaiter)) {
        awaiter.park(call);
      }
      done = true;
      return call.result();
    } finally {
      if (!done) {
        call.cancel();
        settle(call, awaiter, undo);
      }
    }
  }

  private static void settle(FileCall call, Awaiter awaiter, @Nullable Undo undo) {
    boolean interrupted = awaiter.enterShield();
    try {
      boolean settled = false;
      while (!settled) {
        try {
          while (!call.poll(awaiter)) {
            awaiter.park(call);
          }
          settled = true;
        } catch (CancellationException e) {
          interrupted = true; // by Thread.interrupt, which no shield holds back: it must wait, too
        }
      }
      if (undo != null && call.result() >= 0) {
        undo.of(call.result());
        call.end();
      }
    } finally {
      awaiter.exitShield(interrupted);
      call.abandon(); // also on a thread that must not wait
    }
  }

  /** Undoes what a call has done that nobody wants any more. */
  @FunctionalInterface
  public interface Undo {
    /** Called in a shield: it may wait. What it throws takes the place of what stopped the waiting. */
    void of(long result);
  }
}
