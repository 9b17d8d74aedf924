package io.github.epollo.testkit;

import io.github.epollo.runtime.kernel.FileKernel;
import io.github.epollo.runtime.kernel.Kernel;

/** Passes every call on to another kernel: a base for kernels that change some of them. Callable from any thread if the other one is. */
public abstract class ForwardingKernel implements Kernel {
  private final Kernel kernel;

  /** Passes calls on to {@code kernel}. */
  protected ForwardingKernel(Kernel kernel) {
    this.kernel = kernel;
  }

  @Override
  public int epollCreate(int flags) {
    return kernel.epollCreate(flags);
  }

  @Override
  public int epollCtl(int epollFd, int operation, int fd, int events, long data) {
    return kernel.epollCtl(epollFd, operation, fd, events, data);
  }

  @Override
  public int epollWait(int epollFd, long eventsAddress, int maxEvents, int timeoutMillis) {
    return kernel.epollWait(epollFd, eventsAddress, maxEvents, timeoutMillis);
  }

  @Override
  public int eventfd(int initialValue, int flags) {
    return kernel.eventfd(initialValue, flags);
  }

  @Override
  public int timerfdCreate(int clockId, int flags) {
    return kernel.timerfdCreate(clockId, flags);
  }

  @Override
  public int timerfdSettime(int fd, long deadlineNanos) {
    return kernel.timerfdSettime(fd, deadlineNanos);
  }

  @Override
  public long clockGettime(int clockId) {
    return kernel.clockGettime(clockId);
  }

  @Override
  public int socket(int domain, int type, int protocol) {
    return kernel.socket(domain, type, protocol);
  }

  @Override
  public int bind(int fd, long addressAddress, int addressLength) {
    return kernel.bind(fd, addressAddress, addressLength);
  }

  @Override
  public int listen(int fd, int backlog) {
    return kernel.listen(fd, backlog);
  }

  @Override
  public int accept4(int fd, long addressAddress, long lengthAddress, int flags) {
    return kernel.accept4(fd, addressAddress, lengthAddress, flags);
  }

  @Override
  public int connect(int fd, long addressAddress, int addressLength) {
    return kernel.connect(fd, addressAddress, addressLength);
  }

  @Override
  public int getsockname(int fd, long addressAddress, long lengthAddress) {
    return kernel.getsockname(fd, addressAddress, lengthAddress);
  }

  @Override
  public int getpeername(int fd, long addressAddress, long lengthAddress) {
    return kernel.getpeername(fd, addressAddress, lengthAddress);
  }

  @Override
  public int getsockopt(int fd, int level, int option, long valueAddress, long lengthAddress) {
    return kernel.getsockopt(fd, level, option, valueAddress, lengthAddress);
  }

  @Override
  public int setsockopt(int fd, int level, int option, long valueAddress, int valueLength) {
    return kernel.setsockopt(fd, level, option, valueAddress, valueLength);
  }

  @Override
  public int shutdown(int fd, int how) {
    return kernel.shutdown(fd, how);
  }

  @Override
  public long recv(int fd, long bufferAddress, long length, int flags) {
    return kernel.recv(fd, bufferAddress, length, flags);
  }

  @Override
  public long send(int fd, long bufferAddress, long length, int flags) {
    return kernel.send(fd, bufferAddress, length, flags);
  }

  @Override
  public long recvmsg(int fd, long messageAddress, int flags) {
    return kernel.recvmsg(fd, messageAddress, flags);
  }

  @Override
  public long sendmsg(int fd, long messageAddress, int flags) {
    return kernel.sendmsg(fd, messageAddress, flags);
  }

  @Override
  public long read(int fd, long bufferAddress, long length) {
    return kernel.read(fd, bufferAddress, length);
  }

  @Override
  public long write(int fd, long bufferAddress, long length) {
    return kernel.write(fd, bufferAddress, length);
  }

  @Override
  public long readv(int fd, long vectorsAddress, int count) {
    return kernel.readv(fd, vectorsAddress, count);
  }

  @Override
  public long writev(int fd, long vectorsAddress, int count) {
    return kernel.writev(fd, vectorsAddress, count);
  }

  @Override
  public int close(int fd) {
    return kernel.close(fd);
  }

  @Override
  public int fcntl(int fd, int command, int argument) {
    return kernel.fcntl(fd, command, argument);
  }

  @Override
  public FileKernel files() {
    return kernel.files();
  }
}
