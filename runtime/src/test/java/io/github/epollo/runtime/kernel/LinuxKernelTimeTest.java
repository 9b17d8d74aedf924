package io.github.epollo.runtime.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LinuxKernelTimeTest extends KernelTest {
  @Test
  void aTimerIsNeverEarly() {
    int timer = timerfd();
    int epoll = epoll();
    EpollEvents events = new EpollEvents(arena, 1);
    assertThat(kernel.epollCtl(epoll, Epoll.CTL_ADD, timer, Epoll.IN | Epoll.ET, 1)).isZero();
    MemorySegment expiries = memory(8);
    for (int i = 0; i < 200; i++) {
      long deadline = kernel.clockGettime(Clocks.MONOTONIC) + i * 7_919L;
      assertThat(kernel.timerfdSettime(timer, deadline)).isZero();
      assertThat(kernel.epollWait(epoll, events.address(), 1, 5_000)).isEqualTo(1);
      assertThat(kernel.clockGettime(Clocks.MONOTONIC)).isGreaterThanOrEqualTo(deadline);
      assertThat(kernel.read(timer, expiries.address(), 8)).isEqualTo(8);
      assertThat(expiries.get(ValueLayout.JAVA_LONG, 0)).as("expires once").isEqualTo(1);
    }
  }

  @Test
  void aDisarmedTimerStaysSilent() {
    int timer = timerfd();
    assertThat(kernel.timerfdSettime(timer, kernel.clockGettime(Clocks.MONOTONIC) + 5_000_000)).isZero();
    assertThat(kernel.timerfdSettime(timer, 0)).isZero();
    int epoll = epoll();
    assertThat(kernel.epollCtl(epoll, Epoll.CTL_ADD, timer, Epoll.IN, 1)).isZero();
    assertThat(kernel.epollWait(epoll, new EpollEvents(arena, 1).address(), 1, 20)).isZero();
  }

  @Test
  void nanoTimeIsTheMonotonicClock() {
    for (int i = 0; i < 10_000; i++) {
      long before = kernel.readClock(Clocks.MONOTONIC);
      long between = System.nanoTime();
      long after = kernel.readClock(Clocks.MONOTONIC);
      assertThat(between).isBetween(before, after);
    }
  }

  @Test
  void clockGettimeIsTheMonotonicClock() {
    for (int i = 0; i < 10_000; i++) {
      long before = kernel.readClock(Clocks.MONOTONIC);
      long between = kernel.clockGettime(Clocks.MONOTONIC);
      assertThat(between).isBetween(before, kernel.readClock(Clocks.MONOTONIC));
    }
  }

  @Test
  void theOtherClocksAreTheirOwn() {
    Instant before = Instant.now().minusMillis(1);
    long nanos = kernel.clockGettime(Clocks.REALTIME);
    Instant wall = Instant.ofEpochSecond(0, nanos);
    assertThat(wall).isBetween(before, before.plusSeconds(5));
    assertThat(kernel.clockGettime(Clocks.BOOTTIME)).isPositive();
    assertThat(kernel.clockGettime(4711)).isEqualTo(-Errno.EINVAL);
  }
}
