package io.github.epollo.runtime.kernel;

/**
 * Every system call that Epollo makes: the seam between the runtime and the machine.
 *
 * <p>Arguments are primitive. A result is {@code >= 0}, or {@code -errno} (see {@link Errno}), so that
 * "would block" is a value and not an exception. A {@code long} named {@code ...Address} is the address of native
 * memory that the caller owns and keeps alive for the length of the call. Time is a system call too: nothing above
 * this interface reads a clock of the JDK.
 *
 * <p><b>Contract beyond the manual pages.</b>
 *
 * <ul>
 *   <li>{@code EINTR} is returned, not absorbed: {@link RestartingKernel} does that, around any kernel.
 *   <li>{@link #recv} and {@link #recvmsg} on a stream socket that return fewer bytes than asked for have emptied the
 *       socket, unless urgent data was reported ({@link Epoll#PRI}): epoll(7) promises so for edge-triggered use. A
 *       kernel that shortens reads on purpose must report a fresh edge.
 * </ul>
 *
 * <p><b>Threading:</b> every method may be called from any thread. Only {@link #epollWait} with a time-out other than
 * zero blocks, and only a loop calls it so.
 */
public interface Kernel {

  // ---- epoll(7)

  /** epoll_create1(2). {@code flags}: {@link Epoll#CLOEXEC}. Returns the new fd. */
  int epollCreate(int flags);

  /**
   * epoll_ctl(2).
   *
   * @param operation {@link Epoll#CTL_ADD}, {@link Epoll#CTL_MOD} or {@link Epoll#CTL_DEL}
   * @param data comes back with each event
   */
  int epollCtl(int epollFd, int operation, int fd, int events, long data);

  /**
   * epoll_wait(2): fills an array of {@link EpollEvents} and returns how many events it holds.
   *
   * @param timeoutMillis 0 polls, -1 waits until an event comes
   */
  int epollWait(int epollFd, long eventsAddress, int maxEvents, int timeoutMillis);

  // ---- eventfd(2), timerfd(2), clocks

  /** eventfd(2). {@code flags}: {@link FileFlags#EFD_NONBLOCK}, {@link FileFlags#EFD_CLOEXEC}. */
  int eventfd(int initialValue, int flags);

  /** timerfd_create(2). {@code flags}: {@link FileFlags#TFD_NONBLOCK}, {@link FileFlags#TFD_CLOEXEC}. */
  int timerfdCreate(int clockId, int flags);

  /**
   * timerfd_settime(2), always absolute ({@link FileFlags#TFD_TIMER_ABSTIME}).
   *
   * @param deadlineNanos the time in nanoseconds of the timer's clock; 0 disarms, any other value must be positive
   */
  int timerfdSettime(int fd, long deadlineNanos);

  /** clock_gettime(2) in nanoseconds; {@code clockId} is one of {@link Clocks}. */
  long clockGettime(int clockId);

  // ---- sockets

  /** socket(2). */
  int socket(int domain, int type, int protocol);

  /** bind(2). */
  int bind(int fd, long addressAddress, int addressLength);

  /** listen(2). */
  int listen(int fd, int backlog);

  /**
   * accept4(2).
   *
   * @param addressAddress where the peer's address goes, or 0
   * @param lengthAddress an int, in: room at {@code addressAddress}, out: length of the address; or 0
   */
  int accept4(int fd, long addressAddress, long lengthAddress, int flags);

  /** connect(2). */
  int connect(int fd, long addressAddress, int addressLength);

  /** getsockname(2). */
  int getsockname(int fd, long addressAddress, long lengthAddress);

  /** getpeername(2). */
  int getpeername(int fd, long addressAddress, long lengthAddress);

  /** getsockopt(2). */
  int getsockopt(int fd, int level, int option, long valueAddress, long lengthAddress);

  /** setsockopt(2). */
  int setsockopt(int fd, int level, int option, long valueAddress, int valueLength);

  /** shutdown(2). */
  int shutdown(int fd, int how);

  /** recv(2). */
  long recv(int fd, long bufferAddress, long length, int flags);

  /** send(2). */
  long send(int fd, long bufferAddress, long length, int flags);

  /** recvmsg(2) with a {@link MessageHeader}. */
  long recvmsg(int fd, long messageAddress, int flags);

  /** sendmsg(2) with a {@link MessageHeader}. */
  long sendmsg(int fd, long messageAddress, int flags);

  // ---- any fd

  /** read(2). */
  long read(int fd, long bufferAddress, long length);

  /** write(2). */
  long write(int fd, long bufferAddress, long length);

  /** readv(2) with an array of {@link IoVectors}. */
  long readv(int fd, long vectorsAddress, int count);

  /** writev(2) with an array of {@link IoVectors}. */
  long writev(int fd, long vectorsAddress, int count);

  /** close(2). The number is free again whatever the result: never call it twice. */
  int close(int fd);

  /** fcntl(2) with an int argument; {@code command} is one of the {@code F_} constants of {@link FileFlags}. */
  int fcntl(int fd, int command, int argument);

  /** The calls on files, directories, pipes and rings. Always the same object. */
  FileKernel files();

  // ---- threads

  /**
   * sched_getaffinity(2): fills a mask of {@code maskLength} bytes; not here unless a kernel says otherwise.
   *
   * @param pid a thread, or 0 for the calling one
   */
  default int schedGetaffinity(int pid, long maskLength, long maskAddress) {
    return -Errno.ENOSYS;
  }

  /** sched_setaffinity(2), as {@link #schedGetaffinity}. */
  default int schedSetaffinity(int pid, long maskLength, long maskAddress) {
    return -Errno.ENOSYS;
  }
}
