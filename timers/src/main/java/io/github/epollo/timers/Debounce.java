package io.github.epollo.timers;

import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Future;
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
  private final Sleep sleep; // never elapses as long as there is no signal

  /**
   * Creates one without a signal, timed by the loop of the caller's task.
   *
   * @param quiet how long there must be no signal
   * @throws IllegalArgumentException if {@code quiet} is negative
   * @throws IllegalStateException outside a runtime
   */
  public Debounce(Duration quiet) {
    long _ = Deadlines.requireNotNegative(quiet);
    this.quiet = quiet;
    this.sleep = new Sleep(LoopTimers.current(), Deadlines.NEVER);
  }

  /** There is something to wait for, and the time counts from here. Costs a look at the clock, and the move of a timer if somebody waits. */
  public void signal() {
    sleep.reset(quiet);
  }

  /**
   * Waits until there has been a signal that no wait has answered, and none for the quiet time after it.
   *
   * @throws CancellationException if the task was cancelled
   * @throws DeadlineExceededException if a deadline around the caller passed
   */
  public void await() {
    sleep.awaitRound();
    forget();
  }

  /** The future twin of {@link #await}. */
  public Future<@Nullable Void> awaitAsync() {
    return new SleepRound<@Nullable Void>(sleep, () -> {
      forget();
      return null;
    });
  }

  private void forget() {
    sleep.setTo(Deadlines.NEVER);
  }

  @Override
  public String toString() {
    return "a debounce of " + quiet;
  }
}
