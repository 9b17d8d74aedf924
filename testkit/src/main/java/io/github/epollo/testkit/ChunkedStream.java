package io.github.epollo.testkit;

import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.io.AsyncByteChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * A channel whose bytes are cut where a test wants them cut, as a network may do.
 *
 * {@snippet class="io.github.epollo.testkit.SnippetsTest" region="chunked"}
 *
 * <p>Everything else, cancellation and threading too, is as the channel underneath says.
 */
public final class ChunkedStream implements AsyncByteChannel {
  private final AsyncByteChannel channel;
  private Chunking.Cursor reads = Chunking.of().cursor(); // whoever reads
  private Chunking.Cursor writes = Chunking.of().cursor(); // whoever writes

  /** Cuts nothing yet. */
  public ChunkedStream(AsyncByteChannel channel) {
    this.channel = Objects.requireNonNull(channel, "channel");
  }

  /** Lets no read go across a cut of {@code chunking}, beginning with the next byte; returns this. Not while a task reads. */
  public ChunkedStream limitReads(Chunking chunking) {
    reads = chunking.cursor();
    return this;
  }

  /** Lets no write go across a cut of {@code chunking}, beginning with the next byte; returns this. Not while a task writes. */
  public ChunkedStream limitWrites(Chunking chunking) {
    writes = chunking.cursor();
    return this;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    int start = target.position();
    int limit = limit(target, reads);
    try {
      return channel.read(target);
    } finally {
      unlimit(target, reads, start, limit);
    }
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    int start = source.position();
    int limit = limit(source, writes);
    try {
      return channel.write(source);
    } finally {
      unlimit(source, writes, start, limit);
    }
  }

  private static int limit(ByteBuffer buffer, Chunking.Cursor cursor) {
    int limit = buffer.limit();
    buffer.limit(buffer.position() + Math.min(buffer.remaining(), cursor.left()));
    return limit;
  }

  private static void unlimit(ByteBuffer buffer, Chunking.Cursor cursor, int start, int limit) {
    buffer.limit(limit);
    cursor.moved(buffer.position() - start);
  }

  @Override
  public Future<Integer> readAsync(ByteBuffer target) {
    return new Chunk(channel.readAsync(target), target, reads);
  }

  @Override
  public Future<Integer> writeAsync(ByteBuffer source) {
    return new Chunk(channel.writeAsync(source), source, writes);
  }

  @Override
  public void shutdownOutput() throws IOException {
    channel.shutdownOutput();
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  @Override
  public String toString() {
    return channel.toString();
  }

  private static final class Chunk extends AbstractFuture<Integer> {
    private final Future<Integer> moving;
    private final ByteBuffer buffer;
    private final Chunking.Cursor cursor;

    Chunk(Future<Integer> moving, ByteBuffer buffer, Chunking.Cursor cursor) {
      this.moving = moving;
      this.buffer = buffer;
      this.cursor = cursor;
    }

    @Override
    protected Poll<Integer> advance(Waker waker) {
      int start = buffer.position();
      int limit = limit(buffer, cursor);
      try {
        return moving.poll(waker);
      } finally {
        unlimit(buffer, cursor, start, limit);
      }
    }

    @Override
    protected void release() {
      moving.close();
    }

    @Override
    public String toString() {
      return moving.toString();
    }
  }
}
