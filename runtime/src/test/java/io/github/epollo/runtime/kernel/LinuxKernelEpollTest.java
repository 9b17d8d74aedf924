package io.github.epollo.runtime.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Edge-triggered epoll as the driver will use it. */
class LinuxKernelEpollTest extends KernelTest {
  private static final int INTEREST = Epoll.IN | Epoll.OUT | Epoll.RDHUP | Epoll.ET;

  private final EpollEvents events = new EpollEvents(arena, 4);

  @Test
  void anEdgeOfAnEventfdIsReportedOnce() {
    int epoll = epoll();
    int event = eventfd();
    add(epoll, event, Epoll.IN | Epoll.ET, 0xfedc_ba98_7654_3210L);
    assertThat(poll(epoll)).isZero();
    for (int i = 0; i < 3; i++) {
      assertThat(kernel.write(event, aLong(1).address(), 8)).isEqualTo(8);
      assertThat(poll(epoll)).isEqualTo(1);
      assertThat(events.events(0)).isEqualTo(Epoll.IN);
      assertThat(events.data(0)).isEqualTo(0xfedc_ba98_7654_3210L);
      assertThat(poll(epoll)).as("no edge without a change").isZero();
    }
  }

  @Test
  void aLevelIsReportedUntilItIsGone() {
    int epoll = epoll();
    int event = eventfd();
    add(epoll, event, Epoll.IN, 1);
    assertThat(kernel.write(event, aLong(1).address(), 8)).isEqualTo(8);
    assertThat(poll(epoll)).isEqualTo(1);
    assertThat(poll(epoll)).isEqualTo(1);
    assertThat(kernel.read(event, memory(8).address(), 8)).isEqualTo(8);
    assertThat(poll(epoll)).isZero();
  }

  @Test
  void severalEventsEachWithItsData() {
    int epoll = epoll();
    for (int i = 0; i < 4; i++) {
      add(epoll, own(kernel.eventfd(1, FileFlags.EFD_CLOEXEC)), Epoll.IN | Epoll.ET, -1L << (16 * i));
    }
    assertThat(poll(epoll)).isEqualTo(4);
    assertThat(new long[]{events.data(0), events.data(1), events.data(2), events.data(3)})
        .containsExactlyInAnyOrder(-1L, -1L << 16, -1L << 32, -1L << 48);
  }

  @ParameterizedTest
  @ValueSource(ints = {Sockets.AF_INET, Sockets.AF_INET6})
  void theLifeOfATcpConnection(int family) {
    int[] pair = tcpPair(family);
    int epoll = epoll();
    add(epoll, pair[1], INTEREST, 7);
    assertThat(next(epoll)).isEqualTo(Epoll.OUT);
    assertThat(poll(epoll)).isZero();

    assertThat(kernel.send(pair[0], text("ab").address(), 2, 0)).isEqualTo(2);
    assertThat(next(epoll)).isEqualTo(Epoll.IN | Epoll.OUT);
    assertThat(kernel.recv(pair[1], memory(1).address(), 1, 0)).isEqualTo(1);
    assertThat(poll(epoll)).as("data is left, but nothing changed").isZero();

    assertThat(kernel.shutdown(pair[0], Sockets.SHUT_WR)).isZero();
    assertThat(next(epoll)).isEqualTo(Epoll.IN | Epoll.OUT | Epoll.RDHUP);
    assertThat(kernel.shutdown(pair[1], Sockets.SHUT_WR)).isZero();
    assertThat(next(epoll) & Epoll.HUP).isNotZero();
  }

  @Test
  void aRefusedConnectReportsAnErrorOnce() {
    int bound = tcpSocket(Sockets.AF_INET);
    MemorySegment any = Loopback.address(arena, Sockets.AF_INET, 0);
    assertThat(kernel.bind(bound, any.address(), 16)).isZero();
    MemorySegment address = localAddress(bound, Sockets.AF_INET);
    int client = tcpSocket(Sockets.AF_INET);
    int connected = kernel.connect(client, address.address(), 16);
    assertThat(connected).isIn(-Errno.EINPROGRESS, -Errno.ECONNREFUSED);
    int epoll = epoll();
    add(epoll, client, INTEREST, 1);
    assertThat(next(epoll) & Epoll.HUP).isNotZero();
    if (connected == -Errno.EINPROGRESS) {
      MemorySegment error = anInt(0);
      int level = Sockets.SOL_SOCKET;
      assertThat(kernel.getsockopt(client, level, Sockets.SO_ERROR, error.address(), anInt(4).address())).isZero();
      assertThat(error.get(ValueLayout.JAVA_INT, 0)).isEqualTo(Errno.ECONNREFUSED);
    }
  }

  @Test
  void aBlockedWaitIsWokenByAnotherThread() throws InterruptedException {
    int epoll = epoll();
    int event = eventfd();
    add(epoll, event, Epoll.IN | Epoll.ET, 1);
    Thread waker = Thread.ofVirtual().start(() -> kernel.write(event, aLong(1).address(), 8));
    assertThat(kernel.epollWait(epoll, events.address(), 4, 5_000)).isEqualTo(1);
    waker.join();
  }

  private void add(int epoll, int fd, int interest, long data) {
    assertThat(kernel.epollCtl(epoll, Epoll.CTL_ADD, fd, interest, data)).isZero();
  }

  private int poll(int epoll) {
    return kernel.epollWait(epoll, events.address(), events.capacity(), 0);
  }

  /** Waits for the one next event and answers its bits. */
  private int next(int epoll) {
    assertThat(kernel.epollWait(epoll, events.address(), events.capacity(), 5_000)).isEqualTo(1);
    return events.events(0);
  }
}
