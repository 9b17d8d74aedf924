package io.github.epollo.timers;

import io.github.epollo.runtime.CheckedBody;
import io.github.epollo.runtime.CheckedCallable;
import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.DeadlineExceededException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Tries code again that failed, after pauses that grow. Immutable: each {@code with...} returns a changed copy.
 *
 * {@snippet class="io.github.epollo.timers.SnippetsTest" region="retry"}
 *
 * <p>As long as nothing else is said, each exception is worth another try, the pauses double from 100 ms to 10 s, and each is a random part of that, so that many
 * clients that failed together do not come back together. An {@link Error}, a {@link CancellationException} and an interrupt in a call of the JDK are never
 * tried again, nor is anything once a deadline around the call has passed. A deadline that the code itself set is a failure as any other.
 *
 * <p><b>Threading:</b> may be shared, if the random generator given may.
 */
public final class Retry {
  private static final int SUPPRESSED = 8; // the latest earlier failures that the last one carries

  private final int attempts;
  private final Backoff backoff;
  private final boolean jitter;
  private final @Nullable RandomGenerator random;
  private final @Nullable Duration limit;
  private final Predicate<? super Exception> worthAnother;

  private Retry(int attempts, Backoff backoff, boolean jitter, @Nullable RandomGenerator random,
      @Nullable Duration limit, Predicate<? super Exception> worthAnother) {
    this.attempts = attempts;
    this.backoff = backoff;
    this.jitter = jitter;
    this.random = random;
    this.limit = limit;
    this.worthAnother = worthAnother;
  }

  /**
   * Tries at most so many times, the first one included; {@link Integer#MAX_VALUE} for as often as it takes.
   *
   * @throws IllegalArgumentException if {@code attempts} is zero or negative
   */
  public static Retry attempts(int attempts) {
    if (attempts < 1) {
      throw new IllegalArgumentException(attempts + " attempts never run the code: at least 1 is needed");
    }
    return new Retry(attempts, Backoff.of(Duration.ofMillis(100), 2, Duration.ofSeconds(10)), true, null, null,
        _ -> true);
  }

  /**
   * Pauses {@code initial} after the first failure, and {@code factor} times longer after each one more, but no longer than {@code cap}.
   *
   * @throws IllegalArgumentException if a duration is negative, {@code cap} is less than {@code initial}, or {@code factor} is less than 1
   */
  public Retry withBackoff(Duration initial, double factor, Duration cap) {
    return new Retry(attempts, Backoff.of(initial, factor, cap), jitter, random, limit, worthAnother);
  }

  /** Takes the random part of each pause from {@code random}, instead of the runtime's {@link io.github.epollo.runtime.future.Chance}. */
  public Retry withJitter(RandomGenerator random) {
    return new Retry(attempts, backoff, true, Objects.requireNonNull(random, "random"), limit, worthAnother);
  }

  /** Makes each pause as long as it may be. */
  public Retry withoutJitter() {
    return new Retry(attempts, backoff, false, null, limit, worthAnother);
  }

  /**
   * Sets a deadline for the whole, attempts and pauses, which starts with the call.
   *
   * @throws IllegalArgumentException if {@code limit} is negative
   */
  public Retry withTimeout(Duration limit) {
    long _ = Deadlines.requireNotNegative(limit);
    return new Retry(attempts, backoff, jitter, random, limit, worthAnother);
  }

  /** Tries again only after an exception for which {@code worthAnother} holds. */
  public Retry onlyIf(Predicate<? super Exception> worthAnother) {
    return new Retry(attempts, backoff, jitter, random, limit, Objects.requireNonNull(worthAnother, "worthAnother"));
  }

  /**
   * Runs {@code body} until it succeeds.
   *
   * <p><b>Cancellation:</b> ends the attempt or the pause under way, and there is no other.
   *
   * @return what the body returned
   * @throws X the last failure; the latest of those before are its suppressed exceptions
   * @throws DeadlineExceededException if the whole took too long, or a deadline around the caller passed; the failures so far are suppressed
   * @throws CancellationException if the task was cancelled; the failures so far are suppressed
   * @throws IllegalStateException outside a runtime, if there has to be a pause or there is a limit
   */
  public <T extends @Nullable Object, X extends Exception> T call(CheckedCallable<T, X> body) throws X {
    Objects.requireNonNull(body, "body");
    return limit == null ? attempt(body) : Timers.<T, X>withTimeout(limit, () -> attempt(body));
  }

  /**
   * As {@link #call(CheckedCallable)}, for a body without a result.
   *
   * @throws X the last failure
   */
  public <X extends Exception> void call(CheckedBody<X> body) throws X {
    Objects.requireNonNull(body, "body");
    CheckedCallable<@Nullable Void, X> callable = () -> {
      body.run();
      return null;
    };
    call(callable);
  }

  private <T extends @Nullable Object, X extends Exception> T attempt(CheckedCallable<T, X> body) throws X {
    Deque<Exception> earlier = new ArrayDeque<>();
    for (int failures = 1;; failures++) {
      try {
        return body.call();
      } catch (Exception e) {
        if (Awaiter.current().takeCancellation()) { // a call of the JDK noticed it, and the body made another exception of that
          CancellationException cancelled = new CancellationException("cancelled in an attempt");
          cancelled.initCause(e);
          suppress(earlier, cancelled);
          throw cancelled;
        }
        if (failures >= attempts || e instanceof CancellationException || Deadline.isInterrupt(e)
            || !worthAnother.test(e)) {
          suppress(earlier, e);
          throw e;
        }
        if (earlier.size() == SUPPRESSED) {
          earlier.removeFirst();
        }
        earlier.add(e);
      }
      pause(failures, earlier);
    }
  }

  /** Also where a deadline around the call that stopped the attempt stops everything. */
  private void pause(int failures, Deque<Exception> earlier) {
    try {
      Timers.sleep(Duration.ofNanos(jitter ? backoff.jittered(failures, random) : backoff.longest(failures)));
    } catch (RuntimeException stopped) {
      suppress(earlier, stopped);
      throw stopped;
    }
  }

  private static void suppress(Deque<Exception> earlier, Exception last) {
    for (Exception e : earlier) {
      if (e != last) { // code may throw the same one twice
        last.addSuppressed(e);
      }
    }
  }
}
