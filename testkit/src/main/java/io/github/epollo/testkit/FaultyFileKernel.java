package io.github.epollo.testkit;

import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.FileKernel;
import java.util.function.IntConsumer;

/** The part of {@link FaultyKernel} for files. What a ring does is struck by {@link RingFaults}. */
final class FaultyFileKernel extends ForwardingFileKernel {
  private final FileFaults faults;
  private final IntConsumer report;

  /** {@code report} has an fd reported again by its epoll instance, if that watches it: after a call that did less than it could. */
  FaultyFileKernel(FileKernel kernel, FaultDraw draw, IntConsumer report) {
    super(kernel);
    this.faults = new FileFaults(draw);
    this.report = report;
  }

  private long reported(long result, int one, int other) {
    report.accept(one);
    report.accept(other);
    return result;
  }

  // ---- calls that make a file descriptor

  @Override
  public int openat(int directoryFd, long pathAddress, int flags, int mode) {
    int errno = faults.opening("openat");
    return errno != 0 ? -errno : super.openat(directoryFd, pathAddress, flags, mode);
  }

  @Override
  public int openat2(int directoryFd, long pathAddress, long flags, long mode, long resolve) {
    int errno = (resolve & FileFlags.RESOLVE_CACHED) != 0 ? faults.onTheSpot("openat2") : 0;
    if (errno == 0) {
      errno = faults.opening("openat2");
    }
    return errno != 0 ? -errno : super.openat2(directoryFd, pathAddress, flags, mode, resolve);
  }

  @Override
  public int pipe2(long fdsAddress, int flags) {
    int errno = faults.opening("pipe2");
    return errno != 0 ? -errno : super.pipe2(fdsAddress, flags);
  }

  @Override
  public int inotifyInit(int flags) {
    int errno = faults.opening("inotify_init1");
    return errno != 0 ? -errno : super.inotifyInit(flags);
  }

  @Override
  public int ioUringSetup(int entries, long parametersAddress) {
    int errno = faults.opening("io_uring_setup");
    return errno != 0 ? -errno : super.ioUringSetup(entries, parametersAddress);
  }

  // ---- calls that read

  @Override
  public long pread(int fd, long bufferAddress, long length, long offset) {
    int errno = faults.reading("pread");
    return errno != 0
        ? -errno
        : super.pread(fd, bufferAddress, faults.shorterRead("pread", length), offset);
  }

  /** Without an offset it may be a pipe, which has no page cache. */
  @Override
  public long preadv2(int fd, long vectorsAddress, int count, long offset, int flags) {
    if (offset == -1) {
      int errno = faults.reading("preadv2");
      return errno != 0 ? -errno : super.preadv2(fd, vectorsAddress, count, offset, flags);
    }
    int errno = (flags & FileFlags.RWF_NOWAIT) != 0 ? faults.onTheSpot("preadv2") : faults.reading("preadv2");
    if (errno != 0) {
      return -errno;
    }
    long total = VectorCut.total(vectorsAddress, count);
    long part = faults.shorterRead("preadv2", total);
    if (part < total) {
      try (VectorCut cut = VectorCut.to(vectorsAddress, count, part)) {
        return super.preadv2(fd, vectorsAddress, cut.count(), offset, flags);
      }
    }
    return super.preadv2(fd, vectorsAddress, count, offset, flags);
  }

  @Override
  public int statx(int directoryFd, long pathAddress, int flags, int mask, long statusAddress) {
    int errno = faults.reading("statx");
    return errno != 0 ? -errno : super.statx(directoryFd, pathAddress, flags, mask, statusAddress);
  }

  @Override
  public long readlinkat(int directoryFd, long pathAddress, long bufferAddress, long length) {
    int errno = faults.reading("readlinkat");
    return errno != 0 ? -errno : super.readlinkat(directoryFd, pathAddress, bufferAddress, length);
  }

  @Override
  public long getdents(int fd, long bufferAddress, long length) {
    int errno = faults.reading("getdents64");
    return errno != 0 ? -errno : super.getdents(fd, bufferAddress, length);
  }

  // ---- calls that write

  @Override
  public long pwrite(int fd, long bufferAddress, long length, long offset) {
    int errno = faults.writing("pwrite");
    return errno != 0 ? -errno : super.pwrite(fd, bufferAddress, faults.shorterWrite("pwrite", length), offset);
  }

  @Override
  public long pwritev2(int fd, long vectorsAddress, int count, long offset, int flags) {
    if (offset == -1) {
      int errno = faults.reading("pwritev2");
      return errno != 0 ? -errno : super.pwritev2(fd, vectorsAddress, count, offset, flags);
    }
    int errno = (flags & FileFlags.RWF_NOWAIT) != 0 ? faults.onTheSpot("pwritev2") : 0;
    if (errno == 0) {
      errno = faults.writing("pwritev2");
    }
    if (errno != 0) {
      return -errno;
    }
    long total = VectorCut.total(vectorsAddress, count);
    long part = faults.shorterWrite("pwritev2", total);
    if (part < total) {
      try (VectorCut cut = VectorCut.to(vectorsAddress, count, part)) {
        return super.pwritev2(fd, vectorsAddress, cut.count(), offset, flags);
      }
    }
    return super.pwritev2(fd, vectorsAddress, count, offset, flags);
  }

  @Override
  public int ftruncate(int fd, long length) {
    int errno = faults.writing("ftruncate");
    return errno != 0 ? -errno : super.ftruncate(fd, length);
  }

  @Override
  public int fallocate(int fd, int mode, long offset, long length) {
    int errno = faults.writing("fallocate");
    return errno != 0 ? -errno : super.fallocate(fd, mode, offset, length);
  }

  @Override
  public long copyFileRange(int sourceFd, long sourceOffset, int targetFd, long targetOffset, long length) {
    int errno = faults.writing("copy_file_range");
    return errno != 0
        ? -errno
        : super.copyFileRange(sourceFd, sourceOffset, targetFd, targetOffset,
            faults.shorterWrite("copy_file_range", length));
  }

  @Override
  public long sendfile(int targetFd, int sourceFd, long sourceOffset, long count) {
    int errno = faults.reading("sendfile");
    if (errno != 0) {
      return -errno;
    }
    long part = faults.shorterWrite("sendfile", count);
    long result = super.sendfile(targetFd, sourceFd, sourceOffset, part);
    return part < count ? reported(result, targetFd, sourceFd) : result;
  }

  @Override
  public long splice(int sourceFd, long sourceOffset, int targetFd, long targetOffset, long length, int flags) {
    int errno = faults.reading("splice");
    if (errno != 0) {
      return -errno;
    }
    long part = faults.shorterWrite("splice", length);
    long result = super.splice(sourceFd, sourceOffset, targetFd, targetOffset, part, flags);
    return part < length ? reported(result, targetFd, sourceFd) : result;
  }

  @Override
  public int fsync(int fd) {
    int errno = faults.syncing("fsync");
    return errno != 0 ? -errno : super.fsync(fd);
  }

  @Override
  public int fdatasync(int fd) {
    int errno = faults.syncing("fdatasync");
    return errno != 0 ? -errno : super.fdatasync(fd);
  }

  // ---- calls that change names

  @Override
  public int unlinkat(int directoryFd, long pathAddress, int flags) {
    int errno = faults.naming("unlinkat");
    return errno != 0 ? -errno : super.unlinkat(directoryFd, pathAddress, flags);
  }

  @Override
  public int mkdirat(int directoryFd, long pathAddress, int mode) {
    int errno = faults.naming("mkdirat");
    return errno != 0 ? -errno : super.mkdirat(directoryFd, pathAddress, mode);
  }

  @Override
  public int mkfifoat(int directoryFd, long pathAddress, int mode) {
    int errno = faults.naming("mkfifoat");
    return errno != 0 ? -errno : super.mkfifoat(directoryFd, pathAddress, mode);
  }

  @Override
  public int renameat2(int sourceDirectoryFd, long sourceAddress, int targetDirectoryFd, long targetAddress,
      int flags) {
    int errno = faults.naming("renameat2");
    return errno != 0
        ? -errno
        : super.renameat2(sourceDirectoryFd, sourceAddress, targetDirectoryFd, targetAddress, flags);
  }

  @Override
  public int linkat(int sourceDirectoryFd, long sourceAddress, int targetDirectoryFd, long targetAddress, int flags) {
    int errno = faults.naming("linkat");
    return errno != 0
        ? -errno
        : super.linkat(sourceDirectoryFd, sourceAddress, targetDirectoryFd, targetAddress, flags);
  }

  @Override
  public int symlinkat(long targetAddress, int directoryFd, long pathAddress) {
    int errno = faults.naming("symlinkat");
    return errno != 0 ? -errno : super.symlinkat(targetAddress, directoryFd, pathAddress);
  }
}
