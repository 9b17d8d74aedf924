package io.github.epollo.runtime.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.driver.Interest;
import io.github.epollo.runtime.kernel.Clocks;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.Kernel;
import io.github.epollo.runtime.loop.Loop;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** The examples in the documentation of {@link AsyncFd}. */
class AsyncFdSnippetsTest {
  @Test
  void eventfd() {
    Epollo.run(() -> {
      Kernel kernel = Loop.current().kernel();
      int number = kernel.eventfd(0, FileFlags.EFD_CLOEXEC);
      // @start region="eventfd"
      try (AsyncFd events = AsyncFd.adopt(number, Interest.READ_WRITE)) {
        Task<Long> count = Tasks.spawn(() -> {
          ByteBuffer value = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder());
          events.readFully(value); // parks this task until somebody adds to the counter
          return value.getLong(0);
        });
        events.writeFully(ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(0, 3));
        assertThat(count.join()).isEqualTo(3);
      }
      // @end
    });
  }

  // @start region="call"
  /** How often a timer of the kernel has fired since it was last asked; waits until it has. */
  static long firings(AsyncFd timer, Kernel kernel, MemorySegment count) throws IOException {
    long _ = timer.read(fd -> kernel.read(fd, count.address(), Long.BYTES));
    return count.get(ValueLayout.JAVA_LONG, 0);
  }
  // @end

  @Test
  void call() {
    Epollo.run(() -> {
      Kernel kernel = Loop.current().kernel();
      int number = kernel.timerfdCreate(Clocks.MONOTONIC, FileFlags.TFD_CLOEXEC);
      try (AsyncFd timer = AsyncFd.adopt(number, Interest.READ); Arena arena = Arena.ofShared()) {
        long soon = kernel.clockGettime(Clocks.MONOTONIC) + 2_000_000;
        assertThat(kernel.timerfdSettime(number, soon)).isZero();
        assertThat(firings(timer, kernel, arena.allocate(ValueLayout.JAVA_LONG))).isEqualTo(1);
        assertThat(kernel.clockGettime(Clocks.MONOTONIC)).isGreaterThanOrEqualTo(soon);
      }
    });
  }
}
