package io.github.epollo.testkit;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Outcome;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A future that a test polls when it likes, without a loop, and that tells whether it was woken: for the steps of a future of your own, or of something that several futures share.
 *
 * {@snippet class="io.github.epollo.testkit.SnippetsTest" region="handPolled"}
 *
 * <p>A future that was not woken must not have got any further: poll it to see whether a wake-up was lost.
 *
 * <p><b>Threading:</b> one thread polls and closes; the future may be woken from any.
 *
 * @param <T> the type of the value
 */
public final class HandPolled<T extends @Nullable Object> implements AutoCloseable {
  private final Future<T> future;
  private final AtomicInteger wakes = new AtomicInteger();
  private final Waker waker = wakes::incrementAndGet;
  private boolean finished;

  private HandPolled(Future<T> future) {
    this.future = Objects.requireNonNull(future, "future");
  }

  /** Takes {@code future} over; it is not polled yet. */
  public static <T extends @Nullable Object> HandPolled<T> of(Future<T> future) {
    return new HandPolled<>(future);
  }

  /**
   * Polls the future once, and forgets earlier wakes.
   *
   * @throws IllegalStateException if it has finished or was closed
   */
  public Poll<T> poll() {
    wakes.set(0);
    Poll<T> poll = future.poll(waker);
    finished = !(poll instanceof Poll.Pending);
    return poll;
  }

  /**
   * Polls the future once, and returns its value, which must be there.
   *
   * @throws AssertionError if it is pending
   * @throws RuntimeException its failure, as {@link Future#await} describes
   * @throws IllegalStateException if it has finished or was closed
   */
  public T value() {
    if (poll() instanceof Outcome<T> outcome) {
      return outcome.get();
    }
    throw new AssertionError("nothing yet: " + future);
  }

  /** Whether it was woken since the last poll. */
  public boolean isWoken() {
    return wakes.get() > 0;
  }

  /** How often it was woken since the last poll. */
  public int wakes() {
    return wakes.get();
  }

  /** Whether a poll has answered with a value or a failure. */
  public boolean isFinished() {
    return finished;
  }

  /** Closes the future. */
  @Override
  public void close() {
    future.close();
  }

  @Override
  public String toString() {
    return future + " polled by hand, woken " + wakes + " times";
  }
}
