package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import org.jspecify.annotations.Nullable;

/** {@link AsyncStream#conflate}. */
final class ConflateStream<T> extends Operator<T, T> {
  private static final int AT_MOST = 1024; // values looked at in one poll, for a source that always has one

  private @Nullable Poll<@Nullable T> last; // how the source ended, after its last value

  ConflateStream(AsyncStream<T> source) {
    super(source);
  }

  @Override
  protected Poll<@Nullable T> advance(Waker waker) {
    if (last != null) {
      return last;
    }
    Poll<@Nullable T> newest = source.pollNext(waker);
    for (int i = 1; i < AT_MOST && valueOf(newest) != null && !isClosed(); i++) {
      Poll<@Nullable T> newer = source.pollNext(waker);
      if (newer instanceof Poll.Pending) {
        break;
      }
      if (isLast(newer)) {
        last = newer;
        break;
      }
      newest = newer;
    }
    return newest;
  }
}
