package io.github.epollo.testkit;

import io.github.epollo.runtime.kernel.Clocks;
import io.github.epollo.runtime.kernel.Epoll;
import io.github.epollo.runtime.kernel.EpollEvents;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.FileKernel;
import io.github.epollo.runtime.kernel.Kernel;
import io.github.epollo.runtime.kernel.MessageHeader;
import io.github.epollo.runtime.kernel.Sockets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * A kernel with faults: before each call it asks whether one strikes, and if so answers as Linux might on a bad day.
 *
 * <p>An edge-triggered user relies on two promises: what is not read fully, or answered EAGAIN, is reported again. So after a shortened call, and one refused
 * without need, the fd is modified in its epoll instance to what it was: that makes Linux, and the simulation, report it once more if it is ready.
 */
final class FaultyKernel extends ForwardingKernel {
  private static final long MOST_BACK_NANOS = 1_000_000;
  private static final long MOST_JUMP_NANOS = 10_000_000_000L;

  /** How an fd was added to epoll. */
  private record Watch(int epollFd, int events, long data) {}

  private final FaultDraw draw;
  private final Mishaps mishaps;
  private final FileKernel files;
  private final Map<Integer, Watch> watches = new ConcurrentSkipListMap<>(); // by fd; an order that is the same in each run

  FaultyKernel(Kernel kernel, FaultDraw draw, Mishaps mishaps) {
    super(kernel);
    this.draw = draw;
    this.mishaps = mishaps;
    this.files = new FaultyFileKernel(kernel.files(), draw, this::report);
  }

  @Override
  public FileKernel files() {
    return files;
  }

  // ---- calls that make a file descriptor

  @Override
  public int epollCreate(int flags) {
    int errno = creationFault("epoll_create1");
    return errno != 0 ? -errno : super.epollCreate(flags);
  }

  @Override
  public int eventfd(int initialValue, int flags) {
    int errno = creationFault("eventfd");
    return errno != 0 ? -errno : super.eventfd(initialValue, flags);
  }

  @Override
  public int timerfdCreate(int clockId, int flags) {
    int errno = creationFault("timerfd_create");
    return errno != 0 ? -errno : super.timerfdCreate(clockId, flags);
  }

  @Override
  public int socket(int domain, int type, int protocol) {
    int errno = socketFault("socket");
    return errno != 0 ? -errno : super.socket(domain, type, protocol);
  }

  @Override
  public int fcntl(int fd, int command, int argument) {
    if (command == FileFlags.F_DUPFD_CLOEXEC && draw.strikes(Fault.OUT_OF_FDS, "fcntl")) {
      return -Errno.EMFILE;
    }
    return super.fcntl(fd, command, argument);
  }

  private int creationFault(String call) {
    if (draw.strikes(Fault.OUT_OF_FDS, call)) {
      return Errno.EMFILE;
    }
    return draw.strikes(Fault.NO_MEMORY, call) ? Errno.ENOMEM : 0;
  }

  private int socketFault(String call) {
    int errno = creationFault(call);
    return errno == 0 && draw.strikes(Fault.NO_BUFFERS, call) ? Errno.ENOBUFS : errno;
  }

  @Override
  public int accept4(int fd, long addressAddress, long lengthAddress, int flags) {
    int errno = socketFault("accept4");
    if (errno != 0) {
      return -errno;
    }
    if (draw.strikes(Fault.INTERRUPTED, "accept4")) {
      return -Errno.EINTR;
    }
    if (wouldBlock(fd, "accept4")) {
      return -Errno.EAGAIN;
    }
    int result = super.accept4(fd, addressAddress, lengthAddress, flags);
    if (result >= 0 && draw.strikes(Fault.CONNECTION_ABORTED, "accept4")) {
      mishaps.reset(result);
      super.close(result);
      return -Errno.ECONNABORTED;
    }
    return result;
  }

  @Override
  public int connect(int fd, long addressAddress, int addressLength) {
    disturbNetwork("connect");
    int result = super.connect(fd, addressAddress, addressLength);
    boolean goesOn = result == 0 || result == -Errno.EINPROGRESS;
    return goesOn && draw.strikes(Fault.INTERRUPTED, "connect") ? -Errno.EINTR : result; // it goes on all the same
  }

  @Override
  public int close(int fd) {
    watches.remove(fd);
    int result = super.close(fd);
    return draw.strikes(Fault.INTERRUPTED, "close") ? -Errno.EINTR : result; // the number is free all the same
  }

  // ---- epoll, clocks

  @Override
  public int epollCtl(int epollFd, int operation, int fd, int events, long data) {
    if (operation == Epoll.CTL_ADD && draw.strikes(Fault.NO_MEMORY, "epoll_ctl")) {
      return -Errno.ENOMEM;
    }
    int result = super.epollCtl(epollFd, operation, fd, events, data);
    if (result == 0) {
      if (operation == Epoll.CTL_DEL) {
        watches.remove(fd);
      } else {
        watches.put(fd, new Watch(epollFd, events, data));
      }
    }
    return result;
  }

  @Override
  public int epollWait(int epollFd, long eventsAddress, int maxEvents, int timeoutMillis) {
    if (draw.strikes(Fault.INTERRUPTED, "epoll_wait")) {
      return -Errno.EINTR;
    }
    if (mishaps.canSuspend() && draw.strikes(Fault.CLOCK_JUMP, "epoll_wait")) {
      mishaps.suspend(draw.amount(MOST_JUMP_NANOS));
    }
    EpollEvents events = EpollEvents.at(eventsAddress, maxEvents);
    if (draw.strikes(Fault.SPURIOUS_WAKEUP, "epoll_wait")) {
      return spuriousEvent(epollFd, events);
    }
    int count = super.epollWait(epollFd, eventsAddress, maxEvents, timeoutMillis);
    if (count > 1 && draw.strikes(Fault.EVENT_ORDER, "epoll_wait")) {
      shuffle(events, count);
    }
    return count;
  }

  private int spuriousEvent(int epollFd, EpollEvents events) {
    List<Watch> here = watches.values().stream().filter(w -> w.epollFd == epollFd).toList();
    int chosen = (int) draw.amount(here.size() + 1L) - 1;
    if (chosen == here.size()) {
      return 0;
    }
    Watch watch = here.get(chosen);
    events.put(0, watch.events & (Epoll.IN | Epoll.OUT), watch.data);
    return 1;
  }

  private void shuffle(EpollEvents events, int count) {
    for (int i = count - 1; i > 0; i--) {
      int j = (int) draw.amount(i + 1L) - 1;
      int bits = events.events(i);
      long data = events.data(i);
      events.put(i, events.events(j), events.data(j));
      events.put(j, bits, data);
    }
  }

  @Override
  public long clockGettime(int clockId) {
    long now = super.clockGettime(clockId);
    return clockId == Clocks.MONOTONIC && draw.strikes(Fault.CLOCK_BACK, "clock_gettime")
        ? now - draw.amount(MOST_BACK_NANOS)
        : now;
  }

  // ---- calls that read

  @Override
  public long recv(int fd, long bufferAddress, long length, int flags) {
    int errno = readFault(fd, "recv");
    if (errno != 0) {
      return -errno;
    }
    if (length > 1 && draw.strikes(Fault.SHORT_READ, "recv")) {
      return reported(fd, super.recv(fd, bufferAddress, draw.amount(length - 1), flags));
    }
    return super.recv(fd, bufferAddress, length, flags);
  }

  @Override
  public long recvmsg(int fd, long messageAddress, int flags) {
    int errno = readFault(fd, "recvmsg");
    if (errno != 0) {
      return -errno;
    }
    MessageHeader message = MessageHeader.at(messageAddress);
    int count = (int) message.vectorCount();
    long total = VectorCut.total(message.vectors(), count);
    if (total > 1 && draw.strikes(Fault.SHORT_READ, "recvmsg")) {
      try (VectorCut cut = VectorCut.to(message.vectors(), count, draw.amount(total - 1))) {
        message.vectors(message.vectors(), cut.count());
        return reported(fd, super.recvmsg(fd, messageAddress, flags));
      } finally {
        message.vectors(message.vectors(), count);
      }
    }
    return super.recvmsg(fd, messageAddress, flags);
  }

  @Override
  public long readv(int fd, long vectorsAddress, int count) {
    int errno = readFault(fd, "readv");
    if (errno != 0) {
      return -errno;
    }
    long total = VectorCut.total(vectorsAddress, count);
    if (total > 1 && draw.strikes(Fault.SHORT_READ, "readv")) {
      try (VectorCut cut = VectorCut.to(vectorsAddress, count, draw.amount(total - 1))) {
        return reported(fd, super.readv(fd, vectorsAddress, cut.count()));
      }
    }
    return super.readv(fd, vectorsAddress, count);
  }

  @Override
  public long read(int fd, long bufferAddress, long length) {
    return draw.strikes(Fault.INTERRUPTED, "read") ? -Errno.EINTR : super.read(fd, bufferAddress, length);
  }

  private int readFault(int fd, String call) {
    if (draw.strikes(Fault.INTERRUPTED, call)) {
      return Errno.EINTR;
    }
    return wouldBlock(fd, call) ? Errno.EAGAIN : 0;
  }

  // ---- calls that write

  @Override
  public long send(int fd, long bufferAddress, long length, int flags) {
    int errno = writeFault(fd, "send");
    if (errno != 0) {
      return -errno;
    }
    if (length > 1 && draw.strikes(Fault.SHORT_WRITE, "send")) {
      return reported(fd, super.send(fd, bufferAddress, draw.amount(length - 1), flags));
    }
    return super.send(fd, bufferAddress, length, flags);
  }

  @Override
  public long sendmsg(int fd, long messageAddress, int flags) {
    int errno = writeFault(fd, "sendmsg");
    if (errno != 0) {
      return -errno;
    }
    MessageHeader message = MessageHeader.at(messageAddress);
    int count = (int) message.vectorCount();
    long total = VectorCut.total(message.vectors(), count);
    if (total > 1 && draw.strikes(Fault.SHORT_WRITE, "sendmsg")) {
      try (VectorCut cut = VectorCut.to(message.vectors(), count, draw.amount(total - 1))) {
        message.vectors(message.vectors(), cut.count());
        return reported(fd, super.sendmsg(fd, messageAddress, flags));
      } finally {
        message.vectors(message.vectors(), count);
      }
    }
    return super.sendmsg(fd, messageAddress, flags);
  }

  @Override
  public long writev(int fd, long vectorsAddress, int count) {
    int errno = writeFault(fd, "writev");
    if (errno != 0) {
      return -errno;
    }
    long total = VectorCut.total(vectorsAddress, count);
    if (total > 1 && draw.strikes(Fault.SHORT_WRITE, "writev")) {
      try (VectorCut cut = VectorCut.to(vectorsAddress, count, draw.amount(total - 1))) {
        return reported(fd, super.writev(fd, vectorsAddress, cut.count()));
      }
    }
    return super.writev(fd, vectorsAddress, count);
  }

  @Override
  public long write(int fd, long bufferAddress, long length) {
    return draw.strikes(Fault.INTERRUPTED, "write") ? -Errno.EINTR : super.write(fd, bufferAddress, length);
  }

  private int writeFault(int fd, String call) {
    disturbNetwork(call);
    if (draw.strikes(Fault.RESET, call)) {
      mishaps.reset(fd); // the call itself finds out
    }
    if (draw.strikes(Fault.HALF_CLOSE, call)) {
      int _ = super.shutdown(fd, Sockets.SHUT_WR);
    }
    if (draw.strikes(Fault.NO_BUFFERS, call)) {
      return Errno.ENOBUFS;
    }
    if (draw.strikes(Fault.NO_MEMORY, call)) {
      return Errno.ENOMEM;
    }
    if (draw.strikes(Fault.INTERRUPTED, call)) {
      return Errno.EINTR;
    }
    return wouldBlock(fd, call) ? Errno.EAGAIN : 0;
  }

  private void disturbNetwork(String call) {
    if (draw.strikes(Fault.DELAY, call)) {
      mishaps.delay(draw);
    }
    if (draw.strikes(Fault.PARTITION, call)) {
      mishaps.partition(draw);
    }
  }

  // ---- what edge-triggered users rely on

  private boolean wouldBlock(int fd, String call) {
    return watches.containsKey(fd) && draw.strikes(Fault.WOULD_BLOCK, call) && reported(fd, 1) > 0;
  }

  /** Has {@code fd} reported again if it is ready; returns {@code result}. */
  private long reported(int fd, long result) {
    if (result > 0) {
      report(fd);
    }
    return result;
  }

  private void report(int fd) {
    Watch watch = watches.get(fd);
    if (watch != null) {
      int _ = super.epollCtl(watch.epollFd, Epoll.CTL_MOD, fd, watch.events, watch.data);
    }
  }
}
