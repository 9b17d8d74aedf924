package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One run of a stream for one subscriber. The task that emits is straight-line code, so that a subscriber that blocks holds no loop; cancelling wakes it and does
 * not interrupt it, so that a subscriber never sees an interrupt from here.
 */
final class Emission<T> implements Flow.Subscription {
  private final AsyncStream<T> stream;
  private final AtomicLong demand = new AtomicLong();
  private final AtomicReference<@Nullable Waker> emitter = new AtomicReference<>();
  private volatile Flow.@Nullable Subscriber<? super T> subscriber; // null once cancelled, so that nothing keeps it
  private volatile @Nullable Throwable failure;

  Emission(AsyncStream<T> stream, Flow.Subscriber<? super T> subscriber, @Nullable Throwable failure) {
    this.stream = stream;
    this.subscriber = subscriber;
    this.failure = failure;
  }

  void start(Epollo runtime) {
    Flow.Subscriber<? super T> receiver = subscriber;
    if (receiver == null) {
      return;
    }
    try {
      receiver.onSubscribe(this);
    } catch (Throwable t) { // it should not
      stream.close();
      throw t;
    }
    try {
      Task<?> _ = runtime.spawn("publisher of " + stream, this::run);
    } catch (IllegalStateException e) { // the runtime is closed
      stream.close();
      if (subscriber != null) {
        receiver.onError(e);
      }
    }
  }

  private void run() {
    try (stream) {
      while (true) {
        T value = null;
        try {
          value = Future.fromPoll(this::pollWanted).await();
        } catch (RuntimeException e) {
          failure = e; // the runtime closes
        }
        Flow.Subscriber<? super T> receiver = subscriber;
        Throwable cause = failure;
        if (receiver == null) {
          return;
        }
        if (cause != null) {
          receiver.onError(cause);
          return;
        }
        if (value == null) {
          receiver.onComplete();
          return;
        }
        receiver.onNext(value);
      }
    } finally {
      subscriber = null;
    }
  }

  /** The next value once it is asked for; null if there is none, for whatever reason. */
  private Poll<@Nullable T> pollWanted(Waker waker) {
    emitter.set(waker); // pairs with wakeEmitter(): first the waker, then a look at what is asked for
    if (subscriber == null || failure != null) {
      return Poll.ready(null);
    }
    if (demand.get() == 0) {
      return Poll.pending();
    }
    Poll<@Nullable T> poll = stream.pollNext(waker);
    if (poll instanceof Poll.Failed<@Nullable T> failed) {
      failure = failed.cause();
      return Poll.ready(null);
    }
    if (AbstractStream.valueOf(poll) != null) {
      demand.updateAndGet(n -> n == Long.MAX_VALUE ? n : n - 1);
    }
    return poll;
  }

  @Override
  public void request(long n) {
    if (n <= 0) {
      failure = new IllegalArgumentException(
          "cannot request " + n + " values: rule 3.9 of reactive streams asks for 1 or more");
    } else {
      demand.updateAndGet(before -> before + n < 0 ? Long.MAX_VALUE : before + n);
    }
    wakeEmitter();
  }

  @Override
  public void cancel() {
    subscriber = null;
    wakeEmitter();
  }

  private void wakeEmitter() {
    Waker waker = emitter.get();
    if (waker != null) {
      waker.wake();
    }
  }
}
