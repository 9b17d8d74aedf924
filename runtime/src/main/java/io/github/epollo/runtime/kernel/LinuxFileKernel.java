package io.github.epollo.runtime.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The calls on files of this machine, see {@link LinuxKernel}. */
final class LinuxFileKernel implements FileKernel {
  private static final long OPENAT2 = 437; // on both architectures, as the next three
  private static final long IO_URING_SETUP = 425;
  private static final long IO_URING_ENTER = 426;
  private static final long IO_URING_REGISTER = 427;
  private static final int OPEN_HOW_SIZE = 24;
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_SHARED_POPULATE = 0x8001;

  private static final MemorySegment EMPTY_PATH = Arena.global().allocate(1);

  private final LibC libc;
  private final NativeBlocks blocks;

  LinuxFileKernel(LibC libc, NativeBlocks blocks) {
    this.libc = libc;
    this.blocks = blocks;
  }

  @Override
  public int openat(int directoryFd, long pathAddress, int flags, int mode) {
    return libc.openat(directoryFd, pathAddress, flags, mode);
  }

  @Override
  public int openat2(int directoryFd, long pathAddress, long flags, long mode, long resolve) {
    NativeBlock block = blocks.take();
    try {
      block.memory().set(JAVA_LONG_UNALIGNED, 0, flags);
      block.memory().set(JAVA_LONG_UNALIGNED, 8, mode);
      block.memory().set(JAVA_LONG_UNALIGNED, 16, resolve);
      return (int) libc.syscall(OPENAT2, directoryFd, pathAddress, block.address(), OPEN_HOW_SIZE);
    } finally {
      blocks.give(block);
    }
  }

  @Override
  public long pread(int fd, long bufferAddress, long length, long offset) {
    return libc.pread(fd, bufferAddress, length, offset);
  }

  @Override
  public long pwrite(int fd, long bufferAddress, long length, long offset) {
    return libc.pwrite(fd, bufferAddress, length, offset);
  }

  @Override
  public long preadv2(int fd, long vectorsAddress, int count, long offset, int flags) {
    return libc.preadv2(fd, vectorsAddress, count, offset, flags);
  }

  @Override
  public long pwritev2(int fd, long vectorsAddress, int count, long offset, int flags) {
    return libc.pwritev2(fd, vectorsAddress, count, offset, flags);
  }

  @Override
  public long lseek(int fd, long offset, int whence) {
    return libc.lseek(fd, offset, whence);
  }

  @Override
  public int ftruncate(int fd, long length) {
    return libc.ftruncate(fd, length);
  }

  @Override
  public int fallocate(int fd, int mode, long offset, long length) {
    return libc.fallocate(fd, mode, offset, length);
  }

  @Override
  public int fadvise(int fd, long offset, long length, int advice) {
    return -libc.posix_fadvise(fd, offset, length, advice);
  }

  @Override
  public int fsync(int fd) {
    return libc.fsync(fd);
  }

  @Override
  public int fdatasync(int fd) {
    return libc.fdatasync(fd);
  }

  @Override
  public int lock(int fd, int command, int type, long offset, long length) {
    NativeBlock block = blocks.take();
    try {
      // struct flock: 0 type (short), 2 whence (short), 8 start, 16 length, 24 pid (int)
      MemorySegment flock = block.memory();
      flock.set(JAVA_SHORT_UNALIGNED, 0, (short) type);
      flock.set(JAVA_SHORT_UNALIGNED, 2, (short) FileFlags.SEEK_SET);
      flock.set(JAVA_LONG_UNALIGNED, 8, offset);
      flock.set(JAVA_LONG_UNALIGNED, 16, length);
      flock.set(JAVA_INT_UNALIGNED, 24, 0);
      return libc.fcntl(fd, command, block.address());
    } finally {
      blocks.give(block);
    }
  }

  @Override
  public long copyFileRange(int sourceFd, long sourceOffset, int targetFd, long targetOffset, long length) {
    NativeBlock block = blocks.take();
    try {
      return libc.copy_file_range(sourceFd, offset(block, 8, sourceOffset), targetFd,
          offset(block, 16, targetOffset), length, 0);
    } finally {
      blocks.give(block);
    }
  }

  @Override
  public long sendfile(int targetFd, int sourceFd, long sourceOffset, long count) {
    NativeBlock block = blocks.take();
    try {
      return libc.sendfile(targetFd, sourceFd, offset(block, 8, sourceOffset), count);
    } finally {
      blocks.give(block);
    }
  }

  @Override
  public long splice(int sourceFd, long sourceOffset, int targetFd, long targetOffset, long length, int flags) {
    NativeBlock block = blocks.take();
    try {
      return libc.splice(sourceFd, offset(block, 8, sourceOffset), targetFd,
          offset(block, 16, targetOffset), length, flags);
    } finally {
      blocks.give(block);
    }
  }

  /** Puts an offset into the block, and answers its address; the null address for -1. */
  private static long offset(NativeBlock block, int at, long offset) {
    if (offset == -1) {
      return 0;
    }
    block.memory().set(JAVA_LONG_UNALIGNED, at, offset);
    return block.address() + at;
  }

  @Override
  public int statx(int directoryFd, long pathAddress, int flags, int mask, long statusAddress) {
    long path = pathAddress == 0 ? EMPTY_PATH.address() : pathAddress;
    return libc.statx(directoryFd, path, flags, mask, statusAddress);
  }

  @Override
  public int fchmod(int fd, int mode) {
    return libc.fchmod(fd, mode);
  }

  @Override
  public int fchmodat(int directoryFd, long pathAddress, int mode) {
    return libc.fchmodat(directoryFd, pathAddress, mode, 0);
  }

  @Override
  public int utimensat(int directoryFd, long pathAddress, long timesAddress, int flags) {
    return pathAddress == 0
        ? libc.futimens(directoryFd, timesAddress)
        : libc.utimensat(directoryFd, pathAddress, timesAddress, flags);
  }

  @Override
  public int unlinkat(int directoryFd, long pathAddress, int flags) {
    return libc.unlinkat(directoryFd, pathAddress, flags);
  }

  @Override
  public int mkdirat(int directoryFd, long pathAddress, int mode) {
    return libc.mkdirat(directoryFd, pathAddress, mode);
  }

  @Override
  public int mkfifoat(int directoryFd, long pathAddress, int mode) {
    return libc.mkfifoat(directoryFd, pathAddress, mode);
  }

  @Override
  public int renameat2(int sourceDirectoryFd, long sourceAddress, int targetDirectoryFd, long targetAddress,
      int flags) {
    return libc.renameat2(sourceDirectoryFd, sourceAddress, targetDirectoryFd, targetAddress, flags);
  }

  @Override
  public int linkat(int sourceDirectoryFd, long sourceAddress, int targetDirectoryFd, long targetAddress, int flags) {
    return libc.linkat(sourceDirectoryFd, sourceAddress, targetDirectoryFd, targetAddress, flags);
  }

  @Override
  public int symlinkat(long targetAddress, int directoryFd, long pathAddress) {
    return libc.symlinkat(targetAddress, directoryFd, pathAddress);
  }

  @Override
  public long readlinkat(int directoryFd, long pathAddress, long bufferAddress, long length) {
    return libc.readlinkat(directoryFd, pathAddress, bufferAddress, length);
  }

  @Override
  public long getdents(int fd, long bufferAddress, long length) {
    return libc.getdents64(fd, bufferAddress, length);
  }

  @Override
  public int statfs(long pathAddress, long statusAddress) {
    return libc.statfs(pathAddress, statusAddress);
  }

  @Override
  public int pipe2(long fdsAddress, int flags) {
    return libc.pipe2(fdsAddress, flags);
  }

  @Override
  public int inotifyInit(int flags) {
    return libc.inotify_init1(flags);
  }

  @Override
  public int inotifyAddWatch(int fd, long pathAddress, int mask) {
    return libc.inotify_add_watch(fd, pathAddress, mask);
  }

  @Override
  public int inotifyRemoveWatch(int fd, int watch) {
    return libc.inotify_rm_watch(fd, watch);
  }

  @Override
  public int ioUringSetup(int entries, long parametersAddress) {
    return (int) libc.syscall(IO_URING_SETUP, entries, parametersAddress, 0, 0);
  }

  @Override
  public int ioUringEnter(int fd, int toSubmit, int minComplete, int flags) {
    return (int) libc.syscall(IO_URING_ENTER, fd, toSubmit, minComplete, flags);
  }

  @Override
  public int ioUringRegister(int fd, int opcode, long argumentAddress, int count) {
    return (int) libc.syscall(IO_URING_REGISTER, fd, opcode, argumentAddress, count);
  }

  @Override
  public long mmap(long length, int fd, long offset) {
    return libc.mmap(0, length, PROT_READ_WRITE, MAP_SHARED_POPULATE, fd, offset);
  }

  @Override
  public int munmap(long address, long length) {
    return libc.munmap(address, length);
  }

  @Override
  public String toString() {
    return "LinuxFileKernel";
  }
}
