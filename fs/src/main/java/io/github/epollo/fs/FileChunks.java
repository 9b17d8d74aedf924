package io.github.epollo.fs;

import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.stream.AbstractStream;
import io.github.epollo.runtime.stream.AsyncStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** {@link AsyncFile#chunks}: chunks in order, of which some are read ahead. The first that is short is the last one: what is appended meanwhile would leave a gap before those read ahead. */
final class FileChunks extends AbstractStream<ByteBuffer> {
  private final AsyncStream<ByteBuffer> reads;
  private final int size;
  private final String name;
  private boolean ended;

  FileChunks(AsyncFile file, long position, int size, int readAhead) {
    TransferBuffers.requirePosition(position);
    if (size <= 0) {
      throw new IllegalArgumentException("the size of a chunk must be positive: " + size);
    }
    if (readAhead < 0) {
      throw new IllegalArgumentException("the number of chunks read ahead must not be negative: " + readAhead);
    }
    this.size = size;
    this.name = "chunks of " + size + " bytes of " + file;
    this.reads = AsyncStream.iterate(position, p -> p + size).buffered(readAhead + 1,
        p -> new ChunkRead(file, p, size));
  }

  @Override
  protected Poll<@Nullable ByteBuffer> advance(Waker waker) {
    if (ended) {
      return end();
    }
    Poll<@Nullable ByteBuffer> poll = reads.pollNext(waker);
    ByteBuffer chunk = valueOf(poll);
    if (chunk == null) {
      return poll;
    }
    ended = chunk.remaining() < size;
    return chunk.hasRemaining() ? poll : end();
  }

  @Override
  protected void release() {
    reads.close();
  }

  @Override
  public String toString() {
    return name;
  }
}
