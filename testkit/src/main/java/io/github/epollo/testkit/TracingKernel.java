package io.github.epollo.testkit;

import io.github.epollo.runtime.kernel.EpollEvents;
import io.github.epollo.runtime.kernel.FileKernel;
import io.github.epollo.runtime.kernel.Kernel;
import io.github.epollo.runtime.kernel.MessageHeader;

/**
 * Writes every call and its result into a {@link Trace}: numbers, the addresses of sockets, and the checksum of what was read or written, but no address of memory, so
 * that two runs that did the same have the same trace.
 */
final class TracingKernel implements Kernel {
  private final String host;
  private final Kernel kernel;
  private final Trace trace;
  private final FileKernel files;

  TracingKernel(String host, Kernel kernel, Trace trace) {
    this.host = host;
    this.kernel = kernel;
    this.trace = trace;
    this.files = new TracingFileKernel(host, kernel.files(), trace);
  }

  @Override
  public int epollCreate(int flags) {
    int result = kernel.epollCreate(flags);
    add("epollCreate(" + flags + ") = " + result);
    return result;
  }

  @Override
  public int epollCtl(int epollFd, int operation, int fd, int events, long data) {
    int result = kernel.epollCtl(epollFd, operation, fd, events, data);
    add("epollCtl(" + epollFd + ", " + operation + ", " + fd + ", " + events + ") = " + result);
    return result;
  }

  @Override
  public int epollWait(int epollFd, long eventsAddress, int maxEvents, int timeoutMillis) {
    int result = kernel.epollWait(epollFd, eventsAddress, maxEvents, timeoutMillis);
    add("epollWait(" + epollFd + ", " + maxEvents + ", " + timeoutMillis + ") = " + result
        + events(eventsAddress, result));
    return result;
  }

  @Override
  public int eventfd(int initialValue, int flags) {
    int result = kernel.eventfd(initialValue, flags);
    add("eventfd(" + initialValue + ", " + flags + ") = " + result);
    return result;
  }

  @Override
  public int timerfdCreate(int clockId, int flags) {
    int result = kernel.timerfdCreate(clockId, flags);
    add("timerfdCreate(" + clockId + ", " + flags + ") = " + result);
    return result;
  }

  @Override
  public int timerfdSettime(int fd, long deadlineNanos) {
    int result = kernel.timerfdSettime(fd, deadlineNanos);
    add("timerfdSettime(" + fd + ", " + deadlineNanos + ") = " + result);
    return result;
  }

  @Override
  public long clockGettime(int clockId) {
    return kernel.clockGettime(clockId); // the time stands in each line
  }

  @Override
  public int socket(int domain, int type, int protocol) {
    int result = kernel.socket(domain, type, protocol);
    add("socket(" + domain + ", " + type + ", " + protocol + ") = " + result);
    return result;
  }

  @Override
  public int bind(int fd, long addressAddress, int addressLength) {
    int result = kernel.bind(fd, addressAddress, addressLength);
    add("bind(" + fd + ", " + TraceText.address(addressAddress, addressLength) + ") = " + result);
    return result;
  }

  @Override
  public int listen(int fd, int backlog) {
    int result = kernel.listen(fd, backlog);
    add("listen(" + fd + ", " + backlog + ") = " + result);
    return result;
  }

  @Override
  public int accept4(int fd, long addressAddress, long lengthAddress, int flags) {
    int result = kernel.accept4(fd, addressAddress, lengthAddress, flags);
    add("accept4(" + fd + ", " + flags + ") = " + result + TraceText.answer(result, addressAddress, lengthAddress));
    return result;
  }

  @Override
  public int connect(int fd, long addressAddress, int addressLength) {
    int result = kernel.connect(fd, addressAddress, addressLength);
    add("connect(" + fd + ", " + TraceText.address(addressAddress, addressLength) + ") = " + result);
    return result;
  }

  @Override
  public int getsockname(int fd, long addressAddress, long lengthAddress) {
    int result = kernel.getsockname(fd, addressAddress, lengthAddress);
    add("getsockname(" + fd + ") = " + result + TraceText.answer(result, addressAddress, lengthAddress));
    return result;
  }

  @Override
  public int getpeername(int fd, long addressAddress, long lengthAddress) {
    int result = kernel.getpeername(fd, addressAddress, lengthAddress);
    add("getpeername(" + fd + ") = " + result + TraceText.answer(result, addressAddress, lengthAddress));
    return result;
  }

  @Override
  public int getsockopt(int fd, int level, int option, long valueAddress, long lengthAddress) {
    int result = kernel.getsockopt(fd, level, option, valueAddress, lengthAddress);
    add("getsockopt(" + fd + ", " + level + ", " + option + ") = " + result
        + TraceText.option(result, valueAddress, lengthAddress));
    return result;
  }

  @Override
  public int setsockopt(int fd, int level, int option, long valueAddress, int valueLength) {
    int result = kernel.setsockopt(fd, level, option, valueAddress, valueLength);
    add("setsockopt(" + fd + ", " + level + ", " + option + ", " + TraceText.option(valueAddress, valueLength) + ") = "
        + result);
    return result;
  }

  @Override
  public int shutdown(int fd, int how) {
    int result = kernel.shutdown(fd, how);
    add("shutdown(" + fd + ", " + how + ") = " + result);
    return result;
  }

  @Override
  public long recv(int fd, long bufferAddress, long length, int flags) {
    long result = kernel.recv(fd, bufferAddress, length, flags);
    add("recv(" + fd + ", " + length + ", " + flags + ") = " + result + TraceText.checksum(bufferAddress, result));
    return result;
  }

  @Override
  public long send(int fd, long bufferAddress, long length, int flags) {
    long result = kernel.send(fd, bufferAddress, length, flags);
    add("send(" + fd + ", " + length + ", " + flags + ") = " + result + TraceText.checksum(bufferAddress, result));
    return result;
  }

  @Override
  public long recvmsg(int fd, long messageAddress, int flags) {
    long result = kernel.recvmsg(fd, messageAddress, flags);
    add("recvmsg(" + fd + ", " + flags + ") = " + result + message(messageAddress, result));
    return result;
  }

  @Override
  public long sendmsg(int fd, long messageAddress, int flags) {
    long result = kernel.sendmsg(fd, messageAddress, flags);
    add("sendmsg(" + fd + ", " + flags + ") = " + result + message(messageAddress, result));
    return result;
  }

  @Override
  public long read(int fd, long bufferAddress, long length) {
    long result = kernel.read(fd, bufferAddress, length);
    add("read(" + fd + ", " + length + ") = " + result + TraceText.checksum(bufferAddress, result));
    return result;
  }

  @Override
  public long write(int fd, long bufferAddress, long length) {
    long result = kernel.write(fd, bufferAddress, length);
    add("write(" + fd + ", " + length + ") = " + result + TraceText.checksum(bufferAddress, result));
    return result;
  }

  @Override
  public long readv(int fd, long vectorsAddress, int count) {
    long result = kernel.readv(fd, vectorsAddress, count);
    add("readv(" + fd + ", " + count + ") = " + result + TraceText.checksum(vectorsAddress, count, result));
    return result;
  }

  @Override
  public long writev(int fd, long vectorsAddress, int count) {
    long result = kernel.writev(fd, vectorsAddress, count);
    add("writev(" + fd + ", " + count + ") = " + result + TraceText.checksum(vectorsAddress, count, result));
    return result;
  }

  @Override
  public int close(int fd) {
    int result = kernel.close(fd);
    add("close(" + fd + ") = " + result);
    return result;
  }

  @Override
  public int fcntl(int fd, int command, int argument) {
    int result = kernel.fcntl(fd, command, argument);
    add("fcntl(" + fd + ", " + command + ", " + argument + ") = " + result);
    return result;
  }

  @Override
  public FileKernel files() {
    return files;
  }

  private void add(String call) {
    trace.add(host, call);
  }

  private static String message(long address, long result) {
    MessageHeader message = MessageHeader.at(address);
    return TraceText.checksum(message.vectors(), (int) message.vectorCount(), result);
  }

  private static String events(long address, int count) {
    if (count <= 0) {
      return "";
    }
    EpollEvents events = EpollEvents.at(address, count);
    StringBuilder text = new StringBuilder(" [");
    for (int i = 0; i < count; i++) {
      text.append(i == 0 ? "" : ", ").append(Long.toHexString(events.data(i))).append(": 0x")
          .append(Integer.toHexString(events.events(i)));
    }
    return text.append(']').toString();
  }
}
