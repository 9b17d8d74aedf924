package io.github.epollo.runtime.kernel;

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

  private static final CFunction SYSCALL = CFunction.named("syscall");
  private static final CFunction EPOLL_CREATE1 = CFunction.named("epoll_create1");
  private static final CFunction EPOLL_CTL = CFunction.named("epoll_ctl");
  private static final CFunction EVENTFD = CFunction.named("eventfd");
  private static final CFunction TIMERFD_CREATE = CFunction.named("timerfd_create");
  private static final CFunction TIMERFD_SETTIME = CFunction.named("timerfd_settime");
  private static final CFunction CLOCK_GETTIME = CFunction.named("clock_gettime");
  private static final CFunction SOCKET = CFunction.named("socket");
  private static final CFunction BIND = CFunction.named("bind");
  private static final CFunction LISTEN = CFunction.named("listen");
  private static final CFunction ACCEPT4 = CFunction.named("accept4");
  private static final CFunction CONNECT = CFunction.named("connect");
  private static final CFunction GETSOCKNAME = CFunction.named("getsockname");
  private static final CFunction GETPEERNAME = CFunction.named("getpeername");
  private static final CFunction GETSOCKOPT = CFunction.named("getsockopt");
  private static final CFunction SETSOCKOPT = CFunction.named("setsockopt");
  private static final CFunction SHUTDOWN = CFunction.named("shutdown");
  private static final CFunction RECVMSG = CFunction.named("recvmsg");
  private static final CFunction SENDMSG = CFunction.named("sendmsg");
  private static final CFunction READV = CFunction.named("readv");
  private static final CFunction WRITEV = CFunction.named("writev");
  private static final CFunction CLOSE = CFunction.named("close");
  private static final CFunction FCNTL = CFunction.named("fcntl");
  private static final CFunction OPENAT = CFunction.named("openat");
  private static final CFunction PREAD = CFunction.named("pread");
  private static final CFunction PWRITE = CFunction.named("pwrite");
  private static final CFunction PWRITEV2 = CFunction.named("pwritev2");
  private static final CFunction LSEEK = CFunction.named("lseek");
  private static final CFunction FTRUNCATE = CFunction.named("ftruncate");
  private static final CFunction FALLOCATE = CFunction.named("fallocate");
  private static final CFunction POSIX_FADVISE = CFunction.named("posix_fadvise");
  private static final CFunction FSYNC = CFunction.named("fsync");
  private static final CFunction FDATASYNC = CFunction.named("fdatasync");
  private static final CFunction SENDFILE = CFunction.named("sendfile");
  private static final CFunction COPY_FILE_RANGE = CFunction.named("copy_file_range");
  private static final CFunction SPLICE = CFunction.named("splice");
  private static final CFunction STATX = CFunction.named("statx");
  private static final CFunction FCHMOD = CFunction.named("fchmod");
  private static final CFunction FCHMODAT = CFunction.named("fchmodat");
  private static final CFunction UTIMENSAT = CFunction.named("utimensat");
  private static final CFunction FUTIMENS = CFunction.named("futimens");
  private static final CFunction UNLINKAT = CFunction.named("unlinkat");
  private static final CFunction MKDIRAT = CFunction.named("mkdirat");
  private static final CFunction MKFIFOAT = CFunction.named("mkfifoat");
  private static final CFunction RENAMEAT2 = CFunction.named("renameat2");
  private static final CFunction LINKAT = CFunction.named("linkat");
  private static final CFunction SYMLINKAT = CFunction.named("symlinkat");
  private static final CFunction READLINKAT = CFunction.named("readlinkat");
  private static final CFunction GETDENTS64 = CFunction.named("getdents64");
  private static final CFunction STATFS = CFunction.named("statfs");
  private static final CFunction PIPE2 = CFunction.named("pipe2");
  private static final CFunction INOTIFY_INIT1 = CFunction.named("inotify_init1");
  private static final CFunction INOTIFY_ADD_WATCH = CFunction.named("inotify_add_watch");
  private static final CFunction INOTIFY_RM_WATCH = CFunction.named("inotify_rm_watch");
  private static final CFunction MMAP = CFunction.named("mmap");
  private static final CFunction MUNMAP = CFunction.named("munmap");
  private static final CFunction SCHED_GETAFFINITY = CFunction.named("sched_getaffinity");
  private static final CFunction SCHED_SETAFFINITY = CFunction.named("sched_setaffinity");

  private static long number(long onX86, long onAarch64) {
    return System.getProperty("os.arch").equals("aarch64") ? onAarch64 : onX86;
  }

  /** epoll_create1(2). */
  int epoll_create1(int flags) {
    return EPOLL_CREATE1.intCall(flags, 0, 0, 0, 0);
  }

  /** epoll_ctl(2). */
  int epoll_ctl(int epollFd, int operation, int fd, long event) {
    return EPOLL_CTL.intCall(epollFd, operation, fd, event, 0);
  }

  /** epoll_wait(2). */
  int epoll_wait(int epollFd, long events, int maxEvents, int timeoutMillis) {
    return (int) SYSCALL.call(EPOLL_PWAIT, epollFd, events,
        maxEvents, timeoutMillis, 0, 0);
  }

  /** eventfd(2). */
  int eventfd(int initialValue, int flags) {
    return EVENTFD.intCall(initialValue, flags, 0, 0, 0);
  }

  /** timerfd_create(2). */
  int timerfd_create(int clockId, int flags) {
    return TIMERFD_CREATE.intCall(clockId, flags, 0, 0, 0);
  }

  /** timerfd_settime(2). */
  int timerfd_settime(int fd, int flags, long newValue, long oldValue) {
    return TIMERFD_SETTIME.intCall(fd, flags, newValue, oldValue, 0);
  }

  /** clock_gettime(2). */
  int clock_gettime(int clockId, long timespec) {
    return CLOCK_GETTIME.intCall(clockId, timespec, 0, 0, 0);
  }

  /** socket(2). */
  int socket(int domain, int type, int protocol) {
    return SOCKET.intCall(domain, type, protocol, 0, 0);
  }

  /** bind(2). */
  int bind(int fd, long address, int addressLength) {
    return BIND.intCall(fd, address, addressLength, 0, 0);
  }

  /** listen(2). */
  int listen(int fd, int backlog) {
    return LISTEN.intCall(fd, backlog, 0, 0, 0);
  }

  /** accept4(2). */
  int accept4(int fd, long address, long addressLength, int flags) {
    return ACCEPT4.intCall(fd, address, addressLength, flags, 0);
  }

  /** connect(2). */
  int connect(int fd, long address, int addressLength) {
    return CONNECT.intCall(fd, address, addressLength, 0, 0);
  }

  /** getsockname(2). */
  int getsockname(int fd, long address, long addressLength) {
    return GETSOCKNAME.intCall(fd, address, addressLength, 0, 0);
  }

  /** getpeername(2). */
  int getpeername(int fd, long address, long addressLength) {
    return GETPEERNAME.intCall(fd, address, addressLength, 0, 0);
  }

  /** getsockopt(2). */
  int getsockopt(int fd, int level, int option, long value, long valueLength) {
    return GETSOCKOPT.intCall(fd, level, option, value, valueLength);
  }

  /** setsockopt(2). */
  int setsockopt(int fd, int level, int option, long value, int valueLength) {
    return SETSOCKOPT.intCall(fd, level, option, value, valueLength);
  }

  /** shutdown(2). */
  int shutdown(int fd, int how) {
    return SHUTDOWN.intCall(fd, how, 0, 0, 0);
  }

  /** recv(2). */
  long recv(int fd, long buffer, long length, int flags) {
    return SYSCALL.call(RECVFROM, fd, buffer, length, flags, 0, 0);
  }

  /** send(2). */
  long send(int fd, long buffer, long length, int flags) {
    return SYSCALL.call(SENDTO, fd, buffer, length, flags, 0, 0);
  }

  /** recvmsg(2). */
  long recvmsg(int fd, long message, int flags) {
    return RECVMSG.call(fd, message, flags, 0, 0, 0, 0);
  }

  /** sendmsg(2). */
  long sendmsg(int fd, long message, int flags) {
    return SENDMSG.call(fd, message, flags, 0, 0, 0, 0);
  }

  /** read(2). */
  long read(int fd, long buffer, long length) {
    return SYSCALL.call(READ, fd, buffer, length, 0, 0, 0);
  }

  /** write(2). */
  long write(int fd, long buffer, long length) {
    return SYSCALL.call(WRITE, fd, buffer, length, 0, 0, 0);
  }

  /** readv(2). */
  long readv(int fd, long vectors, int count) {
    return READV.call(fd, vectors, count, 0, 0, 0, 0);
  }

  /** writev(2). */
  long writev(int fd, long vectors, int count) {
    return WRITEV.call(fd, vectors, count, 0, 0, 0, 0);
  }

  /** close(2). */
  int close(int fd) {
    return CLOSE.intCall(fd, 0, 0, 0, 0);
  }

  /** fcntl(2), the form with an int argument. */
  int fcntl(int fd, int command, int argument) {
    return FCNTL.intCall(fd, command, argument, 0, 0);
  }

  /** fcntl(2), the form with the address of a struct. */
  int fcntl(int fd, int command, long argument) {
    return FCNTL.intCall(fd, command, argument, 0, 0);
  }

  /** openat(2). */
  int openat(int directoryFd, long path, int flags, int mode) {
    return OPENAT.intCall(directoryFd, path, flags, mode, 0);
  }

  /** pread(2). */
  long pread(int fd, long buffer, long length, long offset) {
    return PREAD.call(fd, buffer, length, offset, 0, 0, 0);
  }

  /** pwrite(2). */
  long pwrite(int fd, long buffer, long length, long offset) {
    return PWRITE.call(fd, buffer, length, offset, 0, 0, 0);
  }

  /** preadv2(2). */
  long preadv2(int fd, long vectors, int count, long offset, int flags) {
    return SYSCALL.call(PREADV2, fd, vectors, count, offset, 0,
        flags);
  }

  /** pwritev2(2). */
  long pwritev2(int fd, long vectors, int count, long offset, int flags) {
    return PWRITEV2.call(fd, vectors, count, offset, flags, 0, 0);
  }

  /** lseek(2). */
  long lseek(int fd, long offset, int whence) {
    return LSEEK.call(fd, offset, whence, 0, 0, 0, 0);
  }

  /** ftruncate(2). */
  int ftruncate(int fd, long length) {
    return FTRUNCATE.intCall(fd, length, 0, 0, 0);
  }

  /** fallocate(2). */
  int fallocate(int fd, int mode, long offset, long length) {
    return FALLOCATE.intCall(fd, mode, offset, length, 0);
  }

  /** posix_fadvise(2). Answers the error number itself. */
  int posix_fadvise(int fd, long offset, long length, int advice) {
    return POSIX_FADVISE.intCall(fd, offset, length, advice, 0);
  }

  /** fsync(2). */
  int fsync(int fd) {
    return FSYNC.intCall(fd, 0, 0, 0, 0);
  }

  /** fdatasync(2). */
  int fdatasync(int fd) {
    return FDATASYNC.intCall(fd, 0, 0, 0, 0);
  }

  /** sendfile(2). */
  long sendfile(int targetFd, int sourceFd, long offset, long count) {
    return SENDFILE.call(targetFd, sourceFd, offset, count, 0, 0, 0);
  }

  /** copy_file_range(2). */
  long copy_file_range(int sourceFd, long sourceOffset, int targetFd, long targetOffset, long length, int flags) {
    return COPY_FILE_RANGE.call(sourceFd, sourceOffset, targetFd, targetOffset, length, flags, 0);
  }

  /** splice(2). */
  long splice(int sourceFd, long sourceOffset, int targetFd, long targetOffset, long length, int flags) {
    return SPLICE.call(sourceFd, sourceOffset, targetFd, targetOffset, length, flags, 0);
  }

  /** statx(2). */
  int statx(int directoryFd, long path, int flags, int mask, long status) {
    return STATX.intCall(directoryFd, path, flags, mask, status);
  }

  /** fchmod(2). */
  int fchmod(int fd, int mode) {
    return FCHMOD.intCall(fd, mode, 0, 0, 0);
  }

  /** fchmodat(2). */
  int fchmodat(int directoryFd, long path, int mode, int flags) {
    return FCHMODAT.intCall(directoryFd, path, mode, flags, 0);
  }

  /** utimensat(2). */
  int utimensat(int directoryFd, long path, long times, int flags) {
    return UTIMENSAT.intCall(directoryFd, path, times, flags, 0);
  }

  /** futimens(3). */
  int futimens(int fd, long times) {
    return FUTIMENS.intCall(fd, times, 0, 0, 0);
  }

  /** unlinkat(2). */
  int unlinkat(int directoryFd, long path, int flags) {
    return UNLINKAT.intCall(directoryFd, path, flags, 0, 0);
  }

  /** mkdirat(2). */
  int mkdirat(int directoryFd, long path, int mode) {
    return MKDIRAT.intCall(directoryFd, path, mode, 0, 0);
  }

  /** mkfifoat(3). */
  int mkfifoat(int directoryFd, long path, int mode) {
    return MKFIFOAT.intCall(directoryFd, path, mode, 0, 0);
  }

  /** renameat2(2). */
  int renameat2(int sourceDirectoryFd, long source, int targetDirectoryFd, long target, int flags) {
    return RENAMEAT2.intCall(sourceDirectoryFd, source, targetDirectoryFd, target, flags);
  }

  /** linkat(2). */
  int linkat(int sourceDirectoryFd, long source, int targetDirectoryFd, long target, int flags) {
    return LINKAT.intCall(sourceDirectoryFd, source, targetDirectoryFd, target, flags);
  }

  /** symlinkat(2). */
  int symlinkat(long target, int directoryFd, long path) {
    return SYMLINKAT.intCall(target, directoryFd, path, 0, 0);
  }

  /** readlinkat(2). */
  long readlinkat(int directoryFd, long path, long buffer, long length) {
    return READLINKAT.call(directoryFd, path, buffer, length, 0, 0, 0);
  }

  /** getdents64(2). */
  long getdents64(int fd, long buffer, long length) {
    return GETDENTS64.call(fd, buffer, length, 0, 0, 0, 0);
  }

  /** statfs(2). */
  int statfs(long path, long status) {
    return STATFS.intCall(path, status, 0, 0, 0);
  }

  /** pipe2(2). */
  int pipe2(long fds, int flags) {
    return PIPE2.intCall(fds, flags, 0, 0, 0);
  }

  /** inotify_init1(2). */
  int inotify_init1(int flags) {
    return INOTIFY_INIT1.intCall(flags, 0, 0, 0, 0);
  }

  /** inotify_add_watch(2). */
  int inotify_add_watch(int fd, long path, int mask) {
    return INOTIFY_ADD_WATCH.intCall(fd, path, mask, 0, 0);
  }

  /** inotify_rm_watch(2). */
  int inotify_rm_watch(int fd, int watch) {
    return INOTIFY_RM_WATCH.intCall(fd, watch, 0, 0, 0);
  }

  /** mmap(2). */
  long mmap(long address, long length, int protection, int flags, int fd, long offset) {
    return MMAP.call(address, length, protection, flags, fd, offset, 0);
  }

  /** munmap(2). */
  int munmap(long address, long length) {
    return MUNMAP.intCall(address, length, 0, 0, 0);
  }

  /** syscall(2): a call by its number, for those that the C library has no function for; of four arguments at the most. */
  long syscall(long number, long a, long b, long c, long d) {
    return SYSCALL.call(number, a, b, c, d, 0, 0);
  }

  /** sched_getaffinity(2). */
  int sched_getaffinity(int pid, long maskLength, long mask) {
    return SCHED_GETAFFINITY.intCall(pid, maskLength, mask, 0, 0);
  }

  /** sched_setaffinity(2). */
  int sched_setaffinity(int pid, long maskLength, long mask) {
    return SCHED_SETAFFINITY.intCall(pid, maskLength, mask, 0, 0);
  }
}
