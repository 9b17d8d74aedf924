package io.github.epollo.runtime.io;

import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.loop.TaskThread;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * {@link AsyncWriter#fromOutputStream} and {@link AsyncWriter#fromChannel}. A write takes the caller's bytes when its call begins, and answers when that has ended: whoever stops waiting in between sees by the
 * buffer's position what is on its way.
 */
final class BlockingWriter implements AsyncWriter, ClosedAtOnce {
  private final BlockingCalls calls;
  private final BlockingCalls.Body body;
  private final BlockingCalls.Body end;
  private volatile boolean ended; // written by the task that writes

  private BlockingWriter(Closeable stream, BlockingCalls.Body body, BlockingCalls.Body end) {
    this.calls = new BlockingCalls(stream);
    this.body = body;
    this.end = end;
  }

  static BlockingWriter of(OutputStream out) {
    return new BlockingWriter(out, chunk -> {
      out.write(chunk.array(), chunk.arrayOffset(), chunk.limit());
      out.flush(); // nobody could do it later
      return chunk.limit();
    }, ending(out));
  }

  static BlockingWriter of(WritableByteChannel channel) {
    return new BlockingWriter(BlockingCalls.requireBlocking(channel), writing(channel), ending(channel));
  }

  /** The writing half of a channel that is read from, too. */
  static BlockingWriter ofHalf(ByteChannel channel) {
    return new BlockingWriter(BlockingCalls.requireBlocking(channel), writing(channel), ending(() -> {
      if (channel instanceof SocketChannel socket) {
        SocketChannel _ = socket.shutdownOutput();
      }
    }));
  }

  private static BlockingCalls.Body writing(WritableByteChannel channel) {
    return chunk -> {
      while (chunk.hasRemaining()) {
        int _ = BufferedAsyncReader.requireProgress(channel.write(chunk), channel);
      }
      return chunk.limit();
    };
  }

  private static BlockingCalls.Body ending(Closeable end) {
    return _ -> {
      end.close();
      return 0;
    };
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    if (!calls.isHere()) {
      return BlockingCalls.await(writeAsync(source));
    }
    Waker caller = Awaiter.current();
    requireOutput();
    calls.enter(caller);
    try {
      if (!source.hasRemaining()) {
        return 0;
      }
      int n = take(source);
      int _ = calls.run(body);
      return n;
    } finally {
      calls.leave(caller);
    }
  }

  @Override
  public Future<Integer> writeAsync(ByteBuffer source) {
    return new Operation<>("write to", new ChannelFuture.Operation<>() {
      private int taken;

      @Override
      public Poll<Integer> poll(Waker waker) throws IOException {
        requireOutput();
        calls.enter(waker);
        while (true) {
          if (calls.isIdle()) {
            if (!source.hasRemaining()) {
              return Poll.ready(0);
            }
            taken = take(source);
            calls.start(body);
          }
          switch (calls.poll()) {
            case Poll.Ready<Integer> _ -> {
              if (taken > 0) {
                return Poll.ready(taken);
              } // else it was a write that somebody stopped waiting for
            }
            case Poll.Failed<Integer> failed -> {
              return failed;
            }
            case Poll.Pending<Integer> pending -> {
              return pending;
            }
          }
        }
      }
    });
  }

  @Override
  public void shutdownOutput() throws IOException {
    if (!calls.isHere()) {
      BlockingCalls.await(shutdownOutputAsync());
      return;
    }
    calls.requireOpen();
    if (!ended) {
      ended = true;
      int _ = calls.run(end);
    }
  }

  @Override
  public Future<@Nullable Void> shutdownOutputAsync() {
    return new Operation<@Nullable Void>("shut down the output of", this::pollEnd);
  }

  private Poll<@Nullable Void> pollEnd(Waker waker) throws IOException {
    calls.requireOpen();
    calls.enter(waker);
    while (true) {
      if (calls.isIdle()) {
        if (ended) {
          return Poll.ready(null);
        }
        ended = true;
        calls.start(end);
      }
      switch (calls.poll()) {
        case Poll.Ready<Integer> _ -> {}
        case Poll.Failed<Integer>(Throwable cause) -> {
          return Poll.failed(cause);
        }
        case Poll.Pending<Integer> _ -> {
          return Poll.pending();
        }
      }
    }
  }

  private void requireOutput() throws IOException {
    calls.requireOpen();
    if (ended) {
      throw ClosedChannel.outputShutDown(this);
    }
  }

  private int take(ByteBuffer source) {
    ByteBuffer chunk = calls.chunk;
    int n = Math.min(chunk.capacity(), source.remaining());
    chunk.clear().limit(n).put(0, source, source.position(), n);
    source.position(source.position() + n);
    return n;
  }

  @Override
  public boolean isOpen() {
    return calls.isOpen();
  }

  /** Closes the stream; in a task that could wait for it, on a thread of the pool, for it may have something left to write. */
  @Override
  public void close() throws IOException {
    try {
      if (calls.isOpen() && calls.isIdle() && !ended && TaskThread.currentOrNull() != null) {
        shutdownOutput();
      }
    } finally {
      closeAtOnce();
    }
  }

  @Override
  public void closeAtOnce() throws IOException {
    calls.close();
  }

  @Override
  public String toString() {
    return calls.toString();
  }

  private final class Operation<T extends @Nullable Object> extends ChannelFuture<T> {
    private final String name;

    Operation(String name, ChannelFuture.Operation<T> operation) {
      super(operation);
      this.name = name;
    }

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
      return name + " " + BlockingWriter.this;
    }
  }
}
