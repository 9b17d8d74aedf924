package io.github.epollo.fs;

import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A chunk of a file: full, unless the file ends. */
final class ChunkRead extends AbstractFuture<ByteBuffer> {
  private final AsyncFile file;
  private final long position;
  private final ByteBuffer chunk;
  private @Nullable Future<Integer> reading;

  ChunkRead(AsyncFile file, long position, int size) {
    this.file = file;
    this.position = position;
    this.chunk = ByteBuffer.allocate(size);
  }

  @Override
  protected Poll<ByteBuffer> advance(Waker waker) {
    while (chunk.hasRemaining()) {
      Future<Integer> step = reading;
      if (step == null) {
        reading = step = file.readAtAsync(chunk, position + chunk.position());
      }
      switch (step.poll(waker)) {
        case Poll.Ready<Integer>(Integer n) -> {
          reading = null;
          if (n < 0 || n % file.handle().alignment != 0) { // direct I/O cannot ask for what is behind the last, incomplete block
            return Poll.ready(chunk.flip());
          }
        }
        case Poll.Failed<Integer>(Throwable cause) -> {
          reading = null;
          return Poll.failed(cause);
        }
        case Poll.Pending<Integer> _ -> {
          return Poll.pending();
        }
      }
    }
    return Poll.ready(chunk.flip());
  }

  @Override
  protected void release() {
    if (reading != null) {
      reading.close();
      reading = null;
    }
  }

  @Override
  public String toString() {
    return "chunk at " + position + " of " + file;
  }
}
