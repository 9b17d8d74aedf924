package io.github.epollo.testkit;

import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileKernel;
import io.github.epollo.testkit.sim.NativeText;
import io.github.epollo.testkit.sim.SimHost;
import io.github.epollo.testkit.sim.SimWorld;
import io.github.epollo.testkit.sim.UserMemory;
import io.github.epollo.testkit.sim.disk.FileError;
import io.github.epollo.testkit.sim.files.FdCalls;
import io.github.epollo.testkit.sim.files.HostFiles;
import io.github.epollo.testkit.sim.files.PathCalls;
import io.github.epollo.testkit.sim.files.Transfers;
import io.github.epollo.testkit.sim.ring.Rings;
import java.lang.foreign.Arena;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The files of a simulated host: addresses become strings and buffers here, errors negative numbers, and the world is locked meanwhile. */
final class SimFileKernel implements FileKernel {
  private final HostFiles files;
  private final Rings rings;
  private final SimWorld world;

  SimFileKernel(SimHost host) {
    this.files = new HostFiles(host);
    this.rings = new Rings(files);
    this.world = host.world();
  }

  /** What the calls work on; with the world locked. */
  HostFiles files() {
    return files;
  }

  /** The calls on rings; with the world locked. */
  Rings rings() {
    return rings;
  }

  private <T> long call(Function<HostFiles, T> part, ToLongFunction<T> call) {
    world.lock();
    try {
      return call.applyAsLong(part.apply(files));
    } catch (FileError e) {
      return -e.errno();
    } finally {
      files.disk().settled();
      world.unlock();
    }
  }

  private int onPaths(ToIntFunction<PathCalls> call) {
    return (int) call(HostFiles::paths, call::applyAsInt);
  }

  private int onFds(ToIntFunction<FdCalls> call) {
    return (int) call(HostFiles::fds, call::applyAsInt);
  }

  private int onRings(ToIntFunction<Rings> call) {
    return (int) call(_ -> rings, call::applyAsInt);
  }

  private long onFdsLong(ToLongFunction<FdCalls> call) {
    return call(HostFiles::fds, call);
  }

  private long onTransfers(ToLongFunction<Transfers> call) {
    return call(HostFiles::transfers, call);
  }

  /** The path at an address. */
  private static String path(long address) {
    if (address == 0) {
      throw new FileError(Errno.EFAULT);
    }
    return NativeText.at(address);
  }

  private static @Nullable String pathOrNull(long address) {
    return address == 0 ? null : path(address);
  }

  private static UserMemory vectors(long address, int count) {
    if (count < 0 || count > UserMemory.MAX_VECTORS) {
      throw new FileError(Errno.EINVAL);
    }
    return UserMemory.ofVectors(address, count);
  }

  @Override
  public int openat(int directoryFd, long pathAddress, int flags, int mode) {
    return onPaths(p -> p.openat(directoryFd, path(pathAddress), flags, mode));
  }

  @Override
  public int openat2(int directoryFd, long pathAddress, long flags, long mode, long resolve) {
    return onPaths(p -> p.openat2(directoryFd, path(pathAddress), flags, mode, resolve));
  }

  @Override
  public long pread(int fd, long bufferAddress, long length, long offset) {
    return onFdsLong(f -> offset < 0 // asked first, as Linux does: even of a number that is not open
        ? -Errno.EINVAL
        : f.readAt(f.file(fd), UserMemory.of(bufferAddress, length), offset, false));
  }

  @Override
  public long pwrite(int fd, long bufferAddress, long length, long offset) {
    return onFdsLong(f -> offset < 0
        ? -Errno.EINVAL
        : f.writeAt(f.file(fd), UserMemory.of(bufferAddress, length), offset, false, false));
  }

  @Override
  public long preadv2(int fd, long vectorsAddress, int count, long offset, int flags) {
    return onFdsLong(f -> f.preadv2(fd, vectors(vectorsAddress, count), offset, flags));
  }

  @Override
  public long pwritev2(int fd, long vectorsAddress, int count, long offset, int flags) {
    return onFdsLong(f -> f.pwritev2(fd, vectors(vectorsAddress, count), offset, flags));
  }

  @Override
  public long lseek(int fd, long offset, int whence) {
    return onFdsLong(f -> f.lseek(fd, offset, whence));
  }

  @Override
  public int ftruncate(int fd, long length) {
    return onFds(f -> length < 0 ? -Errno.EINVAL : f.ftruncate(f.file(fd), length)); // as in pread
  }

  @Override
  public int fallocate(int fd, int mode, long offset, long length) {
    return onFds(f -> f.fallocate(f.file(fd), mode, offset, length));
  }

  @Override
  public int fadvise(int fd, long offset, long length, int advice) {
    return onFds(f -> f.fadvise(f.file(fd), offset, length, advice));
  }

  @Override
  public int fsync(int fd) {
    return onFds(f -> f.sync(f.file(fd)));
  }

  @Override
  public int fdatasync(int fd) {
    return fsync(fd);
  }

  @Override
  public int lock(int fd, int command, int type, long offset, long length) {
    return onFds(f -> f.lock(fd, command, type, offset, length));
  }

  @Override
  public long copyFileRange(int sourceFd, long sourceOffset, int targetFd, long targetOffset, long length) {
    return onTransfers(t -> t.copyFileRange(sourceFd, sourceOffset, targetFd, targetOffset, length));
  }

  @Override
  public long sendfile(int targetFd, int sourceFd, long sourceOffset, long count) {
    return onTransfers(t -> t.sendfile(targetFd, sourceFd, sourceOffset, count));
  }

  @Override
  public long splice(int sourceFd, long sourceOffset, int targetFd, long targetOffset, long length, int flags) {
    return onTransfers(t -> t.splice(sourceFd, sourceOffset, targetFd, targetOffset, length, flags));
  }

  @Override
  public int statx(int directoryFd, long pathAddress, int flags, int mask, long statusAddress) {
    return onPaths(p -> p.statx(directoryFd, pathOrNull(pathAddress), flags, statusAddress));
  }

  @Override
  public int fchmod(int fd, int mode) {
    return onFds(f -> f.fchmod(fd, mode));
  }

  @Override
  public int fchmodat(int directoryFd, long pathAddress, int mode) {
    return onPaths(p -> p.fchmodat(directoryFd, path(pathAddress), mode));
  }

  @Override
  public int utimensat(int directoryFd, long pathAddress, long timesAddress, int flags) {
    return onPaths(p -> p.utimensat(directoryFd, pathOrNull(pathAddress), timesAddress, flags));
  }

  @Override
  public int unlinkat(int directoryFd, long pathAddress, int flags) {
    return onPaths(p -> p.unlinkat(directoryFd, path(pathAddress), flags));
  }

  @Override
  public int mkdirat(int directoryFd, long pathAddress, int mode) {
    return onPaths(p -> p.mkdirat(directoryFd, path(pathAddress), mode));
  }

  @Override
  public int mkfifoat(int directoryFd, long pathAddress, int mode) {
    return onPaths(p -> p.mkfifoat(directoryFd, path(pathAddress), mode));
  }

  @Override
  public int renameat2(int sourceDirectoryFd, long sourceAddress, int targetDirectoryFd, long targetAddress,
      int flags) {
    return onPaths(p -> p.renameat2(sourceDirectoryFd, path(sourceAddress), targetDirectoryFd, path(targetAddress),
        flags));
  }

  @Override
  public int linkat(int sourceDirectoryFd, long sourceAddress, int targetDirectoryFd, long targetAddress, int flags) {
    return onPaths(p -> p.linkat(sourceDirectoryFd, path(sourceAddress), targetDirectoryFd, path(targetAddress),
        flags));
  }

  @Override
  public int symlinkat(long targetAddress, int directoryFd, long pathAddress) {
    return onPaths(p -> p.symlinkat(path(targetAddress), directoryFd, path(pathAddress)));
  }

  @Override
  public long readlinkat(int directoryFd, long pathAddress, long bufferAddress, long length) {
    return call(HostFiles::paths, p -> p.readlinkat(directoryFd, path(pathAddress), bufferAddress, length));
  }

  @Override
  public long getdents(int fd, long bufferAddress, long length) {
    return onFdsLong(f -> f.getdents(fd, bufferAddress, length));
  }

  @Override
  public int statfs(long pathAddress, long statusAddress) {
    return onPaths(p -> p.statfs(path(pathAddress), statusAddress));
  }

  @Override
  public int pipe2(long fdsAddress, int flags) {
    return onFds(f -> f.pipe2(fdsAddress, flags));
  }

  @Override
  public int inotifyInit(int flags) {
    return onPaths(p -> p.inotifyInit(flags));
  }

  @Override
  public int inotifyAddWatch(int fd, long pathAddress, int mask) {
    return onPaths(p -> p.inotifyAddWatch(fd, path(pathAddress), mask));
  }

  @Override
  public int inotifyRemoveWatch(int fd, int watch) {
    return onPaths(p -> p.inotifyRemoveWatch(fd, watch));
  }

  @Override
  public int ioUringSetup(int entries, long parametersAddress) {
    Arena arena = Arena.ofAuto(); // not with the world locked: the JDK notes it under a lock of its own
    return onRings(r -> r.setup(arena, entries, parametersAddress));
  }

  @Override
  public int ioUringEnter(int fd, int toSubmit, int minComplete, int flags) {
    return onRings(r -> r.enter(fd, toSubmit, minComplete, flags));
  }

  @Override
  public int ioUringRegister(int fd, int opcode, long argumentAddress, int count) {
    return onRings(r -> r.register(fd, opcode, argumentAddress, count));
  }

  @Override
  public long mmap(long length, int fd, long offset) {
    return call(_ -> rings, r -> r.map(length, fd, offset));
  }

  @Override
  public int munmap(long address, long length) {
    return onRings(r -> r.unmap(address));
  }
}
