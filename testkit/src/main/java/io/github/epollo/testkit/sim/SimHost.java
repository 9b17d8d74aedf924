package io.github.epollo.testkit.sim;

import io.github.epollo.runtime.kernel.Clocks;
import io.github.epollo.runtime.kernel.Epoll;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.Sockets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A machine with one process on it: fds, one IPv4 address, a loopback interface of its own, and ports. */
public final class SimHost {
  private static final int EFD_SEMAPHORE = 1;

  private final SimWorld world;
  private final SimAddress address;
  private int number;
  private boolean gone; // it crashed, and another is in its place
  private final FdTable fds = new FdTable();
  private final Ports ports;

  /** Creates a host with an IPv4 address such as {@code 10.0.0.1}; with the world locked. */
  public SimHost(SimWorld world, String address) {
    this.world = world;
    this.address = SimAddress.parse(address);
    if (this.address.isLoopback() || this.address.isAny()) {
      throw new IllegalArgumentException("no address of a host: " + address + "; take one such as 10.0.0.1");
    }
    for (SimHost other : world.hosts()) {
      if (other.address.isSameHost(this.address)) {
        throw new IllegalArgumentException("there is a host with this address already: " + address);
      }
    }
    this.number = world.hosts().size();
    this.ports = new Ports(world);
    world.hosts().add(this);
  }

  private SimHost(SimHost crashed) {
    this.world = crashed.world;
    this.address = crashed.address;
    this.number = crashed.number;
    this.ports = new Ports(world);
  }

  /**
   * The host that is there after a crash of this one, in its place in the network. Whatever still runs here reaches nobody, and is reached by nobody.
   */
  public SimHost reboot() {
    for (SimSocket socket : ports.all()) {
      if (socket.isConnected()) {
        socket.tcp().resetBothEnds();
      }
    }
    SimHost after = new SimHost(this);
    world.hosts().set(world.hosts().indexOf(this), after);
    number = world.nextGhost();
    gone = true;
    return after;
  }

  /** The world that this host is in. */
  public SimWorld world() {
    return world;
  }

  SimAddress address() {
    return address;
  }

  int number() {
    return number;
  }

  Ports ports() {
    return ports;
  }

  /** How many fds the process may have, counting 0 to 2: RLIMIT_NOFILE. */
  public void limitFds(int limit) {
    fds.limit(limit);
  }

  /** How many fds are open, counting 0 to 2. */
  public int openFds() {
    return fds.open();
  }

  boolean owns(SimAddress a) {
    return a.isLoopback() || a.isSameHost(address);
  }

  /** The host that {@code a} reaches from here, or null. */
  @Nullable
  SimHost reach(SimAddress a) {
    if (owns(a)) {
      return this;
    }
    if (gone) {
      return null;
    }
    for (SimHost host : world.hosts()) {
      if (host.address.isSameHost(a)) {
        return host;
      }
    }
    return null;
  }

  /** The address that packets to {@code destination} come from. */
  SimAddress sourceFor(SimAddress destination) {
    return destination.isLoopback() ? destination.loopback() : address;
  }

  // ---- fds

  /** The file of {@code fd}, or null. */
  public @Nullable OpenFile file(int fd) {
    return fds.find(fd);
  }

  /** epoll_create1(2). */
  public int epollCreate(int flags) {
    return (flags & ~Epoll.CLOEXEC) != 0 ? -Errno.EINVAL : fds.add(new SimEpoll(world), flags != 0);
  }

  /** epoll_ctl(2). */
  public int epollCtl(int epollFd, int operation, int fd, int events, long data) {
    OpenFile epoll = file(epollFd);
    OpenFile file = file(fd);
    if (epoll == null || file == null) {
      return -Errno.EBADF;
    }
    if (!file.isPollable()) {
      return -Errno.EPERM;
    }
    return epoll instanceof SimEpoll e ? e.control(operation, fd, file, events, data) : -Errno.EINVAL;
  }

  /** epoll_wait(2); unlocks the world while it waits. */
  public int epollWait(int epollFd, long eventsAddress, int maxEvents, int timeoutMillis) {
    OpenFile epoll = file(epollFd);
    if (maxEvents <= 0) {
      return -Errno.EINVAL;
    }
    if (epoll == null) {
      return -Errno.EBADF;
    }
    return epoll instanceof SimEpoll e
        ? world.loops().epollWait(e, eventsAddress, maxEvents, timeoutMillis)
        : -Errno.EINVAL;
  }

  /** eventfd(2). */
  public int eventfd(int initialValue, int flags) {
    if ((flags & ~(FileFlags.EFD_CLOEXEC | FileFlags.EFD_NONBLOCK | EFD_SEMAPHORE)) != 0) {
      return -Errno.EINVAL;
    }
    return fds.add(
        new SimEventFd(world, (flags & FileFlags.EFD_NONBLOCK) != 0, (flags & EFD_SEMAPHORE) != 0, initialValue),
        (flags & FileFlags.EFD_CLOEXEC) != 0);
  }

  /** timerfd_create(2). */
  public int timerfdCreate(int clockId, int flags) {
    boolean known = clockId == Clocks.REALTIME || clockId == Clocks.MONOTONIC || clockId == Clocks.BOOTTIME;
    if (!known || (flags & ~(FileFlags.TFD_CLOEXEC | FileFlags.TFD_NONBLOCK)) != 0) {
      return -Errno.EINVAL;
    }
    return fds.add(new SimTimerFd(world, clockId, (flags & FileFlags.TFD_NONBLOCK) != 0),
        (flags & FileFlags.TFD_CLOEXEC) != 0);
  }

  /** timerfd_settime(2). */
  public int timerfdSettime(int fd, long deadlineNanos) {
    OpenFile file = file(fd);
    if (deadlineNanos < 0) {
      return -Errno.EINVAL;
    }
    if (file == null) {
      return -Errno.EBADF;
    }
    return file instanceof SimTimerFd timer ? timer.set(deadlineNanos) : -Errno.EINVAL;
  }

  /** clock_gettime(2). */
  public long clockGettime(int clockId) {
    return switch (clockId) {
      case Clocks.REALTIME -> world.clock().wall();
      case Clocks.MONOTONIC, Clocks.BOOTTIME -> world.clock().now();
      default -> -Errno.EINVAL;
    };
  }

  /** socket(2). */
  public int socket(int domain, int type, int protocol) {
    int flags = Sockets.SOCK_NONBLOCK | Sockets.SOCK_CLOEXEC;
    if ((type & ~flags & ~0xf) != 0) {
      return -Errno.EINVAL;
    }
    if (domain != Sockets.AF_INET && domain != Sockets.AF_INET6) {
      if (domain == Sockets.AF_UNIX) {
        throw new UnsupportedOperationException("the simulated kernel has no AF_UNIX sockets, only TCP");
      }
      return -Errno.EAFNOSUPPORT;
    }
    if ((type & 0xf) == Sockets.SOCK_DGRAM) {
      throw new UnsupportedOperationException("the simulated kernel has no UDP, only TCP");
    }
    if ((type & 0xf) != Sockets.SOCK_STREAM) {
      return -Errno.ESOCKTNOSUPPORT;
    }
    if (protocol != 0 && protocol != Sockets.IPPROTO_TCP) {
      return -Errno.EPROTONOSUPPORT;
    }
    return fds.add(new SimSocket(this, domain, (type & Sockets.SOCK_NONBLOCK) != 0),
        (type & Sockets.SOCK_CLOEXEC) != 0);
  }

  /** accept4(2). */
  public int accept4(int fd, long addressAddress, long lengthAddress, int flags) {
    if ((flags & ~(Sockets.SOCK_NONBLOCK | Sockets.SOCK_CLOEXEC)) != 0) {
      return -Errno.EINVAL;
    }
    OpenFile file = file(fd);
    if (file == null) {
      return -Errno.EBADF;
    }
    if (!(file instanceof SimSocket socket)) {
      return -Errno.ENOTSOCK;
    }
    if (fds.isFull()) {
      return -Errno.EMFILE; // before the queue is looked at, as on Linux
    }
    int error = socket.acceptable();
    if (error < 0) {
      return error;
    }
    SimSocket accepted = socket.accept((flags & Sockets.SOCK_NONBLOCK) != 0);
    if (addressAddress != 0) {
      int result = accepted.writeName(accepted.tcp().remote(), addressAddress, lengthAddress);
      if (result < 0) {
        accepted.discard();
        return result;
      }
    }
    return fds.add(accepted, (flags & Sockets.SOCK_CLOEXEC) != 0);
  }

  /** close(2). */
  public int close(int fd) {
    return fds.close(fd);
  }

  /** fcntl(2). */
  public int fcntl(int fd, int command, int argument) {
    OpenFile file = file(fd);
    if (file == null) {
      return -Errno.EBADF;
    }
    return switch (command) {
      case 0 -> fds.duplicate(file, argument, false); // F_DUPFD
      case FileFlags.F_DUPFD_CLOEXEC -> fds.duplicate(file, argument, true);
      case FileFlags.F_GETFD -> fds.isCloseOnExec(fd) ? FileFlags.FD_CLOEXEC : 0;
      case FileFlags.F_SETFD -> {
        fds.setCloseOnExec(fd, (argument & FileFlags.FD_CLOEXEC) != 0);
        yield 0;
      }
      case FileFlags.F_GETFL -> file.statusFlags();
      case FileFlags.F_SETFL -> {
        file.setStatusFlags(argument);
        yield 0;
      }
      default -> file.control(command, argument);
    };
  }

  /** Gives {@code file} an fd; answers that, or EMFILE, and then the file is released. */
  public int open(OpenFile file, boolean closeOnExec) {
    return fds.add(file, closeOnExec);
  }

  /** Whether no fd is free. */
  public boolean isFull() {
    return fds.isFull();
  }

  /** All fds that are open, each as "number: what". */
  public List<String> describeFds() {
    return fds.describe();
  }

  /** The fds that are open, that no loop has for itself, and that no call under way keeps open. */
  public List<Integer> fdsOfUsers() {
    return fds.ofUsers();
  }

  /** Resets the connection of {@code fd}, at both ends, if it is one. */
  public void resetConnection(int fd) {
    if (file(fd) instanceof SimSocket socket && socket.isConnected()) {
      socket.tcp().resetBothEnds();
    }
  }

  /** Resets all connections to {@code other}, at both ends. */
  public void resetConnectionsTo(SimHost other) {
    for (SimSocket socket : ports.all()) {
      if (socket.tcp().peerHost() == other) {
        socket.tcp().resetBothEnds();
      }
    }
  }

  @Override
  public String toString() {
    String text = address.toString();
    return text.substring(0, text.indexOf(':'));
  }
}
