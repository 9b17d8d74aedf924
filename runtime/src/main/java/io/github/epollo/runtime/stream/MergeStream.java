package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** {@link AsyncStream#merge}. */
final class MergeStream<T> extends AbstractStream<T> {
  private final Inners<T> inners = new Inners<>(() -> {});

  MergeStream(Collection<? extends AsyncStream<T>> streams) {
    for (AsyncStream<T> stream : streams) {
      Inners<T>.Inner _ = inners.add(stream);
    }
  }

  @Override
  protected Poll<@Nullable T> advance(Waker waker) throws Exception {
    Poll<@Nullable T> poll = inners.poll(waker);
    return poll instanceof Poll.Pending && inners.size() == 0 ? end() : poll;
  }

  @Override
  protected void release() {
    inners.close();
  }
}
