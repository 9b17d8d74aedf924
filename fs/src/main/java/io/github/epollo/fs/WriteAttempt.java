package io.github.epollo.fs;

import static io.github.epollo.fs.ReadAttempt.WOULD_WAIT;

import io.github.epollo.fs.engine.NativeBuffer;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.Fd;
import io.github.epollo.runtime.kernel.FileFlags;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Writes into the page cache, on the spot, where the file system can tell whether that would wait. */
final class WriteAttempt {
  private WriteAttempt() {}

  /** Writes some of {@code source}, and allocates nothing; how many bytes, or {@link ReadAttempt#WOULD_WAIT}. */
  static int write(FileHandle file, ByteBuffer source, long position) throws IOException {
    if (!file.writesOnTheSpot) {
      return WOULD_WAIT;
    }
    NativeBuffer memory = file.context.data().take();
    try {
      int length = Math.min(source.remaining(), memory.size());
      memory.bytes().put(0, source, source.position(), length);
      int n = write(file, memory, length, position);
      if (n > 0) {
        source.position(source.position() + n);
      }
      return n;
    } finally {
      file.context.data().give(memory);
    }
  }

  /** As {@link #write(FileHandle, ByteBuffer, long)}, from several buffers, with one call. */
  static long write(FileHandle file, ByteBuffer[] sources, int offset, int length, long position) throws IOException {
    if (!file.writesOnTheSpot) {
      return WOULD_WAIT;
    }
    NativeBuffer memory = file.context.data().take();
    try {
      int n = write(file, memory, TransferBuffers.gather(sources, offset, length, memory), position);
      TransferBuffers.advance(n, sources, offset, length);
      return n;
    } finally {
      file.context.data().give(memory);
    }
  }

  private static int write(FileHandle file, NativeBuffer memory, int length, long position) throws IOException {
    Fd fd = file.acquire();
    long n;
    try {
      n = file.kernel.pwritev2(fd.number(), memory.vector(length), 1, position, FileFlags.RWF_NOWAIT);
    } finally {
      fd.release();
    }
    if (n >= 0) {
      return (int) n;
    }
    if (n == -Errno.EOPNOTSUPP || n == -Errno.ENOSYS) {
      file.writesOnTheSpot = false;
    } else if (n != -Errno.EAGAIN) {
      WriteOperation.noteFailure(file, n);
      throw file.failed("pwritev2", n);
    }
    return WOULD_WAIT;
  }
}
