package io.github.epollo.runtime.kernel;

import jnr.ffi.types.size_t;
import jnr.ffi.types.socklen_t;
import jnr.ffi.types.ssize_t;

/**
 * The C functions that {@link LinuxKernel} calls: declarations only, bound by jnr-ffi. A failing function answers -1
 * and leaves its reason in errno.
 *
 * <p>Public because jnr-ffi implements it in a class loader of its own; nothing but {@link LinuxKernel} uses it.
 *
 * <p>Types: jnr-ffi passes a Java {@code int} as C {@code int} and a Java {@code long} as C {@code long}, 64 bits on
 * both architectures, so a plain {@code long} carries a pointer. jnr-ffi then emits a native method per function,
 * with no conversion and no object in between. Keep to five arguments: jnr-ffi 2.3.0 passes garbage as the sixth on
 * x86-64.
 *
 * <p>{@code fcntl} is variadic in C. Declared here as if it were not: both Linux ABIs pass variadic ints in the
 * registers of ordinary ones (x86-64 wants AL = 0 as well, which jnr-ffi sets).
 */
@SuppressWarnings({"MemberName", "checkstyle:MethodName"}) // the names are those of C
public interface LibC {
  /** epoll_create1(2). */
  int epoll_create1(int flags);

  /** epoll_ctl(2). */
  int epoll_ctl(int epollFd, int operation, int fd, long event);

  /** epoll_wait(2). */
  int epoll_wait(int epollFd, long events, int maxEvents, int timeoutMillis);

  /** eventfd(2). */
  int eventfd(int initialValue, int flags);

  /** timerfd_create(2). */
  int timerfd_create(int clockId, int flags);

  /** timerfd_settime(2). */
  int timerfd_settime(int fd, int flags, long newValue, long oldValue);

  /** clock_gettime(2). */
  int clock_gettime(int clockId, long timespec);

  /** socket(2). */
  int socket(int domain, int type, int protocol);

  /** bind(2). */
  int bind(int fd, long address, @socklen_t int addressLength);

  /** listen(2). */
  int listen(int fd, int backlog);

  /** accept4(2). */
  int accept4(int fd, long address, long addressLength, int flags);

  /** connect(2). */
  int connect(int fd, long address, @socklen_t int addressLength);

  /** getsockname(2). */
  int getsockname(int fd, long address, long addressLength);

  /** getpeername(2). */
  int getpeername(int fd, long address, long addressLength);

  /** getsockopt(2). */
  int getsockopt(int fd, int level, int option, long value, long valueLength);

  /** setsockopt(2). */
  int setsockopt(int fd, int level, int option, long value, @socklen_t int valueLength);

  /** shutdown(2). */
  int shutdown(int fd, int how);

  /** recv(2). */
  @ssize_t
  long recv(int fd, long buffer, @size_t long length, int flags);

  /** send(2). */
  @ssize_t
  long send(int fd, long buffer, @size_t long length, int flags);

  /** recvmsg(2). */
  @ssize_t
  long recvmsg(int fd, long message, int flags);

  /** sendmsg(2). */
  @ssize_t
  long sendmsg(int fd, long message, int flags);

  /** read(2). */
  @ssize_t
  long read(int fd, long buffer, @size_t long length);

  /** write(2). */
  @ssize_t
  long write(int fd, long buffer, @size_t long length);

  /** readv(2). */
  @ssize_t
  long readv(int fd, long vectors, int count);

  /** writev(2). */
  @ssize_t
  long writev(int fd, long vectors, int count);

  /** close(2). */
  int close(int fd);

  /** fcntl(2), the form with an int argument. */
  int fcntl(int fd, int command, int argument);

  /** fcntl(2), the form with the address of a struct. */
  int fcntl(int fd, int command, long argument);

  /** openat(2). */
  int openat(int directoryFd, long path, int flags, int mode);

  /** pread(2). */
  @ssize_t
  long pread(int fd, long buffer, @size_t long length, long offset);

  /** pwrite(2). */
  @ssize_t
  long pwrite(int fd, long buffer, @size_t long length, long offset);

  /** preadv2(2). */
  @ssize_t
  long preadv2(int fd, long vectors, int count, long offset, int flags);

  /** pwritev2(2). */
  @ssize_t
  long pwritev2(int fd, long vectors, int count, long offset, int flags);

  /** lseek(2). */
  long lseek(int fd, long offset, int whence);

  /** ftruncate(2). */
  int ftruncate(int fd, long length);

  /** fallocate(2). */
  int fallocate(int fd, int mode, long offset, long length);

  /** posix_fadvise(2). Answers the error number itself. */
  int posix_fadvise(int fd, long offset, long length, int advice);

  /** fsync(2). */
  int fsync(int fd);

  /** fdatasync(2). */
  int fdatasync(int fd);

  /** sendfile(2). */
  @ssize_t
  long sendfile(int targetFd, int sourceFd, long offset, @size_t long count);

  /** statx(2). */
  int statx(int directoryFd, long path, int flags, int mask, long status);

  /** fchmod(2). */
  int fchmod(int fd, int mode);

  /** fchmodat(2). */
  int fchmodat(int directoryFd, long path, int mode, int flags);

  /** utimensat(2). */
  int utimensat(int directoryFd, long path, long times, int flags);

  /** futimens(3). */
  int futimens(int fd, long times);

  /** unlinkat(2). */
  int unlinkat(int directoryFd, long path, int flags);

  /** mkdirat(2). */
  int mkdirat(int directoryFd, long path, int mode);

  /** mkfifoat(3). */
  int mkfifoat(int directoryFd, long path, int mode);

  /** renameat2(2). */
  int renameat2(int sourceDirectoryFd, long source, int targetDirectoryFd, long target, int flags);

  /** linkat(2). */
  int linkat(int sourceDirectoryFd, long source, int targetDirectoryFd, long target, int flags);

  /** symlinkat(2). */
  int symlinkat(long target, int directoryFd, long path);

  /** readlinkat(2). */
  @ssize_t
  long readlinkat(int directoryFd, long path, long buffer, @size_t long length);

  /** getdents64(2). */
  @ssize_t
  long getdents64(int fd, long buffer, @size_t long length);

  /** statfs(2). */
  int statfs(long path, long status);

  /** pipe2(2). */
  int pipe2(long fds, int flags);

  /** inotify_init1(2). */
  int inotify_init1(int flags);

  /** inotify_add_watch(2). */
  int inotify_add_watch(int fd, long path, int mask);

  /** inotify_rm_watch(2). */
  int inotify_rm_watch(int fd, int watch);

  /** munmap(2). */
  int munmap(long address, @size_t long length);

  /** syscall(2): a call by its number, for those that the C library has no function for; of four arguments at the most. */
  long syscall(long number, long a, long b, long c, long d);

  /** sched_getaffinity(2). */
  int sched_getaffinity(int pid, @size_t long maskLength, long mask);

  /** sched_setaffinity(2). */
  int sched_setaffinity(int pid, @size_t long maskLength, long mask);
}
