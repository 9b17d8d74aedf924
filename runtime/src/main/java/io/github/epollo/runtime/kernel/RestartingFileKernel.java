package io.github.epollo.runtime.kernel;

/** The part of {@link RestartingKernel} for files: every call that a signal interrupted is made again. */
final class RestartingFileKernel implements FileKernel {
  private final FileKernel kernel;

  RestartingFileKernel(FileKernel kernel) {
    this.kernel = kernel;
  }

  @Override
  public int openat(int directoryFd, long pathAddress, int flags, int mode) {
    int result;
    do {
      result = kernel.openat(directoryFd, pathAddress, flags, mode);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public int openat2(int directoryFd, long pathAddress, long flags, long mode, long resolve) {
    int result;
    do {
      result = kernel.openat2(directoryFd, pathAddress, flags, mode, resolve);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public long pread(int fd, long bufferAddress, long length, long offset) {
    long result;
    do {
      result = kernel.pread(fd, bufferAddress, length, offset);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public long pwrite(int fd, long bufferAddress, long length, long offset) {
    long result;
    do {
      result = kernel.pwrite(fd, bufferAddress, length, offset);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public long preadv2(int fd, long vectorsAddress, int count, long offset, int flags) {
    long result;
    do {
      result = kernel.preadv2(fd, vectorsAddress, count, offset, flags);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public long pwritev2(int fd, long vectorsAddress, int count, long offset, int flags) {
    long result;
    do {
      result = kernel.pwritev2(fd, vectorsAddress, count, offset, flags);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public long lseek(int fd, long offset, int whence) {
    long result;
    do {
      result = kernel.lseek(fd, offset, whence);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public int ftruncate(int fd, long length) {
    int result;
    do {
      result = kernel.ftruncate(fd, length);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public int fallocate(int fd, int mode, long offset, long length) {
    int result;
    do {
      result = kernel.fallocate(fd, mode, offset, length);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public int fadvise(int fd, long offset, long length, int advice) {
    int result;
    do {
      result = kernel.fadvise(fd, offset, length, advice);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public int fsync(int fd) {
    int result;
    do {
      result = kernel.fsync(fd);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public int fdatasync(int fd) {
    int result;
    do {
      result = kernel.fdatasync(fd);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public int lock(int fd, int command, int type, long offset, long length) {
    int result;
    do {
      result = kernel.lock(fd, command, type, offset, length);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public long copyFileRange(int sourceFd, long sourceOffset, int targetFd, long targetOffset, long length) {
    long result;
    do {
      result = kernel.copyFileRange(sourceFd, sourceOffset, targetFd, targetOffset, length);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public long sendfile(int targetFd, int sourceFd, long sourceOffset, long count) {
    long result;
    do {
      result = kernel.sendfile(targetFd, sourceFd, sourceOffset, count);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public long splice(int sourceFd, long sourceOffset, int targetFd, long targetOffset, long length, int flags) {
    long result;
    do {
      result = kernel.splice(sourceFd, sourceOffset, targetFd, targetOffset, length, flags);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public int statx(int directoryFd, long pathAddress, int flags, int mask, long statusAddress) {
    int result;
    do {
      result = kernel.statx(directoryFd, pathAddress, flags, mask, statusAddress);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public int fchmod(int fd, int mode) {
    int result;
    do {
      result = kernel.fchmod(fd, mode);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public int fchmodat(int directoryFd, long pathAddress, int mode) {
    int result;
    do {
      result = kernel.fchmodat(directoryFd, pathAddress, mode);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public int utimensat(int directoryFd, long pathAddress, long timesAddress, int flags) {
    int result;
    do {
      result = kernel.utimensat(directoryFd, pathAddress, timesAddress, flags);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public int unlinkat(int directoryFd, long pathAddress, int flags) {
    int result;
    do {
      result = kernel.unlinkat(directoryFd, pathAddress, flags);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public int mkdirat(int directoryFd, long pathAddress, int mode) {
    int result;
    do {
      result = kernel.mkdirat(directoryFd, pathAddress, mode);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public int mkfifoat(int directoryFd, long pathAddress, int mode) {
    int result;
    do {
      result = kernel.mkfifoat(directoryFd, pathAddress, mode);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public int renameat2(int sourceDirectoryFd, long sourceAddress, int targetDirectoryFd, long targetAddress,
      int flags) {
    int result;
    do {
      result = kernel.renameat2(sourceDirectoryFd, sourceAddress, targetDirectoryFd, targetAddress, flags);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public int linkat(int sourceDirectoryFd, long sourceAddress, int targetDirectoryFd, long targetAddress, int flags) {
    int result;
    do {
      result = kernel.linkat(sourceDirectoryFd, sourceAddress, targetDirectoryFd, targetAddress, flags);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public int symlinkat(long targetAddress, int directoryFd, long pathAddress) {
    int result;
    do {
      result = kernel.symlinkat(targetAddress, directoryFd, pathAddress);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public long readlinkat(int directoryFd, long pathAddress, long bufferAddress, long length) {
    long result;
    do {
      result = kernel.readlinkat(directoryFd, pathAddress, bufferAddress, length);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public long getdents(int fd, long bufferAddress, long length) {
    long result;
    do {
      result = kernel.getdents(fd, bufferAddress, length);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public int statfs(long pathAddress, long statusAddress) {
    int result;
    do {
      result = kernel.statfs(pathAddress, statusAddress);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public int pipe2(long fdsAddress, int flags) {
    int result;
    do {
      result = kernel.pipe2(fdsAddress, flags);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public int inotifyInit(int flags) {
    int result;
    do {
      result = kernel.inotifyInit(flags);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public int inotifyAddWatch(int fd, long pathAddress, int mask) {
    int result;
    do {
      result = kernel.inotifyAddWatch(fd, pathAddress, mask);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public int inotifyRemoveWatch(int fd, int watch) {
    int result;
    do {
      result = kernel.inotifyRemoveWatch(fd, watch);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public int ioUringSetup(int entries, long parametersAddress) {
    int result;
    do {
      result = kernel.ioUringSetup(entries, parametersAddress);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public int ioUringEnter(int fd, int toSubmit, int minComplete, int flags) {
    int result;
    do {
      result = kernel.ioUringEnter(fd, toSubmit, minComplete, flags);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public int ioUringRegister(int fd, int opcode, long argumentAddress, int count) {
    int result;
    do {
      result = kernel.ioUringRegister(fd, opcode, argumentAddress, count);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public long mmap(long length, int fd, long offset) {
    long result;
    do {
      result = kernel.mmap(length, fd, offset);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public int munmap(long address, long length) {
    int result;
    do {
      result = kernel.munmap(address, length);
    } while (result == -Errno.EINTR);
    return result;
  }
}
