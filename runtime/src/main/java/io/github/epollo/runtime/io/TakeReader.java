package io.github.epollo.runtime.io;

import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** {@link AsyncReader#take}: what is read goes through a view of the caller's buffer that is no longer than what is left. */
final class TakeReader implements AsyncReader {
  private final AsyncReader source;
  private long left;

  TakeReader(AsyncReader source, long limit) {
    if (limit < 0) {
      throw new IllegalArgumentException("cannot take " + limit + " bytes: the limit must not be negative");
    }
    this.source = source;
    this.left = limit;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (left == 0) {
      return target.hasRemaining() ? -1 : 0;
    }
    int start = target.position();
    int limit = target.limit();
    target.limit(start + (int) Math.min(left, limit - start));
    try {
      return source.read(target);
    } finally {
      target.limit(limit);
      left -= target.position() - start;
    }
  }

  @Override
  public Future<Integer> readAsync(ByteBuffer target) {
    return new Taking(target);
  }

  @Override
  public boolean isOpen() {
    return source.isOpen();
  }

  @Override
  public void close() throws IOException {
    source.close();
  }

  @Override
  public String toString() {
    return "the next " + left + " bytes of " + source;
  }

  private final class Taking extends AbstractFuture<Integer> {
    private final ByteBuffer target;
    private @Nullable ByteBuffer view;
    private @Nullable Future<Integer> reading;

    Taking(ByteBuffer target) {
      this.target = target;
    }

    @Override
    protected Poll<Integer> advance(Waker waker) {
      Future<Integer> step = reading;
      if (step == null) {
        if (left == 0 || !target.hasRemaining()) {
          return Poll.ready(target.hasRemaining() ? -1 : 0);
        }
        ByteBuffer part = target.slice(target.position(), (int) Math.min(left, target.remaining()));
        view = part;
        reading = step = source.readAsync(part);
      }
      return step.poll(waker);
    }

    @Override
    protected void release() {
      if (reading != null && view != null) {
        reading.close();
        target.position(target.position() + view.position());
        left -= view.position();
      }
    }

    @Override
    public String toString() {
      return "read from " + TakeReader.this;
    }
  }
}
