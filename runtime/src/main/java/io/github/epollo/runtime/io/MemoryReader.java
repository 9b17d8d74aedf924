package io.github.epollo.runtime.io;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;

/** {@link AsyncReader#of(ByteBuffer)}. */
final class MemoryReader implements AsyncReader {
  private final ByteBuffer bytes;
  private volatile boolean closed;

  MemoryReader(ByteBuffer bytes) {
    this.bytes = bytes.asReadOnlyBuffer();
  }

  @Override
  public int read(ByteBuffer target) throws ClosedChannelException {
    if (closed) {
      throw ClosedChannel.exception(this);
    }
    if (target.isReadOnly()) {
      throw new IllegalArgumentException("cannot read into " + target + ": it is read-only");
    }
    if (!target.hasRemaining()) {
      return 0;
    }
    int n = Math.min(bytes.remaining(), target.remaining());
    if (n == 0) {
      return -1;
    }
    target.put(target.position(), bytes, bytes.position(), n);
    target.position(target.position() + n);
    bytes.position(bytes.position() + n);
    return n;
  }

  @Override
  public Future<Integer> readAsync(ByteBuffer target) {
    return Future.fromPoll(_ -> {
      try {
        return Poll.ready(read(target));
      } catch (IOException e) {
        return Poll.failed(e);
      }
    });
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  @Override
  public void close() {
    closed = true;
  }

  @Override
  public String toString() {
    return "bytes in memory";
  }
}
