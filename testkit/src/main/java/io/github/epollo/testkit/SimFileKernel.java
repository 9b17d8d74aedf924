package io.github.epollo.testkit;

import io.github.epollo.runtime.kernel.FileKernel;

/** The files of a simulated host. */
final class SimFileKernel implements FileKernel {
  @Override
  public int openat(int directoryFd, long pathAddress, int flags, int mode) {
    throw new UnsupportedOperationException("openat");
  }

  @Override
  public int openat2(int directoryFd, long pathAddress, long flags, long mode, long resolve) {
    throw new UnsupportedOperationException("openat2");
  }

  @Override
  public long pread(int fd, long bufferAddress, long length, long offset) {
    throw new UnsupportedOperationException("pread");
  }

  @Override
  public long pwrite(int fd, long bufferAddress, long length, long offset) {
    throw new UnsupportedOperationException("pwrite");
  }

  @Override
  public long preadv2(int fd, long vectorsAddress, int count, long offset, int flags) {
    throw new UnsupportedOperationException("preadv2");
  }

  @Override
  public long pwritev2(int fd, long vectorsAddress, int count, long offset, int flags) {
    throw new UnsupportedOperationException("pwritev2");
  }

  @Override
  public long lseek(int fd, long offset, int whence) {
    throw new UnsupportedOperationException("lseek");
  }

  @Override
  public int ftruncate(int fd, long length) {
    throw new UnsupportedOperationException("ftruncate");
  }

  @Override
  public int fallocate(int fd, int mode, long offset, long length) {
    throw new UnsupportedOperationException("fallocate");
  }

  @Override
  public int fadvise(int fd, long offset, long length, int advice) {
    throw new UnsupportedOperationException("fadvise");
  }

  @Override
  public int fsync(int fd) {
    throw new UnsupportedOperationException("fsync");
  }

  @Override
  public int fdatasync(int fd) {
    throw new UnsupportedOperationException("fdatasync");
  }

  @Override
  public int lock(int fd, int command, int type, long offset, long length) {
    throw new UnsupportedOperationException("lock");
  }

  @Override
  public long copyFileRange(int sourceFd, long sourceOffset, int targetFd, long targetOffset, long length) {
    throw new UnsupportedOperationException("copyFileRange");
  }

  @Override
  public long sendfile(int targetFd, int sourceFd, long sourceOffset, long count) {
    throw new UnsupportedOperationException("sendfile");
  }

  @Override
  public long splice(int sourceFd, long sourceOffset, int targetFd, long targetOffset, long length, int flags) {
    throw new UnsupportedOperationException("splice");
  }

  @Override
  public int statx(int directoryFd, long pathAddress, int flags, int mask, long statusAddress) {
    throw new UnsupportedOperationException("statx");
  }

  @Override
  public int fchmod(int fd, int mode) {
    throw new UnsupportedOperationException("fchmod");
  }

  @Override
  public int fchmodat(int directoryFd, long pathAddress, int mode) {
    throw new UnsupportedOperationException("fchmodat");
  }

  @Override
  public int utimensat(int directoryFd, long pathAddress, long timesAddress, int flags) {
    throw new UnsupportedOperationException("utimensat");
  }

  @Override
  public int unlinkat(int directoryFd, long pathAddress, int flags) {
    throw new UnsupportedOperationException("unlinkat");
  }

  @Override
  public int mkdirat(int directoryFd, long pathAddress, int mode) {
    throw new UnsupportedOperationException("mkdirat");
  }

  @Override
  public int mkfifoat(int directoryFd, long pathAddress, int mode) {
    throw new UnsupportedOperationException("mkfifoat");
  }

  @Override
  public int renameat2(int sourceDirectoryFd, long sourceAddress, int targetDirectoryFd, long targetAddress,
      int flags) {
    throw new UnsupportedOperationException("renameat2");
  }

  @Override
  public int linkat(int sourceDirectoryFd, long sourceAddress, int targetDirectoryFd, long targetAddress, int flags) {
    throw new UnsupportedOperationException("linkat");
  }

  @Override
  public int symlinkat(long targetAddress, int directoryFd, long pathAddress) {
    throw new UnsupportedOperationException("symlinkat");
  }

  @Override
  public long readlinkat(int directoryFd, long pathAddress, long bufferAddress, long length) {
    throw new UnsupportedOperationException("readlinkat");
  }

  @Override
  public long getdents(int fd, long bufferAddress, long length) {
    throw new UnsupportedOperationException("getdents");
  }

  @Override
  public int statfs(long pathAddress, long statusAddress) {
    throw new UnsupportedOperationException("statfs");
  }

  @Override
  public int pipe2(long fdsAddress, int flags) {
    throw new UnsupportedOperationException("pipe2");
  }

  @Override
  public int inotifyInit(int flags) {
    throw new UnsupportedOperationException("inotifyInit");
  }

  @Override
  public int inotifyAddWatch(int fd, long pathAddress, int mask) {
    throw new UnsupportedOperationException("inotifyAddWatch");
  }

  @Override
  public int inotifyRemoveWatch(int fd, int watch) {
    throw new UnsupportedOperationException("inotifyRemoveWatch");
  }

  @Override
  public int ioUringSetup(int entries, long parametersAddress) {
    throw new UnsupportedOperationException("ioUringSetup");
  }

  @Override
  public int ioUringEnter(int fd, int toSubmit, int minComplete, int flags) {
    throw new UnsupportedOperationException("ioUringEnter");
  }

  @Override
  public int ioUringRegister(int fd, int opcode, long argumentAddress, int count) {
    throw new UnsupportedOperationException("ioUringRegister");
  }

  @Override
  public long mmap(long length, int fd, long offset) {
    throw new UnsupportedOperationException("mmap");
  }

  @Override
  public int munmap(long address, long length) {
    throw new UnsupportedOperationException("munmap");
  }
}
