package io.github.epollo.testkit;

import io.github.epollo.runtime.kernel.FileKernel;
import io.github.epollo.testkit.sim.NativeText;

/** The part of {@link TracingKernel} for files: paths and checksums, but no address of memory. */
final class TracingFileKernel implements FileKernel {
  private final String host;
  private final FileKernel kernel;
  private final Trace trace;

  TracingFileKernel(String host, FileKernel kernel, Trace trace) {
    this.host = host;
    this.kernel = kernel;
    this.trace = trace;
  }

  private void add(String call) {
    trace.add(host, call);
  }

  private static String path(long address) {
    return address == 0 ? "-" : TraceText.path(NativeText.at(address));
  }

  @Override
  public int openat(int directoryFd, long pathAddress, int flags, int mode) {
    int result = kernel.openat(directoryFd, pathAddress, flags, mode);
    add("openat(" + directoryFd + ", " + path(pathAddress) + ", " + flags + ", " + mode + ") = " + result);
    return result;
  }

  @Override
  public int openat2(int directoryFd, long pathAddress, long flags, long mode, long resolve) {
    int result = kernel.openat2(directoryFd, pathAddress, flags, mode, resolve);
    add("openat2(" + directoryFd + ", " + path(pathAddress) + ", " + flags + ", " + mode + ", " + resolve + ") = "
        + result);
    return result;
  }

  @Override
  public long pread(int fd, long bufferAddress, long length, long offset) {
    long result = kernel.pread(fd, bufferAddress, length, offset);
    add("pread(" + fd + ", " + length + ", " + offset + ") = " + result + TraceText.checksum(bufferAddress, result));
    return result;
  }

  @Override
  public long pwrite(int fd, long bufferAddress, long length, long offset) {
    long result = kernel.pwrite(fd, bufferAddress, length, offset);
    add("pwrite(" + fd + ", " + length + ", " + offset + ") = " + result + TraceText.checksum(bufferAddress, result));
    return result;
  }

  @Override
  public long preadv2(int fd, long vectorsAddress, int count, long offset, int flags) {
    long result = kernel.preadv2(fd, vectorsAddress, count, offset, flags);
    add("preadv2(" + fd + ", " + count + ", " + offset + ", " + flags + ") = " + result
        + TraceText.checksum(vectorsAddress, count, result));
    return result;
  }

  @Override
  public long pwritev2(int fd, long vectorsAddress, int count, long offset, int flags) {
    long result = kernel.pwritev2(fd, vectorsAddress, count, offset, flags);
    add("pwritev2(" + fd + ", " + count + ", " + offset + ", " + flags + ") = " + result
        + TraceText.checksum(vectorsAddress, count, result));
    return result;
  }

  @Override
  public long lseek(int fd, long offset, int whence) {
    long result = kernel.lseek(fd, offset, whence);
    add("lseek(" + fd + ", " + offset + ", " + whence + ") = " + result);
    return result;
  }

  @Override
  public int ftruncate(int fd, long length) {
    int result = kernel.ftruncate(fd, length);
    add("ftruncate(" + fd + ", " + length + ") = " + result);
    return result;
  }

  @Override
  public int fallocate(int fd, int mode, long offset, long length) {
    int result = kernel.fallocate(fd, mode, offset, length);
    add("fallocate(" + fd + ", " + mode + ", " + offset + ", " + length + ") = " + result);
    return result;
  }

  @Override
  public int fadvise(int fd, long offset, long length, int advice) {
    int result = kernel.fadvise(fd, offset, length, advice);
    add("fadvise(" + fd + ", " + offset + ", " + length + ", " + advice + ") = " + result);
    return result;
  }

  @Override
  public int fsync(int fd) {
    int result = kernel.fsync(fd);
    add("fsync(" + fd + ") = " + result);
    return result;
  }

  @Override
  public int fdatasync(int fd) {
    int result = kernel.fdatasync(fd);
    add("fdatasync(" + fd + ") = " + result);
    return result;
  }

  @Override
  public int lock(int fd, int command, int type, long offset, long length) {
    int result = kernel.lock(fd, command, type, offset, length);
    add("lock(" + fd + ", " + command + ", " + type + ", " + offset + ", " + length + ") = " + result);
    return result;
  }

  @Override
  public long copyFileRange(int sourceFd, long sourceOffset, int targetFd, long targetOffset, long length) {
    long result = kernel.copyFileRange(sourceFd, sourceOffset, targetFd, targetOffset, length);
    add("copyFileRange(" + sourceFd + ", " + sourceOffset + ", " + targetFd + ", " + targetOffset + ", " + length
        + ") = " + result);
    return result;
  }

  @Override
  public long sendfile(int targetFd, int sourceFd, long sourceOffset, long count) {
    long result = kernel.sendfile(targetFd, sourceFd, sourceOffset, count);
    add("sendfile(" + targetFd + ", " + sourceFd + ", " + sourceOffset + ", " + count + ") = " + result);
    return result;
  }

  @Override
  public long splice(int sourceFd, long sourceOffset, int targetFd, long targetOffset, long length, int flags) {
    long result = kernel.splice(sourceFd, sourceOffset, targetFd, targetOffset, length, flags);
    add("splice(" + sourceFd + ", " + sourceOffset + ", " + targetFd + ", " + targetOffset + ", " + length + ", "
        + flags + ") = " + result);
    return result;
  }

  @Override
  public int statx(int directoryFd, long pathAddress, int flags, int mask, long statusAddress) {
    int result = kernel.statx(directoryFd, pathAddress, flags, mask, statusAddress);
    add("statx(" + directoryFd + ", " + path(pathAddress) + ", " + flags + ", " + mask + ") = " + result);
    return result;
  }

  @Override
  public int fchmod(int fd, int mode) {
    int result = kernel.fchmod(fd, mode);
    add("fchmod(" + fd + ", " + mode + ") = " + result);
    return result;
  }

  @Override
  public int fchmodat(int directoryFd, long pathAddress, int mode) {
    int result = kernel.fchmodat(directoryFd, pathAddress, mode);
    add("fchmodat(" + directoryFd + ", " + path(pathAddress) + ", " + mode + ") = " + result);
    return result;
  }

  @Override
  public int utimensat(int directoryFd, long pathAddress, long timesAddress, int flags) {
    int result = kernel.utimensat(directoryFd, pathAddress, timesAddress, flags);
    add("utimensat(" + directoryFd + ", " + path(pathAddress) + ", " + flags + ") = " + result);
    return result;
  }

  @Override
  public int unlinkat(int directoryFd, long pathAddress, int flags) {
    int result = kernel.unlinkat(directoryFd, pathAddress, flags);
    add("unlinkat(" + directoryFd + ", " + path(pathAddress) + ", " + flags + ") = " + result);
    return result;
  }

  @Override
  public int mkdirat(int directoryFd, long pathAddress, int mode) {
    int result = kernel.mkdirat(directoryFd, pathAddress, mode);
    add("mkdirat(" + directoryFd + ", " + path(pathAddress) + ", " + mode + ") = " + result);
    return result;
  }

  @Override
  public int mkfifoat(int directoryFd, long pathAddress, int mode) {
    int result = kernel.mkfifoat(directoryFd, pathAddress, mode);
    add("mkfifoat(" + directoryFd + ", " + path(pathAddress) + ", " + mode + ") = " + result);
    return result;
  }

  @Override
  public int renameat2(int sourceDirectoryFd, long sourceAddress, int targetDirectoryFd, long targetAddress,
      int flags) {
    int result = kernel.renameat2(sourceDirectoryFd, sourceAddress, targetDirectoryFd, targetAddress, flags);
    add("renameat2(" + sourceDirectoryFd + ", " + path(sourceAddress) + ", " + targetDirectoryFd + ", "
        + path(targetAddress) + ", " + flags + ") = " + result);
    return result;
  }

  @Override
  public int linkat(int sourceDirectoryFd, long sourceAddress, int targetDirectoryFd, long targetAddress, int flags) {
    int result = kernel.linkat(sourceDirectoryFd, sourceAddress, targetDirectoryFd, targetAddress, flags);
    add("linkat(" + sourceDirectoryFd + ", " + path(sourceAddress) + ", " + targetDirectoryFd + ", "
        + path(targetAddress) + ", " + flags + ") = " + result);
    return result;
  }

  @Override
  public int symlinkat(long targetAddress, int directoryFd, long pathAddress) {
    int result = kernel.symlinkat(targetAddress, directoryFd, pathAddress);
    add("symlinkat(" + path(targetAddress) + ", " + directoryFd + ", " + path(pathAddress) + ") = " + result);
    return result;
  }

  @Override
  public long readlinkat(int directoryFd, long pathAddress, long bufferAddress, long length) {
    long result = kernel.readlinkat(directoryFd, pathAddress, bufferAddress, length);
    add("readlinkat(" + directoryFd + ", " + path(pathAddress) + ", " + length + ") = " + result
        + TraceText.checksum(bufferAddress, result));
    return result;
  }

  @Override
  public long getdents(int fd, long bufferAddress, long length) {
    long result = kernel.getdents(fd, bufferAddress, length);
    add("getdents(" + fd + ", " + length + ") = " + result + TraceText.checksum(bufferAddress, result));
    return result;
  }

  @Override
  public int statfs(long pathAddress, long statusAddress) {
    int result = kernel.statfs(pathAddress, statusAddress);
    add("statfs(" + path(pathAddress) + ") = " + result);
    return result;
  }

  @Override
  public int pipe2(long fdsAddress, int flags) {
    int result = kernel.pipe2(fdsAddress, flags);
    add("pipe2(" + flags + ") = " + result);
    return result;
  }

  @Override
  public int inotifyInit(int flags) {
    int result = kernel.inotifyInit(flags);
    add("inotifyInit(" + flags + ") = " + result);
    return result;
  }

  @Override
  public int inotifyAddWatch(int fd, long pathAddress, int mask) {
    int result = kernel.inotifyAddWatch(fd, pathAddress, mask);
    add("inotifyAddWatch(" + fd + ", " + path(pathAddress) + ", " + mask + ") = " + result);
    return result;
  }

  @Override
  public int inotifyRemoveWatch(int fd, int watch) {
    int result = kernel.inotifyRemoveWatch(fd, watch);
    add("inotifyRemoveWatch(" + fd + ", " + watch + ") = " + result);
    return result;
  }

  @Override
  public int ioUringSetup(int entries, long parametersAddress) {
    int result = kernel.ioUringSetup(entries, parametersAddress);
    add("ioUringSetup(" + entries + ") = " + result);
    return result;
  }

  @Override
  public int ioUringEnter(int fd, int toSubmit, int minComplete, int flags) {
    int result = kernel.ioUringEnter(fd, toSubmit, minComplete, flags);
    add("ioUringEnter(" + fd + ", " + toSubmit + ", " + minComplete + ", " + flags + ") = " + result);
    return result;
  }

  @Override
  public int ioUringRegister(int fd, int opcode, long argumentAddress, int count) {
    int result = kernel.ioUringRegister(fd, opcode, argumentAddress, count);
    add("ioUringRegister(" + fd + ", " + opcode + ", " + count + ") = " + result);
    return result;
  }

  @Override
  public long mmap(long length, int fd, long offset) {
    long result = kernel.mmap(length, fd, offset);
    add("mmap(" + length + ", " + fd + ", " + offset + ") = " + (result < 0 ? String.valueOf(result) : "an address"));
    return result;
  }

  @Override
  public int munmap(long address, long length) {
    int result = kernel.munmap(address, length);
    add("munmap(" + length + ") = " + result);
    return result;
  }
}
