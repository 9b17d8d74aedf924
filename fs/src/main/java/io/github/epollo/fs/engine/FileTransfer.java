package io.github.epollo.fs.engine;

import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.Fd;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.FileKernel;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;

/**
 * A copy of one open file to another, from the start of both, step by step. The kernel copies, and shares the blocks where the file system can; where it cannot, the bytes go through memory. Holes stay
 * holes.
 *
 * <p>Each step is a call of its own, one at a time; all fields are the thread's that makes it, and the caller's when it is done.
 */
public final class FileTransfer {
  private static final long STEP = 8L << 20; // some milliseconds at the speed of memory
  private static final long STEP_THROUGH_MEMORY = 1L << 20;

  private final FileContext context;
  private final Fd source;
  private final Fd target;
  private final long size;
  private boolean sparse;
  private boolean byKernel = true;
  private long offset;
  private boolean ended;

  /**
   * A copy that has not begun.
   *
   * @param size the bytes of the source
   * @param sparse whether there may be holes in it
   */
  public FileTransfer(FileContext context, Fd source, Fd target, long size, boolean sparse) {
    this.context = context;
    this.source = source;
    this.target = target;
    this.size = size;
    this.sparse = sparse;
  }

  /** How far it has got, in bytes. */
  public long offset() {
    return offset;
  }

  /** Whether all was copied. */
  public boolean hasEnded() {
    return ended;
  }

  /**
   * The next step; its result is 0 or {@code -errno}.
   *
   * @throws ClosedChannelException if one of the files was closed
   * @throws IOException if a ring is asked for and cannot be had
   */
  public FileCall step() throws IOException {
    return new Step();
  }

  private final class Step extends FileCall {
    private final NativeBuffer buffer;

    Step() throws IOException {
      super(context.engine(), context.kernel());
      if (!source.acquire()) {
        throw new ClosedChannelException();
      }
      if (!target.acquire()) {
        source.release();
        throw new ClosedChannelException();
      }
      buffer = context.data().take();
    }

    @Override
    protected long call(FileKernel kernel) {
      long from = offset;
      long end = Long.MAX_VALUE;
      if (sparse) {
        long data = kernel.lseek(source.number(), offset, FileFlags.SEEK_DATA);
        if (data == -Errno.ENXIO) {
          return endWithHole(kernel);
        }
        sparse = data >= 0; // else the file system does not know of holes
        if (sparse) {
          from = data;
          long hole = kernel.lseek(source.number(), data, FileFlags.SEEK_HOLE);
          end = hole > data ? hole : end;
        }
      }
      long n = copy(kernel, from, end - from);
      if (n < 0) {
        return n;
      }
      ended = n == 0;
      offset = from + n;
      return 0;
    }

    private long endWithHole(FileKernel kernel) {
      ended = true;
      if (offset >= size) {
        return 0;
      }
      offset = size;
      return kernel.ftruncate(target.number(), size);
    }

    private long copy(FileKernel kernel, long from, long length) {
      if (byKernel) {
        long n = kernel.copyFileRange(source.number(), from, target.number(), from, Math.min(length, STEP));
        if (n > 0) {
          return n;
        }
        if (n < 0 && !isNoWay(n)) {
          return n;
        }
        byKernel = false; // 0 is the end, or a file that only a read can tell
      }
      return copyThroughMemory(kernel, from, Math.min(length, STEP_THROUGH_MEMORY));
    }

    private static boolean isNoWay(long result) {
      return result == -Errno.EXDEV || result == -Errno.EOPNOTSUPP || result == -Errno.EINVAL
          || result == -Errno.ENOSYS;
    }

    private long copyThroughMemory(FileKernel kernel, long from, long length) {
      long copied = 0;
      while (copied < length && !isCancelled()) {
        long n = kernel.pread(source.number(), buffer.address(), Math.min(length - copied, buffer.size()),
            from + copied);
        if (n <= 0) {
          return n < 0 ? n : copied;
        }
        for (long written = 0; written < n;) {
          long w = kernel.pwrite(target.number(), buffer.address() + written, n - written, from + copied + written);
          if (w < 0) {
            return w;
          }
          written += w;
        }
        copied += n;
      }
      return copied > 0 ? copied : -Errno.ECANCELED;
    }

    @Override
    protected void release() {
      context.data().give(buffer);
      source.release();
      target.release();
    }

    @Override
    public String toString() {
      return "copy_file_range " + source + " " + target;
    }
  }
}
