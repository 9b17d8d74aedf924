package io.github.epollo.runtime.kernel;

import static io.github.epollo.runtime.kernel.CFunction.call;
import static io.github.epollo.runtime.kernel.CFunction.intCall;
import static io.github.epollo.runtime.kernel.CFunction.link;

import io.github.epollo.runtime.kernel.CFunction.Call;
import java.lang.invoke.MethodHandle;

/**
 * The C functions that {@link LinuxKernel} and {@link LinuxFileKernel} call. Each answers its result, or -errno.
 *
 * <p>Those that each request makes are system calls by their number, past the C library's functions: these are points where a thread may be cancelled (pthreads(7)), and say so before and after the call, which costs as much as the rest of the way there.
 */
@SuppressWarnings({"MemberName", "checkstyle:MethodName"}) // the names are those of C
final class LibC {
  // system calls: the number on x86-64, and that of the generic table, which aarch64 has
  private static final long READ = number(0, 63);
  private static final long WRITE = number(1, 64);
  private static final long SENDTO = number(44, 206);
  private static final long RECVFROM = number(45, 207);
  private static final long EPOLL_PWAIT = number(281, 22);
  private static final long PREADV2 = number(327, 286);

  private static final MethodHandle SYSCALL = link("syscall");
  private static final MethodHandle EPOLL_CREATE1 = link("epoll_create1");
  private static final MethodHandle EPOLL_CTL = link("epoll_ctl");
  private static final MethodHandle EVENTFD = link("eventfd");
  private static final MethodHandle TIMERFD_CREATE = link("timerfd_create");
  private static final MethodHandle TIMERFD_SETTIME = link("timerfd_settime");
  private static final MethodHandle CLOCK_GETTIME = link("clock_gettime");
  private static final MethodHandle SOCKET = link("socket");
  private static final MethodHandle BIND = link("bind");
  private static final MethodHandle LISTEN = link("listen");
  private static final MethodHandle ACCEPT4 = link("accept4");
  private static final MethodHandle CONNECT = link("connect");
  private static final MethodHandle GETSOCKNAME = link("getsockname");
  private static final MethodHandle GETPEERNAME = link("getpeername");
  private static final MethodHandle GETSOCKOPT = link("getsockopt");
  private static final MethodHandle SETSOCKOPT = link("setsockopt");
  private static final MethodHandle SHUTDOWN = link("shutdown");
  private static final MethodHandle RECVMSG = link("recvmsg");
  private static final MethodHandle SENDMSG = link("sendmsg");
  private static final MethodHandle READV = link("readv");
  private static final MethodHandle WRITEV = link("writev");
  private static final MethodHandle CLOSE = link("close");
  private static final MethodHandle FCNTL = link("fcntl");
  private static final MethodHandle OPENAT = link("openat");
  private static final MethodHandle PREAD = link("pread");
  private static final MethodHandle PWRITE = link("pwrite");
  private static final MethodHandle PWRITEV2 = link("pwritev2");
  private static final MethodHandle LSEEK = link("lseek");
  private static final MethodHandle FTRUNCATE = link("ftruncate");
  private static final MethodHandle FALLOCATE = link("fallocate");
  private static final MethodHandle POSIX_FADVISE = link("posix_fadvise");
  private static final MethodHandle FSYNC = link("fsync");
  private static final MethodHandle FDATASYNC = link("fdatasync");
  private static final MethodHandle SENDFILE = link("sendfile");
  private static final MethodHandle COPY_FILE_RANGE = link("copy_file_range");
  private static final MethodHandle SPLICE = link("splice");
  private static final MethodHandle STATX = link("statx");
  private static final MethodHandle FCHMOD = link("fchmod");
  private static final MethodHandle FCHMODAT = link("fchmodat");
  private static final MethodHandle UTIMENSAT = link("utimensat");
  private static final MethodHandle FUTIMENS = link("futimens");
  private static final MethodHandle UNLINKAT = link("unlinkat");
  private static final MethodHandle MKDIRAT = link("mkdirat");
  private static final MethodHandle MKFIFOAT = link("mkfifoat");
  private static final MethodHandle RENAMEAT2 = link("renameat2");
  private static final MethodHandle LINKAT = link("linkat");
  private static final MethodHandle SYMLINKAT = link("symlinkat");
  private static final MethodHandle READLINKAT = link("readlinkat");
  private static final MethodHandle GETDENTS64 = link("getdents64");
  private static final MethodHandle STATFS = link("statfs");
  private static final MethodHandle PIPE2 = link("pipe2");
  private static final MethodHandle INOTIFY_INIT1 = link("inotify_init1");
  private static final MethodHandle INOTIFY_ADD_WATCH = link("inotify_add_watch");
  private static final MethodHandle INOTIFY_RM_WATCH = link("inotify_rm_watch");
  private static final MethodHandle MMAP = link("mmap");
  private static final MethodHandle MUNMAP = link("munmap");
  private static final MethodHandle SCHED_GETAFFINITY = link("sched_getaffinity");
  private static final MethodHandle SCHED_SETAFFINITY = link("sched_setaffinity");

  private static long number(long onX86, long onAarch64) {
    return System.getProperty("os.arch").equals("aarch64") ? onAarch64 : onX86;
  }

  /** epoll_create1(2). */
  int epoll_create1(int flags) {
    return intCall(EPOLL_CREATE1, flags, 0, 0, 0, 0);
  }

  /** epoll_ctl(2). */
  int epoll_ctl(int epollFd, int operation, int fd, long event) {
    return intCall(EPOLL_CTL, epollFd, operation, fd, event, 0);
  }

  /** epoll_wait(2). */
  int epoll_wait(int epollFd, long events, int maxEvents, int timeoutMillis) {
    Call call = Call.begin();
    try {
      return call.intResult((long) SYSCALL.invokeExact(call.state(), EPOLL_PWAIT, (long) epollFd, events,
          (long) maxEvents, (long) timeoutMillis, 0L, 0L));
    } catch (Throwable t) {
      throw CFunction.unexpected(t);
    } finally {
      call.end();
    }
  }

  /** eventfd(2). */
  int eventfd(int initialValue, int flags) {
    return intCall(EVENTFD, initialValue, flags, 0, 0, 0);
  }

  /** timerfd_create(2). */
  int timerfd_create(int clockId, int flags) {
    return intCall(TIMERFD_CREATE, clockId, flags, 0, 0, 0);
  }

  /** timerfd_settime(2). */
  int timerfd_settime(int fd, int flags, long newValue, long oldValue) {
    return intCall(TIMERFD_SETTIME, fd, flags, newValue, oldValue, 0);
  }

  /** clock_gettime(2). */
  int clock_gettime(int clockId, long timespec) {
    return intCall(CLOCK_GETTIME, clockId, timespec, 0, 0, 0);
  }

  /** socket(2). */
  int socket(int domain, int type, int protocol) {
    return intCall(SOCKET, domain, type, protocol, 0, 0);
  }

  /** bind(2). */
  int bind(int fd, long address, int addressLength) {
    return intCall(BIND, fd, address, addressLength, 0, 0);
  }

  /** listen(2). */
  int listen(int fd, int backlog) {
    return intCall(LISTEN, fd, backlog, 0, 0, 0);
  }

  /** accept4(2). */
  int accept4(int fd, long address, long addressLength, int flags) {
    return intCall(ACCEPT4, fd, address, addressLength, flags, 0);
  }

  /** connect(2). */
  int connect(int fd, long address, int addressLength) {
    return intCall(CONNECT, fd, address, addressLength, 0, 0);
  }

  /** getsockname(2). */
  int getsockname(int fd, long address, long addressLength) {
    return intCall(GETSOCKNAME, fd, address, addressLength, 0, 0);
  }

  /** getpeername(2). */
  int getpeername(int fd, long address, long addressLength) {
    return intCall(GETPEERNAME, fd, address, addressLength, 0, 0);
  }

  /** getsockopt(2). */
  int getsockopt(int fd, int level, int option, long value, long valueLength) {
    return intCall(GETSOCKOPT, fd, level, option, value, valueLength);
  }

  /** setsockopt(2). */
  int setsockopt(int fd, int level, int option, long value, int valueLength) {
    return intCall(SETSOCKOPT, fd, level, option, value, valueLength);
  }

  /** shutdown(2). */
  int shutdown(int fd, int how) {
    return intCall(SHUTDOWN, fd, how, 0, 0, 0);
  }

  /** recv(2). */
  long recv(int fd, long buffer, long length, int flags) {
    Call call = Call.begin();
    try {
      return call
          .result((long) SYSCALL.invokeExact(call.state(), RECVFROM, (long) fd, buffer, length, (long) flags, 0L, 0L));
    } catch (Throwable t) {
      throw CFunction.unexpected(t);
    } finally {
      call.end();
    }
  }

  /** send(2). */
  long send(int fd, long buffer, long length, int flags) {
    Call call = Call.begin();
    try {
      return call
          .result((long) SYSCALL.invokeExact(call.state(), SENDTO, (long) fd, buffer, length, (long) flags, 0L, 0L));
    } catch (Throwable t) {
      throw CFunction.unexpected(t);
    } finally {
      call.end();
    }
  }

  /** recvmsg(2). */
  long recvmsg(int fd, long message, int flags) {
    return call(RECVMSG, fd, message, flags, 0, 0, 0);
  }

  /** sendmsg(2). */
  long sendmsg(int fd, long message, int flags) {
    return call(SENDMSG, fd, message, flags, 0, 0, 0);
  }

  /** read(2). */
  long read(int fd, long buffer, long length) {
    Call call = Call.begin();
    try {
      return call.result((long) SYSCALL.invokeExact(call.state(), READ, (long) fd, buffer, length, 0L, 0L, 0L));
    } catch (Throwable t) {
      throw CFunction.unexpected(t);
    } finally {
      call.end();
    }
  }

  /** write(2). */
  long write(int fd, long buffer, long length) {
    Call call = Call.begin();
    try {
      return call.result((long) SYSCALL.invokeExact(call.state(), WRITE, (long) fd, buffer, length, 0L, 0L, 0L));
    } catch (Throwable t) {
      throw CFunction.unexpected(t);
    } finally {
      call.end();
    }
  }

  /** readv(2). */
  long readv(int fd, long vectors, int count) {
    return call(READV, fd, vectors, count, 0, 0, 0);
  }

  /** writev(2). */
  long writev(int fd, long vectors, int count) {
    return call(WRITEV, fd, vectors, count, 0, 0, 0);
  }

  /** close(2). */
  int close(int fd) {
    return intCall(CLOSE, fd, 0, 0, 0, 0);
  }

  /** fcntl(2), the form with an int argument. */
  int fcntl(int fd, int command, int argument) {
    return intCall(FCNTL, fd, command, argument, 0, 0);
  }

  /** fcntl(2), the form with the address of a struct. */
  int fcntl(int fd, int command, long argument) {
    return intCall(FCNTL, fd, command, argument, 0, 0);
  }

  /** openat(2). */
  int openat(int directoryFd, long path, int flags, int mode) {
    return intCall(OPENAT, directoryFd, path, flags, mode, 0);
  }

  /** pread(2). */
  long pread(int fd, long buffer, long length, long offset) {
    return call(PREAD, fd, buffer, length, offset, 0, 0);
  }

  /** pwrite(2). */
  long pwrite(int fd, long buffer, long length, long offset) {
    return call(PWRITE, fd, buffer, length, offset, 0, 0);
  }

  /** preadv2(2). */
  long preadv2(int fd, long vectors, int count, long offset, int flags) {
    Call call = Call.begin();
    try {
      return call.result((long) SYSCALL.invokeExact(call.state(), PREADV2, (long) fd, vectors, (long) count, offset, 0L,
          (long) flags));
    } catch (Throwable t) {
      throw CFunction.unexpected(t);
    } finally {
      call.end();
    }
  }

  /** pwritev2(2). */
  long pwritev2(int fd, long vectors, int count, long offset, int flags) {
    return call(PWRITEV2, fd, vectors, count, offset, flags, 0);
  }

  /** lseek(2). */
  long lseek(int fd, long offset, int whence) {
    return call(LSEEK, fd, offset, whence, 0, 0, 0);
  }

  /** ftruncate(2). */
  int ftruncate(int fd, long length) {
    return intCall(FTRUNCATE, fd, length, 0, 0, 0);
  }

  /** fallocate(2). */
  int fallocate(int fd, int mode, long offset, long length) {
    return intCall(FALLOCATE, fd, mode, offset, length, 0);
  }

  /** posix_fadvise(2). Answers the error number itself. */
  int posix_fadvise(int fd, long offset, long length, int advice) {
    return intCall(POSIX_FADVISE, fd, offset, length, advice, 0);
  }

  /** fsync(2). */
  int fsync(int fd) {
    return intCall(FSYNC, fd, 0, 0, 0, 0);
  }

  /** fdatasync(2). */
  int fdatasync(int fd) {
    return intCall(FDATASYNC, fd, 0, 0, 0, 0);
  }

  /** sendfile(2). */
  long sendfile(int targetFd, int sourceFd, long offset, long count) {
    return call(SENDFILE, targetFd, sourceFd, offset, count, 0, 0);
  }

  /** copy_file_range(2). */
  long copy_file_range(int sourceFd, long sourceOffset, int targetFd, long targetOffset, long length, int flags) {
    return call(COPY_FILE_RANGE, sourceFd, sourceOffset, targetFd, targetOffset, length, flags);
  }

  /** splice(2). */
  long splice(int sourceFd, long sourceOffset, int targetFd, long targetOffset, long length, int flags) {
    return call(SPLICE, sourceFd, sourceOffset, targetFd, targetOffset, length, flags);
  }

  /** statx(2). */
  int statx(int directoryFd, long path, int flags, int mask, long status) {
    return intCall(STATX, directoryFd, path, flags, mask, status);
  }

  /** fchmod(2). */
  int fchmod(int fd, int mode) {
    return intCall(FCHMOD, fd, mode, 0, 0, 0);
  }

  /** fchmodat(2). */
  int fchmodat(int directoryFd, long path, int mode, int flags) {
    return intCall(FCHMODAT, directoryFd, path, mode, flags, 0);
  }

  /** utimensat(2). */
  int utimensat(int directoryFd, long path, long times, int flags) {
    return intCall(UTIMENSAT, directoryFd, path, times, flags, 0);
  }

  /** futimens(3). */
  int futimens(int fd, long times) {
    return intCall(FUTIMENS, fd, times, 0, 0, 0);
  }

  /** unlinkat(2). */
  int unlinkat(int directoryFd, long path, int flags) {
    return intCall(UNLINKAT, directoryFd, path, flags, 0, 0);
  }

  /** mkdirat(2). */
  int mkdirat(int directoryFd, long path, int mode) {
    return intCall(MKDIRAT, directoryFd, path, mode, 0, 0);
  }

  /** mkfifoat(3). */
  int mkfifoat(int directoryFd, long path, int mode) {
    return intCall(MKFIFOAT, directoryFd, path, mode, 0, 0);
  }

  /** renameat2(2). */
  int renameat2(int sourceDirectoryFd, long source, int targetDirectoryFd, long target, int flags) {
    return intCall(RENAMEAT2, sourceDirectoryFd, source, targetDirectoryFd, target, flags);
  }

  /** linkat(2). */
  int linkat(int sourceDirectoryFd, long source, int targetDirectoryFd, long target, int flags) {
    return intCall(LINKAT, sourceDirectoryFd, source, targetDirectoryFd, target, flags);
  }

  /** symlinkat(2). */
  int symlinkat(long target, int directoryFd, long path) {
    return intCall(SYMLINKAT, target, directoryFd, path, 0, 0);
  }

  /** readlinkat(2). */
  long readlinkat(int directoryFd, long path, long buffer, long length) {
    return call(READLINKAT, directoryFd, path, buffer, length, 0, 0);
  }

  /** getdents64(2). */
  long getdents64(int fd, long buffer, long length) {
    return call(GETDENTS64, fd, buffer, length, 0, 0, 0);
  }

  /** statfs(2). */
  int statfs(long path, long status) {
    return intCall(STATFS, path, status, 0, 0, 0);
  }

  /** pipe2(2). */
  int pipe2(long fds, int flags) {
    return intCall(PIPE2, fds, flags, 0, 0, 0);
  }

  /** inotify_init1(2). */
  int inotify_init1(int flags) {
    return intCall(INOTIFY_INIT1, flags, 0, 0, 0, 0);
  }

  /** inotify_add_watch(2). */
  int inotify_add_watch(int fd, long path, int mask) {
    return intCall(INOTIFY_ADD_WATCH, fd, path, mask, 0, 0);
  }

  /** inotify_rm_watch(2). */
  int inotify_rm_watch(int fd, int watch) {
    return intCall(INOTIFY_RM_WATCH, fd, watch, 0, 0, 0);
  }

  /** mmap(2). */
  long mmap(long address, long length, int protection, int flags, int fd, long offset) {
    return call(MMAP, address, length, protection, flags, fd, offset);
  }

  /** munmap(2). */
  int munmap(long address, long length) {
    return intCall(MUNMAP, address, length, 0, 0, 0);
  }

  /** syscall(2): a call by its number, for those that the C library has no function for; of four arguments at the most. */
  long syscall(long number, long a, long b, long c, long d) {
    return call(SYSCALL, number, a, b, c, d, 0);
  }

  /** sched_getaffinity(2). */
  int sched_getaffinity(int pid, long maskLength, long mask) {
    return intCall(SCHED_GETAFFINITY, pid, maskLength, mask, 0, 0);
  }

  /** sched_setaffinity(2). */
  int sched_setaffinity(int pid, long maskLength, long mask) {
    return intCall(SCHED_SETAFFINITY, pid, maskLength, mask, 0, 0);
  }
}
