package io.github.epollo.runtime.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each call once with success and once with a failure whose errno is known. */
class LinuxKernelCallsTest extends KernelTest {
  private static final int NO_FD = -1;
  private static final long BAD_ADDRESS = 8;

  @Test
  void epollCreate() {
    own(kernel.epollCreate(Epoll.CLOEXEC));
    assertThat(kernel.epollCreate(1)).isEqualTo(-Errno.EINVAL);
  }

  @Test
  void epollCtl() {
    int epoll = epoll();
    int event = eventfd();
    assertThat(kernel.epollCtl(epoll, Epoll.CTL_MOD, event, Epoll.IN, 1)).isEqualTo(-Errno.ENOENT);
    assertThat(kernel.epollCtl(epoll, Epoll.CTL_ADD, event, Epoll.IN, 1)).isZero();
    assertThat(kernel.epollCtl(epoll, Epoll.CTL_ADD, event, Epoll.IN, 1)).isEqualTo(-Errno.EEXIST);
    assertThat(kernel.epollCtl(epoll, Epoll.CTL_MOD, event, Epoll.OUT, 2)).isZero();
    assertThat(kernel.epollCtl(epoll, Epoll.CTL_DEL, event, 0, 0)).isZero();
    assertThat(kernel.epollCtl(epoll, Epoll.CTL_DEL, event, 0, 0)).isEqualTo(-Errno.ENOENT);
    assertThat(kernel.epollCtl(NO_FD, Epoll.CTL_ADD, event, 0, 0)).isEqualTo(-Errno.EBADF);
  }

  @Test
  void epollWait() {
    EpollEvents events = new EpollEvents(arena, 1);
    assertThat(kernel.epollWait(epoll(), events.address(), 1, 0)).isZero();
    assertThat(kernel.epollWait(eventfd(), events.address(), 1, 0)).isEqualTo(-Errno.EINVAL);
  }

  @Test
  void eventfdReadAndWrite() {
    int fd = own(kernel.eventfd(3, FileFlags.EFD_NONBLOCK | FileFlags.EFD_CLOEXEC));
    MemorySegment value = aLong(4);
    assertThat(kernel.write(fd, value.address(), 8)).isEqualTo(8);
    assertThat(kernel.read(fd, value.address(), 8)).isEqualTo(8);
    assertThat(value.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(7);
    assertThat(kernel.read(fd, value.address(), 8)).isEqualTo(-Errno.EAGAIN);
    assertThat(kernel.write(fd, value.address(), 4)).isEqualTo(-Errno.EINVAL);
    assertThat(kernel.write(NO_FD, value.address(), 8)).isEqualTo(-Errno.EBADF);
    assertThat(kernel.eventfd(0, 1 << 20)).isEqualTo(-Errno.EINVAL);
  }

  @Test
  void timerfdCreateAndSettime() {
    int timer = timerfd();
    assertThat(kernel.timerfdSettime(timer, kernel.clockGettime(Clocks.MONOTONIC))).isZero();
    assertThat(kernel.timerfdSettime(timer, 0)).isZero();
    assertThat(kernel.timerfdSettime(timer, -1)).isEqualTo(-Errno.EINVAL);
    assertThat(kernel.timerfdSettime(eventfd(), 1)).isEqualTo(-Errno.EINVAL);
    assertThat(kernel.timerfdCreate(4711, 0)).isEqualTo(-Errno.EINVAL);
  }

  @Test
  void socket() {
    tcpSocket(Sockets.AF_INET);
    assertThat(kernel.socket(4711, Sockets.SOCK_STREAM, 0)).isEqualTo(-Errno.EAFNOSUPPORT);
    assertThat(kernel.socket(Sockets.AF_INET, Sockets.SOCK_STREAM, Sockets.IPPROTO_UDP))
        .isEqualTo(-Errno.EPROTONOSUPPORT);
  }

  @Test
  void bindAndListen() {
    int listener = listener(Sockets.AF_INET);
    MemorySegment address = localAddress(listener, Sockets.AF_INET);
    assertThat(Loopback.port(address)).isPositive();
    int second = tcpSocket(Sockets.AF_INET);
    assertThat(kernel.bind(second, address.address(), 16)).isEqualTo(-Errno.EADDRINUSE);
    assertThat(kernel.bind(second, address.address(), 3)).isEqualTo(-Errno.EINVAL);
    assertThat(kernel.listen(eventfd(), 8)).isEqualTo(-Errno.ENOTSOCK);
  }

  @Test
  void acceptTellsThePeer() {
    int listener = listener(Sockets.AF_INET);
    assertThat(kernel.accept4(listener, 0, 0, 0)).isEqualTo(-Errno.EAGAIN);
    assertThat(kernel.accept4(listener, 0, 0, 1)).isEqualTo(-Errno.EINVAL);
    MemorySegment address = localAddress(listener, Sockets.AF_INET);
    int client = tcpSocket(Sockets.AF_INET);
    assertThat(kernel.connect(client, address.address(), 16)).isIn(0, -Errno.EINPROGRESS);
    awaitReadable(listener);
    MemorySegment peer = memory(16);
    MemorySegment length = anInt(16);
    own(kernel.accept4(listener, peer.address(), length.address(), Sockets.SOCK_CLOEXEC));
    assertThat(length.get(ValueLayout.JAVA_INT, 0)).isEqualTo(16);
    assertThat(Loopback.port(peer)).isEqualTo(Loopback.port(localAddress(client, Sockets.AF_INET)));
  }

  @Test
  void connectToAPortThatDoesNotListenIsRefused() {
    int bound = tcpSocket(Sockets.AF_INET); // keeps the port from everybody else
    MemorySegment any = Loopback.address(arena, Sockets.AF_INET, 0);
    assertThat(kernel.bind(bound, any.address(), 16)).isZero();
    MemorySegment address = localAddress(bound, Sockets.AF_INET);
    int client = own(kernel.socket(Sockets.AF_INET, Sockets.SOCK_STREAM | Sockets.SOCK_CLOEXEC, 0));
    assertThat(kernel.connect(client, address.address(), 16)).isEqualTo(-Errno.ECONNREFUSED);
  }

  @Test
  void namesOfBothEnds() {
    int[] pair = tcpPair(Sockets.AF_INET);
    MemorySegment peer = memory(16);
    MemorySegment length = anInt(16);
    assertThat(kernel.getpeername(pair[0], peer.address(), length.address())).isZero();
    assertThat(Loopback.port(peer)).isEqualTo(Loopback.port(localAddress(pair[1], Sockets.AF_INET)));
    assertThat(kernel.getpeername(tcpSocket(Sockets.AF_INET), peer.address(), length.address()))
        .isEqualTo(-Errno.ENOTCONN);
    assertThat(kernel.getsockname(pair[0], BAD_ADDRESS, length.address())).isEqualTo(-Errno.EFAULT);
  }

  @Test
  void socketOptions() {
    int socket = tcpSocket(Sockets.AF_INET);
    MemorySegment value = anInt(1);
    MemorySegment length = anInt(4);
    int level = Sockets.IPPROTO_TCP;
    assertThat(kernel.setsockopt(socket, level, Sockets.TCP_NODELAY, value.address(), 4)).isZero();
    value.set(ValueLayout.JAVA_INT, 0, 0);
    assertThat(kernel.getsockopt(socket, level, Sockets.TCP_NODELAY, value.address(), length.address())).isZero();
    assertThat(value.get(ValueLayout.JAVA_INT, 0)).isEqualTo(1);
    assertThat(kernel.setsockopt(socket, level, 4711, value.address(), 4)).isEqualTo(-Errno.ENOPROTOOPT);
    assertThat(kernel.getsockopt(socket, level, 4711, value.address(), length.address()))
        .isEqualTo(-Errno.ENOPROTOOPT);
  }

  @ParameterizedTest
  @ValueSource(ints = {Sockets.AF_INET, Sockets.AF_INET6})
  void sendRecvAndShutdown(int family) {
    int[] pair = tcpPair(family);
    MemorySegment in = memory(16);
    assertThat(kernel.recv(pair[1], in.address(), 16, 0)).isEqualTo(-Errno.EAGAIN);
    MemorySegment out = text("hello");
    assertThat(kernel.send(pair[0], out.address(), 5, Sockets.MSG_NOSIGNAL)).isEqualTo(5);
    awaitReadable(pair[1]);
    assertThat(kernel.recv(pair[1], in.address(), 16, Sockets.MSG_PEEK)).isEqualTo(5);
    assertThat(kernel.recv(pair[1], in.address(), 16, 0)).isEqualTo(5);
    assertThat(text(in, 5)).isEqualTo("hello");
    assertThat(kernel.shutdown(pair[0], Sockets.SHUT_WR)).isZero();
    assertThat(kernel.send(pair[0], out.address(), 5, Sockets.MSG_NOSIGNAL)).isEqualTo(-Errno.EPIPE);
    awaitReadable(pair[1]);
    assertThat(kernel.recv(pair[1], in.address(), 16, 0)).isZero();
    assertThat(kernel.shutdown(tcpSocket(family), Sockets.SHUT_WR)).isEqualTo(-Errno.ENOTCONN);
  }

  @Test
  void writevAndReadv() {
    int[] pair = tcpPair(Sockets.AF_INET);
    assertThat(kernel.writev(pair[0], vectors("one", "", "three").address(), 3)).isEqualTo(8);
    awaitReadable(pair[1]);
    MemorySegment first = memory(5);
    MemorySegment second = memory(5);
    IoVectors in = new IoVectors(arena, 2);
    in.put(0, first.address(), 5);
    in.put(1, second.address(), 5);
    assertThat(kernel.readv(pair[1], in.address(), 2)).isEqualTo(8);
    assertThat(text(first, 5) + "|" + text(second, 3)).isEqualTo("oneth|ree");
    assertThat(kernel.readv(pair[1], in.address(), 2)).isEqualTo(-Errno.EAGAIN);
    assertThat(kernel.readv(pair[1], in.address(), -1)).isEqualTo(-Errno.EINVAL);
    assertThat(kernel.writev(pair[0], BAD_ADDRESS, 1)).isEqualTo(-Errno.EFAULT);
  }

  @Test
  void sendmsgAndRecvmsg() {
    int type = Sockets.SOCK_DGRAM | Sockets.SOCK_NONBLOCK | Sockets.SOCK_CLOEXEC;
    int receiver = own(kernel.socket(Sockets.AF_INET6, type, 0));
    int sender = own(kernel.socket(Sockets.AF_INET6, type, 0));
    MemorySegment any = Loopback.address(arena, Sockets.AF_INET6, 0);
    assertThat(kernel.bind(receiver, any.address(), 28)).isZero();
    assertThat(kernel.bind(sender, any.address(), 28)).isZero();
    MemorySegment to = localAddress(receiver, Sockets.AF_INET6);

    MessageHeader out = new MessageHeader(arena);
    out.name(to.address(), 28);
    out.vectors(vectors("data", "gram").address(), 2);
    assertThat(kernel.sendmsg(sender, out.address(), 0)).isEqualTo(8);

    awaitReadable(receiver);
    MemorySegment from = memory(28);
    MemorySegment buffer = memory(6);
    IoVectors vector = new IoVectors(arena, 1);
    vector.put(0, buffer.address(), 6);
    MessageHeader in = new MessageHeader(arena);
    in.name(from.address(), 28);
    in.vectors(vector.address(), 1);
    assertThat(kernel.recvmsg(receiver, in.address(), 0)).isEqualTo(6);
    assertThat(text(buffer, 6)).isEqualTo("datagr");
    assertThat(in.flags() & Sockets.MSG_TRUNC).isNotZero();
    assertThat(in.nameLength()).isEqualTo(28);
    assertThat(Loopback.port(from)).isEqualTo(Loopback.port(localAddress(sender, Sockets.AF_INET6)));
    assertThat(kernel.recvmsg(receiver, in.address(), 0)).isEqualTo(-Errno.EAGAIN);
    out.name(0, 0);
    assertThat(kernel.sendmsg(sender, out.address(), 0)).isEqualTo(-Errno.EDESTADDRREQ);
  }

  @Test
  void fcntl() {
    int fd = own(kernel.eventfd(0, 0));
    assertThat(kernel.fcntl(fd, FileFlags.F_GETFL, 0) & FileFlags.O_NONBLOCK).isZero();
    assertThat(kernel.fcntl(fd, FileFlags.F_SETFL, FileFlags.O_NONBLOCK)).isZero();
    assertThat(kernel.fcntl(fd, FileFlags.F_GETFL, 0) & FileFlags.O_NONBLOCK).isNotZero();
    assertThat(kernel.fcntl(fd, FileFlags.F_SETFD, FileFlags.FD_CLOEXEC)).isZero();
    assertThat(kernel.fcntl(fd, FileFlags.F_GETFD, 0)).isEqualTo(FileFlags.FD_CLOEXEC);
    assertThat(own(kernel.fcntl(fd, FileFlags.F_DUPFD_CLOEXEC, 500))).isGreaterThanOrEqualTo(500);
    assertThat(kernel.fcntl(NO_FD, FileFlags.F_GETFD, 0)).isEqualTo(-Errno.EBADF);
    assertThat(kernel.fcntl(fd, 4711, 0)).isEqualTo(-Errno.EINVAL);
  }

  @Test
  void closeGivesTheNumberBack() {
    int fd = kernel.eventfd(0, FileFlags.EFD_CLOEXEC);
    assertThat(kernel.close(fd)).isZero();
    assertThat(kernel.close(NO_FD)).isEqualTo(-Errno.EBADF);
  }

  private IoVectors vectors(String... texts) {
    IoVectors vectors = new IoVectors(arena, texts.length);
    for (int i = 0; i < texts.length; i++) {
      MemorySegment text = text(texts[i]);
      vectors.put(i, text.address(), text.byteSize());
    }
    return vectors;
  }
}
