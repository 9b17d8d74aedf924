package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.loop.SleepProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link AsyncStream#chunks}, {@link AsyncStream#readyChunks} and {@link AsyncStream#chunksTimeout}: they differ in what they do when the source is pending. */
final class ChunksStream<T> extends Operator<T, List<T>> {
  private final int size;
  private final @Nullable Duration patience; // null: as long as it takes; zero: none
  private List<T> chunk = new ArrayList<>();
  private @Nullable Future<@Nullable Void> limit; // of the present chunk
  private @Nullable Poll<?> last; // how the source ended

  ChunksStream(AsyncStream<T> source, int size, @Nullable Duration patience) {
    super(source);
    this.size = Limits.positive(size, "the size of a chunk");
    this.patience = patience;
  }

  @Override
  protected Poll<@Nullable List<T>> advance(Waker waker) {
    while (last == null && chunk.size() < size && !isClosed()) {
      Poll<@Nullable T> poll = source.pollNext(waker);
      T value = valueOf(poll);
      if (value != null) {
        chunk.add(value);
      } else if (isLast(poll)) {
        last = poll;
      } else if (chunk.isEmpty() || patience == null) {
        return Poll.pending();
      } else if (patience.isZero()) {
        break;
      } else {
        Poll<@Nullable Void> passed = limit(patience).poll(waker);
        if (passed instanceof Poll.Pending) {
          return Poll.pending();
        }
        if (passed instanceof Poll.Failed) {
          last = passed;
        }
        break;
      }
    }
    if (chunk.isEmpty()) {
      return last != null ? passOn(last) : Poll.pending();
    }
    Closing.future(limit);
    limit = null;
    List<T> full = chunk;
    chunk = new ArrayList<>(full.size());
    return Poll.ready(Collections.unmodifiableList(full));
  }

  private Future<@Nullable Void> limit(Duration duration) {
    Future<@Nullable Void> present = limit;
    if (present == null) {
      present = SleepProvider.get().sleepAsync(duration);
      limit = present;
    }
    return present;
  }

  @Override
  protected void release() {
    try {
      Closing.future(limit);
    } finally {
      source.close();
    }
  }
}
