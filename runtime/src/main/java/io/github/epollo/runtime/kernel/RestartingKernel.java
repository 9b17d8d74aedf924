package io.github.epollo.runtime.kernel;

/**
 * The one place where EINTR ends: every call that a signal interrupted is made again, except for three.
 *
 * <ul>
 *   <li>{@code epoll_wait} answers "no events" instead: the loop looks at its clock and its queues before it waits again, so a storm of signals cannot
 *       prolong a wait;
 *   <li>{@code connect} goes on by itself after a signal, so it answers EINPROGRESS;
 *   <li>{@code close} has freed the number already: made again it could close a stranger's fd.
 * </ul>
 */
public final class RestartingKernel implements Kernel {
  private final Kernel kernel;
  private final RestartingFileKernel files;

  /** Wraps {@code kernel}, which may answer EINTR. */
  public RestartingKernel(Kernel kernel) {
    this.kernel = kernel;
    this.files = new RestartingFileKernel(kernel.files());
  }

  @Override
  public int epollCreate(int flags) {
    int result;
    do {
      result = kernel.epollCreate(flags);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public int epollCtl(int epollFd, int operation, int fd, int events, long data) {
    int result;
    do {
      result = kernel.epollCtl(epollFd, operation, fd, events, data);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public int epollWait(int epollFd, long eventsAddress, int maxEvents, int timeoutMillis) {
    int result = kernel.epollWait(epollFd, eventsAddress, maxEvents, timeoutMillis);
    return result == -Errno.EINTR ? 0 : result;
  }

  @Override
  public int eventfd(int initialValue, int flags) {
    int result;
    do {
      result = kernel.eventfd(initialValue, flags);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public int timerfdCreate(int clockId, int flags) {
    int result;
    do {
      result = kernel.timerfdCreate(clockId, flags);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public int timerfdSettime(int fd, long deadlineNanos) {
    int result;
    do {
      result = kernel.timerfdSettime(fd, deadlineNanos);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public long clockGettime(int clockId) {
    return kernel.clockGettime(clockId);
  }

  @Override
  public int socket(int domain, int type, int protocol) {
    int result;
    do {
      result = kernel.socket(domain, type, protocol);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public int bind(int fd, long addressAddress, int addressLength) {
    int result;
    do {
      result = kernel.bind(fd, addressAddress, addressLength);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public int listen(int fd, int backlog) {
    int result;
    do {
      result = kernel.listen(fd, backlog);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public int accept4(int fd, long addressAddress, long lengthAddress, int flags) {
    int result;
    do {
      result = kernel.accept4(fd, addressAddress, lengthAddress, flags);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public int connect(int fd, long addressAddress, int addressLength) {
    int result = kernel.connect(fd, addressAddress, addressLength);
    return result == -Errno.EINTR ? -Errno.EINPROGRESS : result;
  }

  @Override
  public int getsockname(int fd, long addressAddress, long lengthAddress) {
    int result;
    do {
      result = kernel.getsockname(fd, addressAddress, lengthAddress);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public int getpeername(int fd, long addressAddress, long lengthAddress) {
    int result;
    do {
      result = kernel.getpeername(fd, addressAddress, lengthAddress);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public int getsockopt(int fd, int level, int option, long valueAddress, long lengthAddress) {
    int result;
    do {
      result = kernel.getsockopt(fd, level, option, valueAddress, lengthAddress);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public int setsockopt(int fd, int level, int option, long valueAddress, int valueLength) {
    int result;
    do {
      result = kernel.setsockopt(fd, level, option, valueAddress, valueLength);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public int shutdown(int fd, int how) {
    int result;
    do {
      result = kernel.shutdown(fd, how);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public long recv(int fd, long bufferAddress, long length, int flags) {
    long result;
    do {
      result = kernel.recv(fd, bufferAddress, length, flags);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public long send(int fd, long bufferAddress, long length, int flags) {
    long result;
    do {
      result = kernel.send(fd, bufferAddress, length, flags);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public long recvmsg(int fd, long messageAddress, int flags) {
    long result;
    do {
      result = kernel.recvmsg(fd, messageAddress, flags);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public long sendmsg(int fd, long messageAddress, int flags) {
    long result;
    do {
      result = kernel.sendmsg(fd, messageAddress, flags);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public long read(int fd, long bufferAddress, long length) {
    long result;
    do {
      result = kernel.read(fd, bufferAddress, length);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public long write(int fd, long bufferAddress, long length) {
    long result;
    do {
      result = kernel.write(fd, bufferAddress, length);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public long readv(int fd, long vectorsAddress, int count) {
    long result;
    do {
      result = kernel.readv(fd, vectorsAddress, count);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public long writev(int fd, long vectorsAddress, int count) {
    long result;
    do {
      result = kernel.writev(fd, vectorsAddress, count);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public int close(int fd) {
    return kernel.close(fd);
  }

  @Override
  public int fcntl(int fd, int command, int argument) {
    int result;
    do {
      result = kernel.fcntl(fd, command, argument);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public FileKernel files() {
    return files;
  }

  @Override
  public int schedGetaffinity(int pid, long maskLength, long maskAddress) {
    int result;
    do {
      result = kernel.schedGetaffinity(pid, maskLength, maskAddress);
    } while (result == -Errno.EINTR);
    return result;
  }

  @Override
  public int schedSetaffinity(int pid, long maskLength, long maskAddress) {
    int result;
    do {
      result = kernel.schedSetaffinity(pid, maskLength, maskAddress);
    } while (result == -Errno.EINTR);
    return result;
  }
}
