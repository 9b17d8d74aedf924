package io.github.epollo.fs;

import io.github.epollo.fs.engine.NativeBuffer;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.Fd;
import io.github.epollo.runtime.kernel.FileFlags;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Writes into the page cache, on the spot, without an allocation, where the file system knows whether that would wait. */
final class WriteAttempt {
  private WriteAttempt() {}

  /** Writes some of {@code source}; how many bytes, or {@link ReadAttempt#WOULD_WAIT}. */
  static int write(FileHandle file, ByteBuffer source, long position) throws IOException {
    Fd fd = file.acquire();
    NativeBuffer memory = file.context.data().take();
    try {
      if (!file.writesOnTheSpot) {
        return ReadAttempt.WOULD_WAIT;
      }
      int length = Math.min(source.remaining(), memory.size());
      memory.bytes().put(0, source, source.position(), length);
      long n = file.kernel.pwritev2(fd.number(), memory.vector(length), 1, position, FileFlags.RWF_NOWAIT);
      if (n < 0) {
        return refused(file, n);
      }
      source.position(source.position() + (int) n);
      return (int) n;
    } finally {
      file.context.data().give(memory);
      fd.release();
    }
  }

  private static int refused(FileHandle file, long result) throws IOException {
    if (result == -Errno.EOPNOTSUPP || result == -Errno.ENOSYS) {
      file.writesOnTheSpot = false;
    } else if (result != -Errno.EAGAIN) {
      throw file.failed("pwritev2", result);
    }
    return ReadAttempt.WOULD_WAIT;
  }
}
