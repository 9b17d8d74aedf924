package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@link AsyncStream#flatMapConcurrent}: the source is polled when it was woken, and when an inner stream has ended. */
final class FlatMapConcurrentStream<S, T> extends Operator<S, T> {
  private final int limit;
  private final Function<? super S, ? extends AsyncStream<T>> mapper;
  private final Inners<T> inners;
  private final WakeList.Child<T> feed;
  private boolean sourceOver;

  FlatMapConcurrentStream(AsyncStream<S> source, int limit, Function<? super S, ? extends AsyncStream<T>> mapper) {
    super(source);
    this.limit = Limits.positive(limit, "the number of streams to read at once");
    this.mapper = Objects.requireNonNull(mapper, "mapper");
    this.inners = new Inners<>(this::readOn);
    this.feed = new WakeList.Child<>(inners.wakes()) {
      @Override
      Poll<@Nullable T> poll() {
        return feed();
      }
    };
    readOn();
  }

  private void readOn() {
    inners.wakes().enqueue(feed);
  }

  private Poll<@Nullable T> feed() {
    if (sourceOver || isClosed() || inners.size() == limit) {
      return Poll.pending();
    }
    Poll<@Nullable S> poll = source.pollNext(feed);
    S value = valueOf(poll);
    if (value != null) {
      Inners<T>.Inner _ = inners.add(nonNull(mapper.apply(value), "flatMapConcurrent()"));
      readOn();
    } else if (poll instanceof Poll.Failed) {
      return passOn(poll);
    } else if (isLast(poll)) {
      sourceOver = true;
    }
    return Poll.pending();
  }

  @Override
  protected Poll<@Nullable T> advance(Waker waker) throws Exception {
    Poll<@Nullable T> poll = inners.poll(waker);
    return poll instanceof Poll.Pending && sourceOver && inners.size() == 0 ? end() : poll;
  }

  @Override
  protected void release() {
    try {
      inners.close();
    } finally {
      source.close();
    }
  }
}
