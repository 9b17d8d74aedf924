package io.github.epollo.timers;

import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@link Timers#timeout}. */
final class Timeout<T extends @Nullable Object> extends AbstractFuture<T> {
  private final Duration limit;
  private final Future<T> source;
  private final Sleep sleep;

  Timeout(Duration limit, Future<T> source, Sleep sleep) {
    this.limit = limit;
    this.source = Objects.requireNonNull(source, "future");
    this.sleep = sleep;
  }

  @Override
  protected Poll<T> advance(Waker waker) {
    Poll<T> poll = source.poll(waker);
    if (!(poll instanceof Poll.Pending)) {
      return poll;
    }
    Poll<@Nullable Void> passed = sleep.poll(waker);
    if (passed instanceof Poll.Failed<?>(Throwable cause)) {
      return Poll.failed(cause);
    }
    return passed instanceof Poll.Pending
        ? Poll.pending()
        : Poll.failed(new DeadlineExceededException("deadline of " + limit + " passed while waiting for " + source));
  }

  @Override
  protected void release() {
    sleep.close();
    source.close();
  }

  @Override
  public String toString() {
    return source + " within " + limit;
  }
}
