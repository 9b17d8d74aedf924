package io.github.epollo.fs;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.io.AsyncWriter;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A file from a position on, or its end if it was opened to append; with a position of its own that moves by what is known to be written. Closing it leaves the file open. */
final class FileRangeWriter implements AsyncWriter {
  private final AsyncFile file;
  private final boolean appends;
  private long position;

  FileRangeWriter(AsyncFile file, long position) {
    this.file = file;
    this.appends = file.handle().options.appends();
    this.position = position;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    int start = source.position();
    try {
      return appends ? file.write(source) : file.writeAt(source, position);
    } finally {
      position += source.position() - start; // also of a write that was stopped
    }
  }

  @Override
  public Future<Integer> writeAsync(ByteBuffer source) {
    return (appends ? file.writeAsync(source) : file.writeAtAsync(source, position)).map(n -> {
      position += n;
      return n;
    });
  }

  @Override
  public void shutdownOutput() {}

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
