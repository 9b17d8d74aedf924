package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@link AsyncStream#concat}: the first in the queue is the one that is read; all are owned. */
final class ConcatStream<T> extends AbstractStream<T> {
  private final ArrayDeque<AsyncStream<T>> streams;
  private boolean begun;

  ConcatStream(Collection<? extends AsyncStream<T>> streams) {
    for (AsyncStream<T> stream : streams) {
      Objects.requireNonNull(stream, "a stream to read one after the other is null");
    }
    this.streams = new ArrayDeque<>(streams);
  }

  /** Adds to this one as long as nobody has polled it, so that a chain built in a loop is no deep stack. */
  @Override
  public AsyncStream<T> chain(AsyncStream<T> next) {
    if (begun || isClosed()) {
      return super.chain(next);
    }
    streams.add(Objects.requireNonNull(next, "next"));
    return this;
  }

  @Override
  protected Poll<@Nullable T> advance(Waker waker) {
    begun = true;
    while (!isClosed()) {
      AsyncStream<T> current = streams.peek();
      if (current == null) {
        return end();
      }
      Poll<@Nullable T> poll = current.pollNext(waker);
      if (!(poll instanceof Poll.Ready) || valueOf(poll) != null) {
        return poll;
      }
      AsyncStream<T> _ = streams.remove();
    }
    return Poll.pending();
  }

  @Override
  protected void release() {
    Closing.all(streams);
    streams.clear();
  }
}
