package io.github.epollo.runtime.io;

import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** {@link AsyncReader#fromInputStream} and {@link AsyncReader#fromChannel}. It asks for no more than the caller has room for, so whoever uses the stream afterwards misses nothing. */
final class BlockingReader implements AsyncReader {
  private final BlockingCalls calls;
  private final BlockingCalls.Body body;

  private BlockingReader(Closeable stream, BlockingCalls.Body body) {
    this.calls = new BlockingCalls(stream);
    this.body = body;
  }

  static BlockingReader of(InputStream in) {
    return new BlockingReader(in, chunk -> {
      int n = in.read(chunk.array(), chunk.arrayOffset(), chunk.limit());
      chunk.position(Math.max(0, n));
      return n;
    });
  }

  static BlockingReader of(ReadableByteChannel channel) {
    return new BlockingReader(BlockingCalls.requireBlocking(channel), channel::read);
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    return calls.isHere() ? readHere(target) : BlockingCalls.await(readAsync(target));
  }

  private int readHere(ByteBuffer target) throws IOException {
    check(target);
    Waker caller = Awaiter.current();
    calls.enter(caller);
    try {
      return calls.chunk.hasRemaining() || !target.hasRemaining()
          ? take(target)
          : took(calls.run(body(target)), target);
    } finally {
      calls.leave(caller);
    }
  }

  @Override
  public Future<Integer> readAsync(ByteBuffer target) {
    return new ChannelFuture<>(waker -> poll(waker, target)) {
      @Override
      protected void requireNotClosedWhileWaiting() throws IOException {
        calls.requireNotClosedWhileWaiting();
      }

      @Override
      protected void forget(Waker waker) {
        calls.leave(waker);
      }

      @Override
      public String toString() {
        return "read from " + BlockingReader.this;
      }
    };
  }

  private Poll<Integer> poll(Waker waker, ByteBuffer target) throws IOException {
    check(target);
    if (!target.hasRemaining()) {
      return Poll.ready(0);
    }
    calls.enter(waker);
    if (calls.isIdle()) {
      if (calls.chunk.hasRemaining()) {
        return Poll.ready(take(target));
      }
      calls.start(body(target));
    }
    return switch (calls.poll()) {
      case Poll.Ready<Integer>(Integer n) -> Poll.ready(took(n, target));
      case Poll.Failed<Integer> failed -> failed;
      case Poll.Pending<Integer> pending -> pending;
    };
  }

  private void check(ByteBuffer target) throws IOException {
    if (target.isReadOnly()) {
      throw new IllegalArgumentException("cannot read into " + target + ": it is read-only");
    }
    calls.requireOpen();
  }

  /** The next read, of no more than {@code target} has room for. */
  private BlockingCalls.Body body(ByteBuffer target) {
    int room = target.remaining();
    return chunk -> {
      chunk.clear().limit(Math.min(room, chunk.capacity()));
      boolean done = false;
      try {
        int n = body.run(chunk);
        done = true;
        return n;
      } finally {
        chunk.limit(done ? chunk.position() : 0).position(0);
      }
    };
  }

  /** The read has answered {@code n}, perhaps one that another future had begun. */
  private int took(int n, ByteBuffer target) throws IOException {
    return BufferedAsyncReader.requireProgress(n, this) < 0 ? -1 : take(target);
  }

  private int take(ByteBuffer target) {
    ByteBuffer chunk = calls.chunk;
    int n = Math.min(chunk.remaining(), target.remaining());
    target.put(target.position(), chunk, chunk.position(), n);
    target.position(target.position() + n);
    chunk.position(chunk.position() + n);
    return n;
  }

  @Override
  public boolean isOpen() {
    return calls.isOpen();
  }

  @Override
  public void close() throws IOException {
    calls.close();
  }

  @Override
  public String toString() {
    return calls.toString();
  }
}
