package io.github.epollo.fs;

import io.github.epollo.fs.engine.NativeBuffer;
import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.kernel.DirectMemory;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.Fd;
import io.github.epollo.runtime.kernel.FileFlags;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/** Reads what is in the page cache, on the spot. */
final class ReadAttempt {
  /** Nothing is there without waiting. Below every answer of a read, whose least is -1. */
  static final int WOULD_WAIT = -2;

  /** What is read at a time to be copied: it is still in the processor's cache then. */
  private static final int COPIED = 64 * 1024;

  /** What is read at a time where nothing is copied: some tens of microseconds. */
  private static final int UNCOPIED = 256 * 1024;

  /** From here on copying costs more than to find the address, for which the JDK makes an object that its compiler does not always avoid. */
  private static final int WORTH_AN_ADDRESS = 16 * 1024;

  private ReadAttempt() {}

  /**
   * Reads at most {@code target.remaining()} bytes; a page that is not in memory ends it early.
   *
   * @return how many; -1 at the end of the file; or {@link #WOULD_WAIT}
   */
  static int read(FileHandle file, Waker waker, ByteBuffer target, long position) throws IOException {
    if (!file.readsOnTheSpot) {
      return WOULD_WAIT;
    }
    Fd fd = file.acquire();
    NativeBuffer memory = file.context.data().take();
    try {
      return read(file, fd.number(), memory, waker, target, position);
    } finally {
      file.context.data().give(memory);
      fd.release();
    }
  }

  private static int read(FileHandle file, int number, NativeBuffer memory, Waker waker, ByteBuffer target,
      long position) throws IOException {
    int total = 0;
    while (true) {
      // A short answer is the end of what is in memory. Only 0 is the end of the file.
      int wanted;
      long n;
      long address = target.remaining() >= WORTH_AN_ADDRESS ? DirectMemory.address(target) : 0;
      if (address != 0) {
        wanted = Math.min(target.remaining(), UNCOPIED);
        n = readInto(file, number, memory, target, address, wanted, position + total);
      } else {
        wanted = Math.min(target.remaining(), COPIED);
        n = file.kernel.preadv2(number, memory.vector(wanted), 1, position + total, FileFlags.RWF_NOWAIT);
        if (n > 0) {
          target.put(target.position(), memory.bytes(), 0, (int) n);
        }
      }
      if (n > 0) {
        target.position(target.position() + (int) n);
        total += (int) n;
      }
      if (n == wanted && target.hasRemaining() && Awaiter.proceed(waker)) {
        continue;
      }
      if (total > 0) {
        return total; // what went wrong after that, the next read sees
      }
      return n == 0 ? -1 : refused(file, n);
    }
  }

  /** The kernel does not keep the address, so the collector must be kept away only for the call. */
  private static long readInto(FileHandle file, int number, NativeBuffer memory, ByteBuffer target, long address,
      int wanted, long position) {
    try {
      long vector = memory.vector(address, wanted);
      return file.kernel.preadv2(number, vector, 1, position, FileFlags.RWF_NOWAIT);
    } finally {
      Reference.reachabilityFence(target);
    }
  }

  /** As {@link #read(FileHandle, Waker, ByteBuffer, long)}, into several buffers, with one call. */
  static long read(FileHandle file, ByteBuffer[] targets, int offset, int length, long position) throws IOException {
    if (!file.readsOnTheSpot) {
      return WOULD_WAIT;
    }
    Fd fd = file.acquire();
    NativeBuffer memory = file.context.data().take();
    try {
      int wanted = (int) Math.min(TransferBuffers.remaining(targets, offset, length), memory.size());
      long n = file.kernel.preadv2(fd.number(), memory.vector(wanted), 1, position, FileFlags.RWF_NOWAIT);
      if (n < 0) {
        return refused(file, n);
      }
      TransferBuffers.scatter(memory, (int) n, targets, offset, length);
      return n == 0 ? -1 : n;
    } finally {
      file.context.data().give(memory);
      fd.release();
    }
  }

  private static int refused(FileHandle file, long result) throws IOException {
    if (result == -Errno.EOPNOTSUPP || result == -Errno.ENOSYS) {
      file.readsOnTheSpot = false;
    } else if (result != -Errno.EAGAIN) {
      throw file.failed("preadv2", result);
    }
    return WOULD_WAIT;
  }
}
