package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import org.jctools.queues.varhandle.SpscVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * {@link AsyncStream#fromPublisher}: what was requested and not yet taken is never more than the window. Only the reader makes requests, so that they come
 * one after the other.
 */
final class PublisherStream<T> extends AbstractStream<T> {
  private static final Object CLOSED = new Object();
  private static final int MOST_AHEAD = 1 << 20;

  private final Flow.Publisher<? extends T> publisher;
  private final int window;
  private final SpscVarHandleArrayQueue<T> queue;
  private final AtomicReference<@Nullable Waker> reader = new AtomicReference<>();
  private final AtomicReference<@Nullable Object> subscription = new AtomicReference<>(); // a Flow.Subscription, or CLOSED for ever
  private volatile @Nullable Poll<@Nullable T> last; // written after the last value was queued
  private boolean subscribed;
  private int open; // requested, but not taken

  PublisherStream(Flow.Publisher<? extends T> publisher, int window) {
    this.publisher = Objects.requireNonNull(publisher, "publisher");
    this.window = Limits.positive(window, "the number of values to request ahead");
    if (window > MOST_AHEAD) {
      throw new IllegalArgumentException(
          "the number of values to request ahead must be " + MOST_AHEAD + " at most, for there is a place for each: "
              + window);
    }
    this.queue = new SpscVarHandleArrayQueue<>(window);
  }

  @Override
  protected Poll<@Nullable T> advance(Waker waker) {
    reader.set(waker); // pairs with wakeReader(): first the waker, then a look at what there is
    if (!subscribed) {
      subscribed = true;
      publisher.subscribe(new Receiver());
    }
    if (!Awaiter.proceed(waker)) {
      return Poll.pending();
    }
    Poll<@Nullable T> ended = last;
    T value = queue.poll();
    if (value != null) {
      open--;
      request();
      return Poll.ready(value);
    }
    if (ended != null) {
      return ended;
    }
    request();
    return Poll.pending();
  }

  /** Asks for more once half of the window is free. */
  private void request() {
    if (open <= window / 2 && last == null && subscription.get() instanceof Flow.Subscription present) {
      int more = window - open;
      open = window;
      present.request(more);
    }
  }

  private void wakeReader() {
    Waker waker = reader.getAndSet(null); // a full fence: what was queued before is seen by whoever stores a waker later
    if (waker != null) {
      waker.wake();
    }
  }

  @Override
  protected void release() {
    reader.set(null);
    if (subscription.getAndSet(CLOSED) instanceof Flow.Subscription present) {
      present.cancel(); // without effect if it has ended
    }
    queue.clear();
  }

  Flow.Subscriber<T> receiver() {
    subscribed = true;
    return new Receiver();
  }

  /** The publisher's side. */
  private final class Receiver implements Flow.Subscriber<T> {
    @Override
    public void onSubscribe(Flow.Subscription given) {
      Objects.requireNonNull(given, "subscription");
      if (subscription.compareAndSet(null, given)) {
        wakeReader();
      } else {
        given.cancel();
      }
    }

    @Override
    public void onNext(T value) {
      Objects.requireNonNull(value, "value");
      if (subscription.get() == CLOSED || last != null) {
        return; // it was on its way when the stream was closed
      }
      if (!queue.offer(value)) {
        last = Poll.failed(new IllegalStateException(
            publisher + " sent more than the " + window + " values requested: it breaks rule 1.1 of reactive streams"));
      }
      wakeReader();
    }

    @Override
    public void onError(Throwable failure) {
      finish(Poll.failed(Objects.requireNonNull(failure, "failure")));
    }

    @Override
    public void onComplete() {
      finish(end());
    }

    private void finish(Poll<@Nullable T> outcome) {
      if (last == null) {
        last = outcome;
        wakeReader();
      }
    }
  }
}
