package io.github.epollo.runtime.io;

import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CancellationException;

/** Bytes in pieces; every k-th direct read is cancelled while it waits, and every future waits once. */
class CutReader implements AsyncReader {
  private final ByteBuffer bytes;
  private final List<Integer> cuts;
  private final int kth;
  private int calls;

  /** {@code kth} 0 cancels nothing. */
  CutReader(byte[] bytes, List<Integer> cuts, int kth) {
    this.bytes = ByteBuffer.wrap(bytes);
    this.cuts = cuts;
    this.kth = kth;
  }

  @Override
  public int read(ByteBuffer target) {
    calls++;
    if (kth > 0 && calls % kth == 0) {
      throw new CancellationException("the read " + calls);
    }
    return move(target);
  }

  private int move(ByteBuffer target) {
    if (!target.hasRemaining()) {
      return 0;
    }
    if (!bytes.hasRemaining()) {
      return -1;
    }
    int n = Math.min(Math.min(cuts.get(calls % cuts.size()), target.remaining()), bytes.remaining());
    target.put(bytes.slice(bytes.position(), n));
    bytes.position(bytes.position() + n);
    return n;
  }

  @Override
  public Future<Integer> readAsync(ByteBuffer target) {
    return new AbstractFuture<>() {
      private boolean waited;

      @Override
      protected Poll<Integer> advance(Waker waker) {
        if (!waited) {
          waited = true;
          waker.wake();
          return Poll.pending();
        }
        calls++;
        return Poll.ready(move(target));
      }
    };
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {}
}
