package io.github.epollo.testkit;

import io.github.epollo.runtime.kernel.FileKernel;

/** Passes every call on files on to another kernel: a base for those that change some of them. Callable from any thread if the other one is. */
public abstract class ForwardingFileKernel implements FileKernel {
  private final FileKernel kernel;

  /** Passes calls on to {@code kernel}. */
  protected ForwardingFileKernel(FileKernel kernel) {
    this.kernel = kernel;
  }

  @Override
  public int openat(int directoryFd, long pathAddress, int flags, int mode) {
    return kernel.openat(directoryFd, pathAddress, flags, mode);
  }

  @Override
  public int openat2(int directoryFd, long pathAddress, long flags, long mode, long resolve) {
    return kernel.openat2(directoryFd, pathAddress, flags, mode, resolve);
  }

  @Override
  public long pread(int fd, long bufferAddress, long length, long offset) {
    return kernel.pread(fd, bufferAddress, length, offset);
  }

  @Override
  public long pwrite(int fd, long bufferAddress, long length, long offset) {
    return kernel.pwrite(fd, bufferAddress, length, offset);
  }

  @Override
  public long preadv2(int fd, long vectorsAddress, int count, long offset, int flags) {
    return kernel.preadv2(fd, vectorsAddress, count, offset, flags);
  }

  @Override
  public long pwritev2(int fd, long vectorsAddress, int count, long offset, int flags) {
    return kernel.pwritev2(fd, vectorsAddress, count, offset, flags);
  }

  @Override
  public long lseek(int fd, long offset, int whence) {
    return kernel.lseek(fd, offset, whence);
  }

  @Override
  public int ftruncate(int fd, long length) {
    return kernel.ftruncate(fd, length);
  }

  @Override
  public int fallocate(int fd, int mode, long offset, long length) {
    return kernel.fallocate(fd, mode, offset, length);
  }

  @Override
  public int fadvise(int fd, long offset, long length, int advice) {
    return kernel.fadvise(fd, offset, length, advice);
  }

  @Override
  public int fsync(int fd) {
    return kernel.fsync(fd);
  }

  @Override
  public int fdatasync(int fd) {
    return kernel.fdatasync(fd);
  }

  @Override
  public int lock(int fd, int command, int type, long offset, long length) {
    return kernel.lock(fd, command, type, offset, length);
  }

  @Override
  public long copyFileRange(int sourceFd, long sourceOffset, int targetFd, long targetOffset, long length) {
    return kernel.copyFileRange(sourceFd, sourceOffset, targetFd, targetOffset, length);
  }

  @Override
  public long sendfile(int targetFd, int sourceFd, long sourceOffset, long count) {
    return kernel.sendfile(targetFd, sourceFd, sourceOffset, count);
  }

  @Override
  public long splice(int sourceFd, long sourceOffset, int targetFd, long targetOffset, long length, int flags) {
    return kernel.splice(sourceFd, sourceOffset, targetFd, targetOffset, length, flags);
  }

  @Override
  public int statx(int directoryFd, long pathAddress, int flags, int mask, long statusAddress) {
    return kernel.statx(directoryFd, pathAddress, flags, mask, statusAddress);
  }

  @Override
  public int fchmod(int fd, int mode) {
    return kernel.fchmod(fd, mode);
  }

  @Override
  public int fchmodat(int directoryFd, long pathAddress, int mode) {
    return kernel.fchmodat(directoryFd, pathAddress, mode);
  }

  @Override
  public int utimensat(int directoryFd, long pathAddress, long timesAddress, int flags) {
    return kernel.utimensat(directoryFd, pathAddress, timesAddress, flags);
  }

  @Override
  public int unlinkat(int directoryFd, long pathAddress, int flags) {
    return kernel.unlinkat(directoryFd, pathAddress, flags);
  }

  @Override
  public int mkdirat(int directoryFd, long pathAddress, int mode) {
    return kernel.mkdirat(directoryFd, pathAddress, mode);
  }

  @Override
  public int mkfifoat(int directoryFd, long pathAddress, int mode) {
    return kernel.mkfifoat(directoryFd, pathAddress, mode);
  }

  @Override
  public int renameat2(int sourceDirectoryFd, long sourceAddress, int targetDirectoryFd, long targetAddress,
      int flags) {
    return kernel.renameat2(sourceDirectoryFd, sourceAddress, targetDirectoryFd, targetAddress, flags);
  }

  @Override
  public int linkat(int sourceDirectoryFd, long sourceAddress, int targetDirectoryFd, long targetAddress, int flags) {
    return kernel.linkat(sourceDirectoryFd, sourceAddress, targetDirectoryFd, targetAddress, flags);
  }

  @Override
  public int symlinkat(long targetAddress, int directoryFd, long pathAddress) {
    return kernel.symlinkat(targetAddress, directoryFd, pathAddress);
  }

  @Override
  public long readlinkat(int directoryFd, long pathAddress, long bufferAddress, long length) {
    return kernel.readlinkat(directoryFd, pathAddress, bufferAddress, length);
  }

  @Override
  public long getdents(int fd, long bufferAddress, long length) {
    return kernel.getdents(fd, bufferAddress, length);
  }

  @Override
  public int statfs(long pathAddress, long statusAddress) {
    return kernel.statfs(pathAddress, statusAddress);
  }

  @Override
  public int pipe2(long fdsAddress, int flags) {
    return kernel.pipe2(fdsAddress, flags);
  }

  @Override
  public int inotifyInit(int flags) {
    return kernel.inotifyInit(flags);
  }

  @Override
  public int inotifyAddWatch(int fd, long pathAddress, int mask) {
    return kernel.inotifyAddWatch(fd, pathAddress, mask);
  }

  @Override
  public int inotifyRemoveWatch(int fd, int watch) {
    return kernel.inotifyRemoveWatch(fd, watch);
  }

  @Override
  public int ioUringSetup(int entries, long parametersAddress) {
    return kernel.ioUringSetup(entries, parametersAddress);
  }

  @Override
  public int ioUringEnter(int fd, int toSubmit, int minComplete, int flags) {
    return kernel.ioUringEnter(fd, toSubmit, minComplete, flags);
  }

  @Override
  public int ioUringRegister(int fd, int opcode, long argumentAddress, int count) {
    return kernel.ioUringRegister(fd, opcode, argumentAddress, count);
  }

  @Override
  public long mmap(long length, int fd, long offset) {
    return kernel.mmap(length, fd, offset);
  }

  @Override
  public int munmap(long address, long length) {
    return kernel.munmap(address, length);
  }
}
