package io.github.epollo.runtime.io;

import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CancellationException;

/** Takes bytes in pieces; every k-th direct write is cancelled while it waits, and every future waits once. */
class CutWriter implements AsyncWriter {
  final ByteArrayOutputStream written = new ByteArrayOutputStream();
  boolean shutDown;
  boolean closed;
  IOException failure; // of every write, if not null
  private final List<Integer> cuts;
  private final int kth;
  private int calls;

  @SuppressWarnings("NullAway.Init") // failure
  CutWriter(List<Integer> cuts, int kth) {
    this.cuts = cuts;
    this.kth = kth;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    calls++;
    if (kth > 0 && calls % kth == 0) {
      throw new CancellationException("the write " + calls);
    }
    return move(source);
  }

  private int move(ByteBuffer source) throws IOException {
    if (failure != null) {
      throw failure;
    }
    int n = Math.min(cuts.get(calls % cuts.size()), source.remaining());
    for (int i = 0; i < n; i++) {
      written.write(source.get());
    }
    return n;
  }

  @Override
  public Future<Integer> writeAsync(ByteBuffer source) {
    return new AbstractFuture<>() {
      private boolean waited;

      @Override
      protected Poll<Integer> advance(Waker waker) throws IOException {
        if (!waited) {
          waited = true;
          waker.wake();
          return Poll.pending();
        }
        calls++;
        return Poll.ready(move(source));
      }
    };
  }

  @Override
  public void shutdownOutput() {
    shutDown = true;
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  @Override
  public void close() {
    closed = true;
  }
}
