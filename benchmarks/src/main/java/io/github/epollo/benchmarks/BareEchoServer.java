package io.github.epollo.benchmarks;

import io.github.epollo.runtime.kernel.Epoll;
import io.github.epollo.runtime.kernel.EpollEvents;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.Kernel;
import io.github.epollo.runtime.kernel.LinuxKernel;
import io.github.epollo.runtime.kernel.Sockets;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The peer "java-floor": {@code echo_floor.c} in Java, by the system calls of Epollo and with nothing else of it. One thread, one buffer, no task and no registration; an answer that does not fit ends the connection. What Epollo costs more than this is its own.
 * Argument: the port.
 */
final class BareEchoServer {
  private static final int EVENTS = 1024;
  private static final int BACKLOG = 1024;
  private static final int IPPROTO_TCP = 6;
  private static final int TCP_NODELAY = 1;
  private static final int FLAGS = Sockets.SOCK_STREAM | Sockets.SOCK_NONBLOCK | Sockets.SOCK_CLOEXEC;

  private final Kernel kernel = LinuxKernel.get();
  private final Arena arena = Arena.global();
  private final EpollEvents events = new EpollEvents(arena, EVENTS);
  private final long buffer = arena.allocate(Responses.ECHO_BYTES).address();
  private final MemorySegment on = arena.allocateFrom(ValueLayout.JAVA_INT, 1);
  private final int epoll = checked("epoll_create1", kernel.epollCreate(Epoll.CLOEXEC));
  private final int listener;

  private BareEchoServer(int port) {
    ValueLayout.OfShort netShort = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
    MemorySegment address = arena.allocate(16, 4); // struct sockaddr_in
    address.set(ValueLayout.JAVA_SHORT, 0, (short) Sockets.AF_INET);
    address.set(netShort, 2, (short) port);
    address.setAtIndex(ValueLayout.JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN), 1, 0x7f000001);
    listener = checked("socket", kernel.socket(Sockets.AF_INET, FLAGS, 0));
    int _ = checked("bind", kernel.bind(listener, address.address(), 16));
    int _ = checked("listen", kernel.listen(listener, BACKLOG));
    watch(listener);
  }

  public static void main(String[] args) {
    BareEchoServer server = new BareEchoServer(Integer.parseInt(args[0]));
    while (true) {
      server.turn();
    }
  }

  private void watch(int fd) {
    int _ = checked("epoll_ctl", kernel.epollCtl(epoll, Epoll.CTL_ADD, fd, Epoll.IN, fd));
  }

  private void turn() {
    int count = kernel.epollWait(epoll, events.address(), EVENTS, -1);
    for (int i = 0; i < count; i++) {
      int fd = (int) events.data(i);
      if (fd == listener) {
        acceptAll();
      } else {
        serve(fd);
      }
    }
  }

  private void acceptAll() {
    int fd;
    while ((fd = kernel.accept4(listener, 0, 0, Sockets.SOCK_NONBLOCK | Sockets.SOCK_CLOEXEC)) >= 0) {
      int _ = checked("setsockopt",
          kernel.setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, on.address(), (int) on.byteSize()));
      watch(fd);
    }
  }

  private void serve(int fd) {
    long received = kernel.recv(fd, buffer, Responses.ECHO_BYTES, 0);
    if (received == -Errno.EAGAIN) {
      return;
    }
    if (received <= 0 || kernel.send(fd, buffer, received, Sockets.MSG_NOSIGNAL) != received) {
      int _ = kernel.close(fd);
    }
  }

  private static int checked(String call, int result) {
    if (result < 0) {
      throw new IllegalStateException(call + ": " + Errno.toIOException(call, -result).getMessage());
    }
    return result;
  }
}
