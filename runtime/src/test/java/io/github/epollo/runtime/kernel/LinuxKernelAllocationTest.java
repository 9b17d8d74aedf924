package io.github.epollo.runtime.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In the steady state no call allocates on the heap. */
class LinuxKernelAllocationTest extends KernelTest {
  private static final int WARM_UP = 100_000;
  private static final int CALLS = 20_000;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private long sink;

  @Test
  void recvAndSend() {
    int[] pair = tcpPair(Sockets.AF_INET);
    long buffer = memory(16).address();
    assertAllocatesNothing(
        () -> {
          kernel.send(pair[0], buffer, 8, Sockets.MSG_NOSIGNAL);
          kernel.recv(pair[1], buffer, 16, 0);
        });
  }

  @Test
  void aCallThatWouldBlock() {
    int[] pair = tcpPair(Sockets.AF_INET);
    long buffer = memory(16).address();
    assertAllocatesNothing(() -> kernel.recv(pair[1], buffer, 16, 0));
  }

  @Test
  void epollWaitAndTheEvents() {
    int epoll = epoll();
    int event = own(kernel.eventfd(1, FileFlags.EFD_CLOEXEC));
    EpollEvents events = new EpollEvents(arena, 4);
    assertThat(kernel.epollCtl(epoll, Epoll.CTL_ADD, event, Epoll.IN, 7)).isZero();
    assertAllocatesNothing(
        () -> {
          kernel.epollWait(epoll, events.address(), 4, 0);
          sink += events.data(0) + events.events(0);
        });
  }

  @Test
  void epollCtl() {
    int epoll = epoll();
    int event = eventfd();
    assertThat(kernel.epollCtl(epoll, Epoll.CTL_ADD, event, Epoll.IN, 7)).isZero();
    assertAllocatesNothing(() -> kernel.epollCtl(epoll, Epoll.CTL_MOD, event, Epoll.IN, 8));
  }

  @Test
  void timerfdSettime() {
    int timer = timerfd();
    assertAllocatesNothing(() -> kernel.timerfdSettime(timer, Long.MAX_VALUE));
  }

  @ParameterizedTest
  @ValueSource(ints = {Clocks.MONOTONIC, Clocks.REALTIME})
  void clockGettime(int clockId) {
    assertAllocatesNothing(() -> sink += kernel.clockGettime(clockId));
  }

  private static void assertAllocatesNothing(Runnable calls) {
    repeat(calls, WARM_UP);
    long least = Long.MAX_VALUE;
    long end = System.nanoTime() + 20_000_000_000L;
    while (least >= CALLS / 10 && System.nanoTime() - end < 0) { // again while the compiler is not done: until then a call allocates
      long before = THREADS.getCurrentThreadAllocatedBytes();
      repeat(calls, CALLS);
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(least).as("bytes of %d rounds", CALLS).isLessThan(CALLS / 10);
  }

  private static void repeat(Runnable calls, int times) {
    for (int i = 0; i < times; i++) {
      calls.run();
    }
  }
}
