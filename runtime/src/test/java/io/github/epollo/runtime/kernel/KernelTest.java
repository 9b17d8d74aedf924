package io.github.epollo.runtime.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What tests on the real kernel share: memory and fds that are given back, and the check that none is left. */
abstract class KernelTest {
  final LinuxKernel kernel = LinuxKernel.get();
  final Arena arena = Arena.ofShared();
  private final Deque<Integer> fds = new ArrayDeque<>();
  private Set<String> fdsBefore = Set.of();

  @BeforeEach
  void countFds() {
    fdsBefore = OpenFds.list();
  }

  @AfterEach
  void giveBack() {
    fds.forEach(fd -> assertThat(kernel.close(fd)).isZero());
    arena.close();
    assertThat(OpenFds.list()).isEqualTo(fdsBefore);
  }

  /** The fd, which must be one; closed after the test. */
  int own(int fd) {
    assertThat(fd).as(() -> Errno.name(-fd)).isNotNegative();
    fds.push(fd);
    return fd;
  }

  /** Closes an fd before the test ends. */
  void close(int fd) {
    assertThat(fds.remove(fd)).isTrue();
    assertThat(kernel.close(fd)).isZero();
  }

  int eventfd() {
    return own(kernel.eventfd(0, FileFlags.EFD_NONBLOCK | FileFlags.EFD_CLOEXEC));
  }

  int epoll() {
    return own(kernel.epollCreate(Epoll.CLOEXEC));
  }

  int timerfd() {
    return own(kernel.timerfdCreate(Clocks.MONOTONIC, FileFlags.TFD_NONBLOCK | FileFlags.TFD_CLOEXEC));
  }

  int tcpSocket(int family) {
    int type = Sockets.SOCK_STREAM | Sockets.SOCK_NONBLOCK | Sockets.SOCK_CLOEXEC;
    return own(kernel.socket(family, type, Sockets.IPPROTO_TCP));
  }

  /** Native memory of zeros; lives until the end of the test. */
  MemorySegment memory(long size) {
    return arena.allocate(size, Long.BYTES);
  }

  /** Native memory that holds {@code text}. */
  MemorySegment text(String text) {
    return arena.allocateFrom(ValueLayout.JAVA_BYTE, text.getBytes(StandardCharsets.UTF_8));
  }

  static String text(MemorySegment memory, long length) {
    return new String(memory.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }

  MemorySegment anInt(int value) {
    return arena.allocateFrom(ValueLayout.JAVA_INT, value);
  }

  MemorySegment aLong(long value) {
    return arena.allocateFrom(ValueLayout.JAVA_LONG, value);
  }

  /** A listener on loopback, at a port of the kernel's choice. */
  int listener(int family) {
    int listener = tcpSocket(family);
    MemorySegment address = Loopback.address(arena, family, 0);
    assertThat(kernel.bind(listener, address.address(), (int) address.byteSize())).isZero();
    assertThat(kernel.listen(listener, 8)).isZero();
    return listener;
  }

  /** The address that {@code fd} is bound to. */
  MemorySegment localAddress(int fd, int family) {
    MemorySegment address = Loopback.address(arena, family, 0);
    MemorySegment length = anInt((int) address.byteSize());
    assertThat(kernel.getsockname(fd, address.address(), length.address())).isZero();
    assertThat(length.get(ValueLayout.JAVA_INT, 0)).isEqualTo((int) address.byteSize());
    return address;
  }

  /** A connected pair; the first is the client. */
  int[] tcpPair(int family) {
    int listener = listener(family);
    MemorySegment address = localAddress(listener, family);
    int client = tcpSocket(family);
    int connected = kernel.connect(client, address.address(), (int) address.byteSize());
    assertThat(connected).isIn(0, -Errno.EINPROGRESS);
    awaitReadable(listener);
    int server = own(kernel.accept4(listener, 0, 0, Sockets.SOCK_NONBLOCK | Sockets.SOCK_CLOEXEC));
    close(listener);
    return new int[]{client, server};
  }

  /** Waits, at most five seconds, until {@code fd} can be read. */
  void awaitReadable(int fd) {
    int epoll = epoll();
    assertThat(kernel.epollCtl(epoll, Epoll.CTL_ADD, fd, Epoll.IN, 0)).isZero();
    assertThat(kernel.epollWait(epoll, new EpollEvents(arena, 1).address(), 1, 5_000)).isEqualTo(1);
    close(epoll);
  }
}
