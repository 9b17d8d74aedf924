package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@link AsyncStream#switchMap}: the source goes first, and only the newest of what it has is begun. */
final class SwitchStream<S, T> extends Operator<S, T> {
  private final Function<? super S, ? extends AsyncStream<T>> mapper;
  private @Nullable AsyncStream<T> inner;
  private boolean sourceOver;

  SwitchStream(AsyncStream<S> source, Function<? super S, ? extends AsyncStream<T>> mapper) {
    super(new ConflateStream<>(source));
    this.mapper = Objects.requireNonNull(mapper, "mapper");
  }

  @Override
  protected Poll<@Nullable T> advance(Waker waker) {
    while (!sourceOver && !isClosed()) {
      Poll<@Nullable S> poll = source.pollNext(waker);
      S value = valueOf(poll);
      if (value != null) {
        closeInner();
        inner = nonNull(mapper.apply(value), "switchMap()");
      } else if (poll instanceof Poll.Failed) {
        return passOn(poll);
      } else if (isLast(poll)) {
        sourceOver = true;
      } else {
        break;
      }
    }
    AsyncStream<T> current = inner;
    Poll<@Nullable T> poll = current == null || isClosed() ? Poll.pending() : current.pollNext(waker);
    if (isLast(poll)) {
      inner = null;
    }
    if (poll instanceof Poll.Failed || valueOf(poll) != null) {
      return poll;
    }
    return sourceOver && inner == null ? end() : Poll.pending();
  }

  private void closeInner() {
    AsyncStream<T> current = inner;
    inner = null;
    if (current != null) {
      current.close();
    }
  }

  @Override
  protected void release() {
    try {
      closeInner();
    } finally {
      source.close();
    }
  }
}
