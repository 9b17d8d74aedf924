package io.github.epollo.fs;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.io.AsyncReader;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A file from a position on, with a position of its own that moves when a result is delivered. Closing it leaves the file open. */
final class FileRangeReader implements AsyncReader {
  private final AsyncFile file;
  private long position;
  private boolean ended;

  FileRangeReader(AsyncFile file, long position) {
    this.file = file;
    this.position = position;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    return ended ? atEnd(target) : took(file.readAt(target, position));
  }

  @Override
  public Future<Integer> readAsync(ByteBuffer target) {
    return ended ? Future.ready(atEnd(target)) : file.readAtAsync(target, position).map(this::took);
  }

  private static int atEnd(ByteBuffer target) {
    return target.hasRemaining() ? -1 : 0;
  }

  /** Direct I/O cannot ask for what is behind the last, incomplete block; so it is known to be the last. */
  private int took(int n) {
    position += Math.max(n, 0);
    ended = n > 0 && n % file.handle().alignment != 0;
    return n;
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
