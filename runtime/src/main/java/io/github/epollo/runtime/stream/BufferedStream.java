package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@link AsyncStream#buffered}: results wait in line for those before them. Places in the line are used again and again. */
final class BufferedStream<S, T> extends Operator<S, T> {
  private final int limit;
  private final Function<? super S, ? extends Future<T>> mapper;
  private final WakeList<T> wakes = new WakeList<>();
  private final ArrayDeque<Place> line = new ArrayDeque<>();
  private final ArrayDeque<Place> unused = new ArrayDeque<>();
  private final WakeList.Child<T> feed;
  private @Nullable Poll<?> last; // how the source ended; answered after those in the line

  BufferedStream(AsyncStream<S> source, int limit, Function<? super S, ? extends Future<T>> mapper) {
    super(source);
    this.limit = Limits.positive(limit, "the number of futures at once");
    this.mapper = Objects.requireNonNull(mapper, "mapper");
    this.feed = new WakeList.Child<>(wakes) {
      @Override
      Poll<@Nullable T> poll() {
        feed();
        return Poll.pending();
      }
    };
    wakes.enqueue(feed);
  }

  private void feed() {
    while (last == null && line.size() < limit && !isClosed()) {
      Poll<@Nullable S> poll = source.pollNext(feed);
      S value = valueOf(poll);
      if (value == null) {
        last = isLast(poll) ? poll : null;
        return;
      }
      try {
        Future<T> future = nonNull(mapper.apply(value), "buffered()");
        Place place = unused.isEmpty() ? new Place() : unused.pop();
        place.future = future;
        line.add(place);
        wakes.enqueue(place);
      } catch (Throwable t) {
        last = Poll.failed(t); // in its place in the line, too
      }
    }
  }

  @Override
  protected Poll<@Nullable T> advance(Waker waker) throws Exception {
    Poll<@Nullable T> _ = wakes.poll(waker); // which only fills the line
    Place head = line.peek();
    if (head == null) {
      return last == null ? Poll.pending() : passOn(last);
    }
    Poll<@Nullable T> outcome = head.outcome;
    if (outcome == null) {
      return Poll.pending();
    }
    head.outcome = null;
    unused.push(line.remove());
    wakes.enqueue(feed);
    return outcome;
  }

  @Override
  protected void release() {
    wakes.clear();
    try {
      Closing.all(line.stream().map(place -> place.future).filter(Objects::nonNull).map(FutureStream::new).toList());
      line.clear();
    } finally {
      source.close();
    }
  }

  /** A future, then its outcome. */
  private final class Place extends WakeList.Child<T> {
    private @Nullable Future<T> future;
    private @Nullable Poll<@Nullable T> outcome;

    Place() {
      super(wakes);
    }

    @Override
    Poll<@Nullable T> poll() {
      Future<T> running = future;
      if (running != null) {
        Poll<@Nullable T> poll;
        try {
          poll = FutureStream.checked(running.poll(this));
        } catch (RuntimeException e) {
          running.close(); // it should not throw; if it does, that comes in its place, too
          poll = Poll.failed(e);
        }
        if (!(poll instanceof Poll.Pending)) {
          future = null;
          outcome = poll;
        }
      }
      return Poll.pending();
    }
  }
}
