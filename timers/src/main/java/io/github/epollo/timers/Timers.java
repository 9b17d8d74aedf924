package io.github.epollo.timers;

import io.github.epollo.runtime.CheckedBody;
import io.github.epollo.runtime.CheckedCallable;
import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.loop.Loop;
import io.github.epollo.runtime.loop.TaskThread;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Sleeps and deadlines, timed by the loop of the caller's task.
 *
 * {@snippet class="io.github.epollo.timers.SnippetsTest" region="overview"}
 *
 * <p>A timer may be late, never early. A zero duration is over at once; one of more than 146 years, {@code Duration.ofSeconds(Long.MAX_VALUE)} for one, is
 * never over; a negative one is an error, since it nearly always is one in the caller's arithmetic.
 *
 * <p><b>Threading:</b> the methods may be called in any task of a runtime, whatever carries it; outside a runtime they throw {@link IllegalStateException}.
 * The first use in a loop creates its timerfd, and throws {@link UncheckedIOException} if the kernel refuses that.
 */
public final class Timers {
  private Timers() {}

  /**
   * Waits until {@code duration} has passed; the loop and its other tasks go on. A zero duration lets others run once.
   *
   * <p><b>Cancellation:</b> ends the sleep at once; nothing is lost.
   *
   * @throws IllegalArgumentException if {@code duration} is negative
   * @throws CancellationException if the task was cancelled
   * @throws DeadlineExceededException if a deadline around the caller passed
   * @throws IllegalStateException outside a runtime, or on a loop's own thread
   */
  public static void sleep(Duration duration) {
    await(sleepAsync(duration));
  }

  /**
   * Waits until the loop's clock ({@link io.github.epollo.runtime.loop.Loop#now}) shows {@code deadline} nanoseconds. If it does already, others may run once.
   *
   * <p>Times are compared by subtraction, as those of {@link System#nanoTime}. {@link Long#MAX_VALUE}, and whatever lies more than 146 years ahead, is never
   * reached. For work at a steady rate, add the period to the last deadline: that does not drift, as repeated sleeps do.
   *
   * {@snippet class="io.github.epollo.timers.SnippetsTest" region="steady"}
   *
   * <p><b>Cancellation:</b> ends the sleep at once; nothing is lost.
   *
   * @throws CancellationException if the task was cancelled
   * @throws DeadlineExceededException if a deadline around the caller passed
   * @throws IllegalStateException outside a runtime, or on a loop's own thread
   */
  public static void sleepUntil(long deadline) {
    await(sleepUntilAsync(deadline));
  }

  private static void await(Sleep sleep) {
    if (sleep.isDue()) {
      giveWay();
    } else {
      sleep.await();
    }
  }

  /** So that a task that only makes sleeps of no length lets others run, and can be cancelled. */
  private static void giveWay() {
    TaskThread task = TaskThread.currentOrNull();
    if (task != null) {
      task.yieldNow();
    } else {
      Awaiter.current().checkStopped("a sleep");
    }
  }

  /**
   * The future twin of {@link #sleep}. The time counts from this call.
   *
   * @throws IllegalArgumentException if {@code duration} is negative
   * @throws IllegalStateException outside a runtime
   */
  public static Sleep sleepAsync(Duration duration) {
    long nanos = Deadlines.requireNotNegative(duration);
    LoopTimers timers = LoopTimers.current();
    return new Sleep(timers, Deadlines.after(timers.now(), nanos));
  }

  /**
   * The future twin of {@link #sleepUntil}.
   *
   * @throws IllegalStateException outside a runtime
   */
  public static Sleep sleepUntilAsync(long deadline) {
    LoopTimers timers = LoopTimers.current();
    return new Sleep(timers, Deadlines.normalize(timers.lastSeen(), deadline));
  }

  /**
   * The time of the loop's clock, in nanoseconds, at which {@code duration} from now has passed: for {@link #sleepUntil} and {@link Sleep#resetAt}. {@link
   * Long#MAX_VALUE} if it never does.
   *
   * @throws IllegalArgumentException if {@code duration} is negative
   * @throws IllegalStateException outside a runtime
   */
  public static long deadlineAfter(Duration duration) {
    long nanos = Deadlines.requireNotNegative(duration);
    return Deadlines.after(LoopTimers.current().now(), nanos);
  }

  /**
   * How many timers are armed on the current loop: sleeps that are awaited, limits that run. Those that never pass do not count. For tests and statistics.
   *
   * <p><b>Threading:</b> exact on the loop's own thread; elsewhere what other threads do at the same time may be missing.
   *
   * @throws IllegalStateException outside a runtime
   */
  public static int armed() {
    return armedOn(Loop.current());
  }

  /**
   * As {@link #armed()}, of {@code loop}. Once that has ended: how many nobody had cancelled by then, such as those of futures that were neither polled to their
   * end nor closed.
   */
  public static int armedOn(Loop loop) {
    return LoopTimers.armed(loop);
  }

  /**
   * Runs {@code body}, and stops it at its next await once {@code limit} has passed: one deadline for everything that the body waits for.
   *
   * {@snippet class="io.github.epollo.timers.SnippetsTest" region="withTimeout"}
   *
   * <p>Deadlines nest, and the earliest wins; the message of the exception names the one that passed, and what was waited for. A blocking call of the
   * JDK in the body is interrupted. Code that does not wait is not stopped: a result that the body returns counts, however late it is. Tasks that the body
   * spawned have no part in its deadline, only its waiting for them.
   *
   * <p>When a value and the deadline come in the same turn, the value wins: an await looks for its value before it stops, so the deadline stops the next await
   * that has to wait, if there is one.
   *
   * <p><b>Cancellation:</b> stops the body as it does without a deadline. What a stopped await loses is for the method awaited to say.
   *
   * @param limit counts from this call; zero stops the body at its first await
   * @return what the body returned
   * @throws X what the body throws
   * @throws DeadlineExceededException if the limit passed while the body waited
   * @throws CancellationException if the task was cancelled
   * @throws IllegalArgumentException if {@code limit} is negative
   * @throws IllegalStateException outside a runtime
   */
  public static <T extends @Nullable Object, X extends Exception> T withTimeout(Duration limit,
      CheckedCallable<T, X> body) throws X {
    Objects.requireNonNull(body, "body");
    long nanos = Deadlines.requireNotNegative(limit);
    LoopTimers timers = LoopTimers.current();
    return new Deadline(timers, Deadlines.after(timers.now(), nanos), limit).run(body);
  }

  /**
   * As {@link #withTimeout(Duration, CheckedCallable)}, for a body without a result.
   *
   * @throws X what the body throws
   */
  public static <X extends Exception> void withTimeout(Duration limit, CheckedBody<X> body) throws X {
    Objects.requireNonNull(body, "body");
    CheckedCallable<@Nullable Void, X> callable = () -> {
      body.run();
      return null;
    };
    withTimeout(limit, callable);
  }

  /**
   * As {@link #withTimeout(Duration, CheckedCallable)}, up to a time of the loop's clock in nanoseconds, as {@link #deadlineAfter} gives it: for one deadline
   * over several pieces of code. One that has passed stops the body at its first await that has to wait.
   *
   * <p><b>Cancellation:</b> as there.
   *
   * @return what the body returned
   * @throws X what the body throws
   * @throws DeadlineExceededException if the deadline passed while the body waited
   * @throws CancellationException if the task was cancelled
   * @throws IllegalStateException outside a runtime
   */
  public static <T extends @Nullable Object, X extends Exception> T withDeadline(long deadline,
      CheckedCallable<T, X> body) throws X {
    Objects.requireNonNull(body, "body");
    LoopTimers timers = LoopTimers.current();
    return new Deadline(timers, Deadlines.normalize(timers.now(), deadline), null).run(body);
  }

  /**
   * As {@link #withDeadline(long, CheckedCallable)}, for a body without a result.
   *
   * @throws X what the body throws
   */
  public static <X extends Exception> void withDeadline(long deadline, CheckedBody<X> body) throws X {
    Objects.requireNonNull(body, "body");
    CheckedCallable<@Nullable Void, X> callable = () -> {
      body.run();
      return null;
    };
    withDeadline(deadline, callable);
  }

  /**
   * As {@link #withTimeout(Duration, CheckedCallable)}, but null if the body was stopped by this limit. A deadline around the call, or one that the body set
   * itself, still is an exception.
   *
   * <p><b>Cancellation:</b> as there.
   *
   * @return what the body returned, or null
   * @throws X what the body throws
   * @throws DeadlineExceededException if another deadline passed
   * @throws CancellationException if the task was cancelled
   * @throws IllegalArgumentException if {@code limit} is negative
   * @throws IllegalStateException outside a runtime
   */
  public static <T extends @Nullable Object, X extends Exception> @Nullable T withTimeoutOrNull(Duration limit,
      CheckedCallable<T, X> body) throws X {
    Objects.requireNonNull(body, "body");
    long nanos = Deadlines.requireNotNegative(limit);
    LoopTimers timers = LoopTimers.current();
    return new Deadline(timers, Deadlines.after(timers.now(), nanos), limit).runOrNull(body);
  }

  /**
   * Runs {@code body}, and stops it at its next await once nothing has happened for {@code limit}: the body, or anybody it hands the {@link IdleTimeout} to,
   * touches that when something happens.
   *
   * {@snippet class="io.github.epollo.timers.SnippetsTest" region="idle"}
   *
   * <p>Apart from that, it is as {@link #withTimeout(Duration, CheckedBody)}, and nests with it.
   *
   * <p><b>Cancellation:</b> as there.
   *
   * @param limit counts from this call at first
   * @throws X what the body throws
   * @throws DeadlineExceededException if nothing happened for too long while the body waited
   * @throws CancellationException if the task was cancelled
   * @throws IllegalArgumentException if {@code limit} is negative
   * @throws IllegalStateException outside a runtime
   */
  public static <X extends Exception> void withIdleTimeout(Duration limit, IdleBody<X> body) throws X {
    Objects.requireNonNull(body, "body");
    new IdleTimeout(LoopTimers.current(), limit).run(body);
  }

  /**
   * A future of {@code future}'s outcome that fails with {@link DeadlineExceededException} if that is not there once {@code limit} has passed. The time
   * counts from this call. An outcome that is there at the same time as the deadline wins.
   *
   * <p><b>Cancellation:</b> {@code future} is closed when the limit passes, and when the returned one is closed.
   *
   * @throws IllegalArgumentException if {@code limit} is negative
   * @throws IllegalStateException outside a runtime
   */
  public static <T extends @Nullable Object> Timeout<T> timeout(Duration limit, Future<T> future) {
    return new Timeout<>(limit, future, sleepAsync(limit));
  }

  /**
   * As {@link #timeout}, up to a time of the loop's clock in nanoseconds, as {@link #deadlineAfter} gives it.
   *
   * @throws IllegalStateException outside a runtime
   */
  public static <T extends @Nullable Object> Timeout<T> timeoutAt(long deadline, Future<T> future) {
    return new Timeout<>(null, future, sleepUntilAsync(deadline));
  }

  /**
   * Ticks at a steady rate, the first at once, the next a {@code period} from this call, and so on.
   *
   * @throws IllegalArgumentException if {@code period} is zero or negative
   * @throws IllegalStateException outside a runtime
   */
  public static Interval interval(Duration period) {
    LoopTimers timers = LoopTimers.current();
    return new Interval(timers, timers.now(), period);
  }

  /**
   * As {@link #interval}, with the first tick at a time of the loop's clock in nanoseconds. A time that has passed makes missed ticks.
   *
   * @throws IllegalArgumentException if {@code period} is zero or negative
   * @throws IllegalStateException outside a runtime
   */
  public static Interval intervalAt(long firstTick, Duration period) {
    LoopTimers timers = LoopTimers.current();
    return new Interval(timers, Deadlines.normalize(timers.now(), firstTick), period);
  }
}
