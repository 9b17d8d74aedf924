package io.github.epollo.runtime.io;

import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@link AsyncReader#chain}. */
final class ChainReader implements AsyncReader {
  private final AsyncReader first;
  private final AsyncReader second;
  private boolean firstEnded;

  ChainReader(AsyncReader first, AsyncReader second) {
    this.first = first;
    this.second = Objects.requireNonNull(second, "next");
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (!firstEnded) {
      int n = first.read(target);
      if (n >= 0) {
        return n;
      }
      firstEnded = true;
    }
    return second.read(target);
  }

  @Override
  public Future<Integer> readAsync(ByteBuffer target) {
    return new Reading(target);
  }

  @Override
  public boolean isOpen() {
    return first.isOpen() && second.isOpen();
  }

  @Override
  public void close() throws IOException {
    try (first) {
      second.close();
    }
  }

  @Override
  public String toString() {
    return firstEnded ? second.toString() : first + ", then " + second;
  }

  private final class Reading extends AbstractFuture<Integer> {
    private final ByteBuffer target;
    private @Nullable Future<Integer> reading;

    Reading(ByteBuffer target) {
      this.target = target;
    }

    @Override
    protected Poll<Integer> advance(Waker waker) {
      Future<Integer> step = reading;
      if (step == null) {
        reading = step = (firstEnded ? second : first).readAsync(target);
      }
      Poll<Integer> poll = step.poll(waker);
      if (firstEnded || !(poll instanceof Poll.Ready<Integer>(Integer n)) || n >= 0) {
        return poll;
      }
      firstEnded = true;
      reading = step = second.readAsync(target);
      return step.poll(waker);
    }

    @Override
    protected void release() {
      if (reading != null) {
        reading.close();
      }
    }

    @Override
    public String toString() {
      return "read from " + ChainReader.this;
    }
  }
}
