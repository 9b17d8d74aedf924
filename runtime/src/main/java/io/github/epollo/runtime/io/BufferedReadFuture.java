package io.github.epollo.runtime.io;

import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The future twins of what a {@link BufferedAsyncReader} does: each tries, and waits for more bytes in the buffer until it has succeeded. */
abstract class BufferedReadFuture<T extends @Nullable Object> extends AbstractFuture<T> {
  final BufferedAsyncReader reader;
  private @Nullable Future<Integer> filling;
  private int filled; // what the last fill answered

  BufferedReadFuture(BufferedAsyncReader reader) {
    this.reader = reader;
  }

  /** Whether it is done; {@code filled} is how many bytes have just come: 0 in the beginning, -1 at the end. */
  abstract boolean attempt(int filled) throws IOException;

  /** How far the buffer may grow. */
  abstract int most();

  abstract T result();

  @Override
  protected Poll<T> advance(Waker waker) throws IOException {
    while (true) {
      Future<Integer> fill = filling;
      if (fill == null) {
        reader.requireIdle();
        if (attempt(filled)) {
          return Poll.ready(result());
        }
        filling = fill = reader.beginFill(most());
      }
      switch (fill.poll(waker)) {
        case Poll.Ready<Integer>(Integer n) -> {
          release();
          filled = BufferedAsyncReader.requireProgress(n, reader.source());
        }
        case Poll.Failed<Integer>(Throwable cause) -> {
          release();
          return Poll.failed(cause);
        }
        case Poll.Pending<Integer> _ -> {
          return Poll.pending();
        }
      }
    }
  }

  @Override
  protected void release() {
    if (filling != null) {
      filling.close();
      filling = null;
      reader.filled();
    }
  }

  /** Of a {@link BufferedRead}. */
  static final class Of<T extends @Nullable Object> extends BufferedReadFuture<T> {
    private final BufferedRead<T> read;

    Of(BufferedAsyncReader reader, BufferedRead<T> read) {
      super(reader);
      this.read = read;
    }

    @Override
    boolean attempt(int filled) throws IOException {
      return read.attempt(reader.buffer, filled < 0);
    }

    @Override
    int most() {
      return read.most();
    }

    @Override
    T result() {
      return read.result();
    }

    @Override
    public String toString() {
      return read + " from " + reader;
    }
  }

  /** {@link BufferedAsyncReader#fillAsync}. */
  static final class Fill extends BufferedReadFuture<Integer> {
    private int result;

    Fill(BufferedAsyncReader reader) {
      super(reader);
    }

    @Override
    boolean attempt(int filled) {
      result = filled;
      return filled != 0 || reader.buffered() >= reader.buffer.size;
    }

    @Override
    int most() {
      return reader.buffer.size;
    }

    @Override
    Integer result() {
      return result;
    }

    @Override
    public String toString() {
      return "bytes for " + reader;
    }
  }

  /** {@link BufferedAsyncReader#readAsync}. */
  static final class Read extends BufferedReadFuture<Integer> {
    private final ByteBuffer target;
    private int result;

    Read(BufferedAsyncReader reader, ByteBuffer target) {
      super(reader);
      this.target = Objects.requireNonNull(target, "target");
    }

    @Override
    boolean attempt(int filled) {
      if (filled < 0) {
        result = -1;
        return true;
      }
      if (reader.buffered() == 0 && target.hasRemaining()) {
        return false;
      }
      result = reader.take(target);
      return true;
    }

    @Override
    int most() {
      return reader.buffer.size;
    }

    @Override
    Integer result() {
      return result;
    }

    @Override
    public String toString() {
      return "read from " + reader;
    }
  }
}
