package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Streams that are read side by side: each has its turn, and is polled only when it was woken. */
final class Inners<T> {
  private final WakeList<T> wakes = new WakeList<>();
  private final Set<Inner> present = new LinkedHashSet<>();
  private final Runnable onEnd;

  /** {@code onEnd} is run when one of them has ended. */
  Inners(Runnable onEnd) {
    this.onEnd = onEnd;
  }

  WakeList<T> wakes() {
    return wakes;
  }

  int size() {
    return present.size();
  }

  Inner add(AsyncStream<T> stream) {
    Inner inner = new Inner(Objects.requireNonNull(stream, "a stream to merge is null"));
    present.add(inner);
    wakes.enqueue(inner);
    return inner;
  }

  /** The next value of any of them, or the failure of one; pending also if there is none. */
  Poll<@Nullable T> poll(Waker waker) throws Exception {
    return wakes.poll(waker);
  }

  void close() {
    wakes.clear();
    Closing.all(present.stream().map(inner -> inner.stream).toList());
    present.clear();
  }

  /** One of them. */
  final class Inner extends WakeList.Child<T> {
    private final AsyncStream<T> stream;
    private Runnable onEnd = Inners.this.onEnd;

    Inner(AsyncStream<T> stream) {
      super(wakes);
      this.stream = stream;
    }

    @Override
    Poll<@Nullable T> poll() {
      if (!present.contains(this)) {
        return Poll.pending(); // woken late
      }
      Poll<@Nullable T> poll = stream.pollNext(this);
      if (!present.contains(this)) {
        return Poll.pending(); // it was removed while it was polled, and ends with that
      }
      if (AbstractStream.isLast(poll)) {
        present.remove(this);
        onEnd.run();
        return poll instanceof Poll.Failed ? poll : Poll.pending();
      }
      if (!(poll instanceof Poll.Pending)) {
        wakes.enqueue(this);
      }
      return poll;
    }

    /** Has {@code action} run when it has ended, instead of what is run for others. */
    void onEnd(Runnable action) {
      onEnd = action;
    }

    void remove() {
      if (present.remove(this)) {
        stream.close();
      }
    }
  }
}
