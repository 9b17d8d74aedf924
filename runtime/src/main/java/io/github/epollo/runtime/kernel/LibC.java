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

  /** sched_getaffinity(2). */
  int sched_getaffinity(int pid, @size_t long maskLength, long mask);

  /** sched_setaffinity(2). */
  int sched_setaffinity(int pid, @size_t long maskLength, long mask);
}
