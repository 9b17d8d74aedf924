package io.github.epollo.fs;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.io.AsyncReader;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A file from a position on, with a position of its own that moves when a result is delivered. Closing it leaves the file open. */
final class FileRangeReader implements AsyncReader {
  private final AsyncFile file;
  private long position;

  FileRangeReader(AsyncFile file, long position) {
    this.file = file;
    this.position = position;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    int n = file.readAt(target, position);
    position += Math.max(n, 0);
    return n;
  }

  @Override
  public Future<Integer> readAsync(ByteBuffer target) {
    return file.readAtAsync(target, position).map(n -> {
      position += Math.max(n, 0);
      return n;
    });
  }

  @Override
  public boolean isOpen() {
    return file.isOpen();
  }

  @Override
  public void close() {}

  @Override
  public String toString() {
    return file + " from " + position;
  }
}
