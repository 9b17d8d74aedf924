package io.github.epollo.runtime.io;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.stream.AsyncStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** {@link FrameReader#frames}. */
final class FrameStream<T> implements AsyncStream<T> {
  private final FrameReader<T> reader;
  private @Nullable Future<@Nullable T> receiving;
  private boolean over;

  FrameStream(FrameReader<T> reader) {
    this.reader = reader;
  }

  @Override
  public Poll<@Nullable T> pollNext(Waker waker) {
    if (over) {
      throw new IllegalStateException("the " + reader + " have ended, failed or were closed: there is no next one");
    }
    Future<@Nullable T> next = receiving;
    if (next == null) {
      receiving = next = reader.receiveAsync();
    }
    Poll<@Nullable T> poll = next.poll(waker);
    if (poll instanceof Poll.Pending) {
      return poll;
    }
    receiving = null;
    if (!(poll instanceof Poll.Ready<@Nullable T> ready) || ready.value() == null) {
      close();
    }
    return poll;
  }

  @Override
  public void close() {
    over = true;
    if (receiving != null) {
      receiving.close();
      receiving = null;
    }
    try {
      reader.close();
    } catch (IOException | RuntimeException e) {
      // nobody reads from it any more
    }
  }

  @Override
  public String toString() {
    return reader.toString();
  }
}
