package io.github.epollo.timers;

import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Turns bursts of signals into one event each: waiting ends once there has been a signal, and none after it for a while.
 *
 * {@snippet class="io.github.epollo.timers.SnippetsTest" region="debounce"}
 *
 * <p><b>Cancellation:</b> a cancelled wait loses no signal.
 *
 * <p><b>Threading:</b> any thread signals; one task at a time waits. A signal is covered by each wait that returns after it: code that then looks at what has
 * changed misses nothing.
 */
public final class Debounce {
  private final Duration quiet;
  private final long nanos;
  private final LoopTimers timers;
  private final Sleep sleep; // never elapses as long as there is no signal

  /**
   * Creates one without a signal, timed by the loop of the caller's task.
   *
   * @param quiet how long there must be no signal
   * @throws IllegalArgumentException if {@code quiet} is negative
   * @throws IllegalStateException outside a runtime
   */
  public Debounce(Duration quiet) {
    this.nanos = Deadlines.requireNotNegative(quiet);
    this.quiet = quiet;
    this.timers = LoopTimers.current();
    this.sleep = new Sleep(timers, Deadlines.NEVER);
  }

  /** There is something to wait for, and the time counts from here. Costs a look at the clock, and the move of a timer if somebody waits. */
  public void signal() {
    sleep.postponeTo(Deadlines.after(timers.now(), nanos)); // a slower thread must not put it back
  }

  /**
   * Waits until there has been a signal that no wait has answered, and none for the quiet time after it.
   *
   * @throws CancellationException if the task was cancelled
   * @throws DeadlineExceededException if a deadline around the caller passed
   * @throws IllegalStateException if the runtime is closed
   */
  public void await() {
    do {
      sleep.awaitRound();
    } while (!sleep.forgetElapsed());
  }

  /** The future twin of {@link #await}. */
  public Future<@Nullable Void> awaitAsync() {
    return new Round();
  }

  private final class Round extends AbstractFuture<@Nullable Void> {
    @Override
    protected Poll<@Nullable Void> advance(Waker waker) {
      Poll<@Nullable Void> poll = sleep.poll(waker);
      while (poll instanceof Poll.Ready && !sleep.forgetElapsed()) {
        poll = sleep.poll(waker); // there was a signal meanwhile
      }
      return poll;
    }

    @Override
    protected void release() {
      sleep.disarm();
    }

    @Override
    public String toString() {
      return Debounce.this.toString();
    }
  }

  @Override
  public String toString() {
    return "a debounce of " + quiet;
  }
}
