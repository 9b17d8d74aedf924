package io.github.epollo.testkit.sim.files;

import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.testkit.sim.SimWorld;
import io.github.epollo.testkit.sim.UserMemory;
import io.github.epollo.testkit.sim.disk.RegularFile;
import io.github.epollo.testkit.sim.disk.Watcher;

/** An open regular file: a position, and how it may be used. */
final class OpenRegular extends NodeFile {
  private static final int ALIGNMENT = 512; // of O_DIRECT

  private final RegularFile file;
  private long position;

  OpenRegular(SimWorld world, RegularFile file, int flags) {
    super(world, file, flags);
    this.file = file;
  }

  RegularFile file() {
    return file;
  }

  @Override
  public long read(UserMemory target) {
    return readAtPosition(target, false);
  }

  long readAtPosition(UserMemory target, boolean noWait) {
    long result = readAt(target, position, noWait);
    position += Math.max(0, result);
    return result;
  }

  /** pread(2). {@code noWait}: only what is in the page cache. */
  long readAt(UserMemory target, long offset, boolean noWait) {
    if (!isReadable()) {
      return -Errno.EBADF;
    }
    if (offset < 0 || isMisaligned(target, offset)) {
      return -Errno.EINVAL;
    }
    int length = (int) target.length();
    int count = file.available(offset, length);
    if (noWait && count > 0) {
      count = has(FileFlags.O_DIRECT) ? 0 : file.cached(offset, length);
      if (count == 0) {
        return -Errno.EAGAIN;
      }
    }
    if (count > 0) {
      if (!has(FileFlags.O_DIRECT)) {
        file.load(offset, count);
      }
      target.write(file.read(offset, count));
      if (!has(FileFlags.O_NOATIME)) {
        file.touchAccessed();
      }
      file.happened(Watcher.ACCESS);
    }
    return count;
  }

  @Override
  public long write(UserMemory source) {
    return writeAtPosition(source, false, false);
  }

  long writeAtPosition(UserMemory source, boolean noWait, boolean sync) {
    long at = has(FileFlags.O_APPEND) ? file.size() : position;
    long result = writeAt(source, at, noWait, sync);
    if (result >= 0) {
      position = at + result;
    }
    return result;
  }

  /** pwrite(2), which appends with O_APPEND, as Linux does. {@code noWait}: only what needs neither space nor the device. */
  long writeAt(UserMemory source, long offset, boolean noWait, boolean sync) {
    if (!isWritable()) {
      return -Errno.EBADF;
    }
    if (offset < 0 || isMisaligned(source, offset)) {
      return -Errno.EINVAL;
    }
    long at = has(FileFlags.O_APPEND) ? file.size() : offset;
    int length = (int) source.length();
    boolean synced = sync || has(FileFlags.O_DSYNC);
    if (noWait && length > 0 && (synced || has(FileFlags.O_DIRECT) || !file.isWritable(at, length))) {
      return -Errno.EAGAIN;
    }
    int count = file.write(at, source.read(length));
    if (synced) {
      file.sync();
    }
    if (count > 0) {
      file.happened(Watcher.MODIFY);
    }
    return count;
  }

  private boolean isMisaligned(UserMemory memory, long offset) {
    return has(FileFlags.O_DIRECT) && (offset % ALIGNMENT != 0 || !memory.isAligned(ALIGNMENT));
  }

  /** lseek(2). */
  long seek(long offset, int whence) {
    long base = switch (whence) {
      case FileFlags.SEEK_SET -> 0;
      case FileFlags.SEEK_CUR -> position;
      case FileFlags.SEEK_END -> file.size();
      case 3, 4 -> throw new UnsupportedOperationException("the simulated kernel has no SEEK_DATA and SEEK_HOLE");
      default -> -1;
    };
    long target = base + offset;
    if (base < 0 || target < 0) {
      return -Errno.EINVAL;
    }
    position = target;
    return target;
  }

  /** fcntl(2) with an open-file-description lock. */
  int lock(int command, int type, long start, long length) {
    long end = length == 0 ? Long.MAX_VALUE : start + length;
    if (start < 0 || end <= start) {
      return end < 0 && start >= 0 && length > 0 ? -Errno.EOVERFLOW : -Errno.EINVAL;
    }
    switch (type) {
      case FileFlags.F_UNLCK -> file.locks().unlock(this, start, end);
      case FileFlags.F_RDLCK, FileFlags.F_WRLCK -> {
        boolean exclusive = type == FileFlags.F_WRLCK;
        if (exclusive ? !isWritable() : !isReadable()) {
          return -Errno.EBADF;
        }
        if (file.locks().conflicts(this, start, end, exclusive)) {
          return wouldBlock(command != FileFlags.F_OFD_SETLKW);
        }
        file.locks().lock(this, start, end, exclusive);
      }
      default -> {
        return -Errno.EINVAL;
      }
    }
    return 0;
  }

  @Override
  protected void released() {
    file.locks().unlock(this, 0, Long.MAX_VALUE);
    super.released();
  }

  @Override
  public String toString() {
    return "file " + super.toString();
  }
}
