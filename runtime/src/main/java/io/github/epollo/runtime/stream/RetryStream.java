package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.loop.SleepProvider;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@link AsyncStream#retrying}: has an attempt, or a pause before the next one, or neither. */
final class RetryStream<T> extends AbstractStream<T> {
  private final Supplier<? extends AsyncStream<T>> supplier;
  private final RetryPolicy policy;
  private @Nullable AsyncStream<T> attempt;
  private @Nullable Future<@Nullable Void> pause;
  private int failures; // since the last value

  RetryStream(Supplier<? extends AsyncStream<T>> supplier, RetryPolicy policy) {
    this.supplier = Objects.requireNonNull(supplier, "supplier");
    this.policy = Objects.requireNonNull(policy, "policy");
  }

  @Override
  protected Poll<@Nullable T> advance(Waker waker) {
    while (!isClosed()) {
      Future<@Nullable Void> waiting = pause;
      if (waiting != null) {
        Poll<@Nullable Void> passed = waiting.poll(waker);
        if (!(passed instanceof Poll.Ready)) {
          return passOn(passed);
        }
        pause = null;
        waiting.close();
      }
      AsyncStream<T> current = attempt;
      Poll<@Nullable T> poll;
      try {
        if (current == null) {
          current = Objects.requireNonNull(supplier.get(), "the function given to retrying() returned null");
          attempt = current;
        }
        poll = current.pollNext(waker);
      } catch (RuntimeException e) {
        poll = Poll.failed(e); // of the supplier, or of a stream that should not throw
        if (current != null) {
          current.close();
        }
      }
      if (!(poll instanceof Poll.Failed<@Nullable T> failed)) {
        failures = valueOf(poll) != null ? 0 : failures;
        return poll;
      }
      attempt = null;
      failures++;
      Duration delay = policy.delay(failures, failed.cause());
      if (delay == null) {
        return poll;
      }
      if (delay.isPositive()) {
        pause = SleepProvider.get().sleepAsync(delay);
      } else if (!Awaiter.proceed(waker)) {
        return Poll.pending();
      }
    }
    return Poll.pending();
  }

  @Override
  protected void release() {
    try {
      Closing.future(pause);
    } finally {
      if (attempt != null) {
        attempt.close();
      }
    }
  }
}
