package io.github.epollo.testkit.sim.files;

import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.NativeMemory;
import io.github.epollo.runtime.kernel.Sockets;
import io.github.epollo.testkit.sim.OpenFile;
import io.github.epollo.testkit.sim.SimHost;
import io.github.epollo.testkit.sim.SimSocket;
import io.github.epollo.testkit.sim.UserMemory;
import io.github.epollo.testkit.sim.disk.Directory;
import io.github.epollo.testkit.sim.disk.Disk;
import io.github.epollo.testkit.sim.disk.FileError;
import io.github.epollo.testkit.sim.disk.RegularFile;
import io.github.epollo.testkit.sim.disk.Watcher;

/** The calls on open files. They answer, or throw a {@link FileError}. */
public final class FdCalls {
  private static final int RWF_HIPRI = 1;
  private static final int RWF_SYNC = 4;
  private static final int KNOWN = FileFlags.RWF_NOWAIT | FileFlags.RWF_DSYNC | RWF_HIPRI | RWF_SYNC;

  private final SimHost host;
  private final Disk disk;

  FdCalls(SimHost host, Disk disk) {
    this.host = host;
    this.disk = disk;
  }

  /** The file of an fd. */
  public OpenFile file(int fd) {
    OpenFile file = host.file(fd);
    if (file == null) {
      throw new FileError(Errno.EBADF);
    }
    return file;
  }

  /** pread(2), preadv(2): at an offset. */
  public long readAt(OpenFile file, UserMemory target, long offset, boolean noWait) {
    if (offset < 0) {
      return -Errno.EINVAL;
    }
    return switch (file) {
      case OpenRegular regular -> regular.readAt(target, offset, noWait);
      case OpenDirectory _ -> -Errno.EISDIR;
      case NodeFile _ -> -Errno.EBADF;
      default -> -Errno.ESPIPE;
    };
  }

  /** pwrite(2), pwritev(2): at an offset. */
  public long writeAt(OpenFile file, UserMemory source, long offset, boolean noWait, boolean sync) {
    if (offset < 0) {
      return -Errno.EINVAL;
    }
    return switch (file) {
      case OpenRegular regular -> regular.writeAt(source, offset, noWait, sync);
      case NodeFile _ -> -Errno.EBADF;
      default -> -Errno.ESPIPE;
    };
  }

  /** preadv2(2). */
  public long preadv2(int fd, UserMemory target, long offset, int flags) {
    if (offset < -1) {
      return -Errno.EINVAL;
    }
    if ((flags & ~KNOWN) != 0) {
      return -Errno.EOPNOTSUPP;
    }
    OpenFile file = file(fd);
    boolean noWait = (flags & FileFlags.RWF_NOWAIT) != 0;
    return offset == -1 ? read(file, target, noWait) : readAt(file, target, offset, noWait);
  }

  /** Reads at the file's own position. */
  public long read(OpenFile file, UserMemory target, boolean noWait) {
    return switch (file) {
      case OpenRegular regular -> regular.readAtPosition(target, noWait);
      case PipeEnd end -> end.read(target, noWait);
      case SimSocket socket -> socket.receive(target, noWait ? Sockets.MSG_DONTWAIT : 0);
      default -> file.read(target);
    };
  }

  /** pwritev2(2). */
  public long pwritev2(int fd, UserMemory source, long offset, int flags) {
    if (offset < -1) {
      return -Errno.EINVAL;
    }
    if ((flags & ~KNOWN) != 0) {
      return -Errno.EOPNOTSUPP;
    }
    OpenFile file = file(fd);
    boolean noWait = (flags & FileFlags.RWF_NOWAIT) != 0;
    boolean sync = (flags & (FileFlags.RWF_DSYNC | RWF_SYNC)) != 0;
    return offset == -1 ? write(file, source, noWait, sync) : writeAt(file, source, offset, noWait, sync);
  }

  /** Writes at the file's own position. */
  public long write(OpenFile file, UserMemory source, boolean noWait, boolean sync) {
    return switch (file) {
      case OpenRegular regular -> regular.writeAtPosition(source, noWait, sync);
      case PipeEnd end -> end.write(source, noWait);
      case SimSocket socket -> socket.send(source, noWait ? Sockets.MSG_DONTWAIT : 0);
      default -> file.write(source);
    };
  }

  /** lseek(2). */
  public long lseek(int fd, long offset, int whence) {
    return switch (file(fd)) {
      case OpenRegular regular -> regular.seek(offset, whence);
      case OpenDirectory directory -> directory.seek(offset, whence);
      case NodeFile _ -> -Errno.EBADF;
      default -> -Errno.ESPIPE;
    };
  }

  /** ftruncate(2). */
  public int ftruncate(OpenFile file, long length) {
    if (length < 0) {
      return -Errno.EINVAL;
    }
    if (!(file instanceof OpenRegular regular) || !regular.isWritable()) {
      return file instanceof NodeFile path && path.isPath() ? -Errno.EBADF : -Errno.EINVAL;
    }
    regular.file().truncate(length);
    regular.file().happened(Watcher.MODIFY);
    return 0;
  }

  /** fallocate(2). */
  public int fallocate(OpenFile file, int mode, long offset, long length) {
    int known = FileFlags.FALLOC_FL_KEEP_SIZE | FileFlags.FALLOC_FL_PUNCH_HOLE;
    if (offset < 0 || length <= 0) {
      return -Errno.EINVAL;
    }
    if ((mode & ~known) != 0 || mode == FileFlags.FALLOC_FL_PUNCH_HOLE) {
      return -Errno.EOPNOTSUPP;
    }
    if (!(file instanceof OpenRegular regular)) {
      return file instanceof PipeEnd end && end.isWriter() ? -Errno.ESPIPE : -Errno.EBADF;
    }
    if (!regular.isWritable()) {
      return -Errno.EBADF;
    }
    if ((mode & FileFlags.FALLOC_FL_PUNCH_HOLE) != 0) {
      regular.file().punch(offset, length);
    } else {
      regular.file().allocate(offset, length, (mode & FileFlags.FALLOC_FL_KEEP_SIZE) != 0);
    }
    regular.file().happened(Watcher.MODIFY);
    return 0;
  }

  /** posix_fadvise(2): POSIX_FADV_DONTNEED empties the page cache; the others are good advice. */
  public int fadvise(OpenFile file, long offset, long length, int advice) {
    if (file instanceof PipeEnd) {
      return -Errno.ESPIPE;
    }
    if (file instanceof NodeFile path && path.isPath()) {
      return -Errno.EBADF;
    }
    if (length < 0 || advice < 0 || advice > 5) {
      return -Errno.EINVAL;
    }
    if (advice == 4 && file instanceof OpenRegular regular) {
      regular.file().evict(offset, length == 0 ? Long.MAX_VALUE - offset : length);
    }
    return 0;
  }

  /** fsync(2), fdatasync(2). */
  public int sync(OpenFile file) {
    switch (file) {
      case OpenRegular regular -> regular.file().sync();
      case OpenDirectory directory -> disk.sync((Directory) directory.node);
      case NodeFile _ -> {
        return -Errno.EBADF;
      }
      default -> {
        return -Errno.EINVAL;
      }
    }
    return 0;
  }

  /** fcntl(2) with a lock of an open file description. */
  public int lock(int fd, int command, int type, long offset, long length) {
    if (command != FileFlags.F_OFD_SETLK && command != FileFlags.F_OFD_SETLKW) {
      throw new UnsupportedOperationException(
          "the simulated kernel has locks of open file descriptions only: command " + command);
    }
    return switch (file(fd)) {
      case OpenRegular regular -> regular.lock(command, type, offset, length);
      case NodeFile path when path.isPath() -> -Errno.EBADF;
      default -> throw new UnsupportedOperationException("the simulated kernel locks regular files only");
    };
  }

  /** fchmod(2). */
  public int fchmod(int fd, int mode) {
    OpenFile file = file(fd);
    if (!(file instanceof NodeFile open) || open.isPath()) {
      return file instanceof NodeFile ? -Errno.EBADF : 0;
    }
    open.node.permissions(mode);
    open.node.happened(Watcher.ATTRIBUTES);
    return 0;
  }

  /** getdents64(2). */
  public long getdents(int fd, long bufferAddress, long length) {
    OpenFile file = file(fd);
    if (file instanceof NodeFile open && open.isPath()) {
      return -Errno.EBADF;
    }
    return file instanceof OpenDirectory directory ? directory.list(bufferAddress, length) : -Errno.ENOTDIR;
  }

  /** pipe2(2). */
  public int pipe2(long fdsAddress, int flags) {
    if ((flags & FileFlags.O_DIRECT) != 0) {
      throw new UnsupportedOperationException("the simulated kernel has no pipes of packets (O_DIRECT)");
    }
    if ((flags & ~(FileFlags.O_CLOEXEC | FileFlags.O_NONBLOCK)) != 0) {
      return -Errno.EINVAL;
    }
    boolean nonBlocking = (flags & FileFlags.O_NONBLOCK) != 0;
    boolean closeOnExec = (flags & FileFlags.O_CLOEXEC) != 0;
    Pipe pipe = new Pipe();
    PipeEnd reader = new PipeEnd(host.world(), pipe, null, FileFlags.O_RDONLY, nonBlocking);
    PipeEnd writer = new PipeEnd(host.world(), pipe, null, FileFlags.O_WRONLY, nonBlocking);
    int first = host.open(reader, closeOnExec);
    if (first < 0) {
      return first;
    }
    int second = host.open(writer, closeOnExec);
    if (second < 0) {
      int _ = host.close(first);
      return second;
    }
    NativeMemory.putInt(fdsAddress, first);
    NativeMemory.putInt(fdsAddress + Integer.BYTES, second);
    return 0;
  }

  /** What a read of a file would have the device do: how many pages it would have to fetch; 0 for anything else. */
  public int misses(OpenFile file, long offset, int length) {
    return file instanceof OpenRegular regular ? misses(regular, offset, length) : 0;
  }

  private static int misses(OpenRegular regular, long offset, int length) {
    RegularFile file = regular.file();
    int pages = (length + Disk.PAGE - 1) / Disk.PAGE;
    return regular.has(FileFlags.O_DIRECT) ? pages : file.misses(offset, length);
  }

  /** How many pages a sync of a file would have the device write. */
  public int unsynced(OpenFile file) {
    return file instanceof OpenRegular regular ? regular.file().unsyncedPages() : 0;
  }
}
