package io.github.epollo.runtime.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.Fd;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.Kernel;
import io.github.epollo.runtime.loop.Loop;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Test;

/** The examples in the documentation of this package. */
class SnippetsTest {
  /** An eventfd whose value can be awaited. */
  // @start region="counter"
  static final class Counter implements AutoCloseable {
    private final Kernel kernel = Loop.current().kernel();
    private final MemorySegment value = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG);
    private final Registration registration;

    Counter() throws IOException {
      int number = kernel.eventfd(0, FileFlags.EFD_NONBLOCK | FileFlags.EFD_CLOEXEC);
      if (number < 0) {
        throw Errno.toIOException("eventfd", -number);
      }
      registration = Loop.current().driver().register(new Fd(kernel, number), Interest.READ);
    }

    long read() throws IOException {
      Awaiter awaiter = Awaiter.current();
      try {
        long n = pollRead(awaiter);
        while (n == -Errno.EAGAIN) {
          awaiter.park(registration);
          n = pollRead(awaiter);
        }
        return n;
      } finally {
        registration.forget(Direction.READ, awaiter);
      }
    }

    /** The value, or -EAGAIN; then the waker was stored. */
    private long pollRead(Waker waker) throws IOException {
      while (registration.pollReady(Direction.READ, waker)) {
        int seen = registration.readiness(); // before the call
        long result = tryRead();
        if (result >= 0) {
          return value.get(ValueLayout.JAVA_LONG, 0);
        }
        if (result != -Errno.EAGAIN) {
          throw Errno.toIOException("read", registration.fd().toString(), (int) -result);
        }
        registration.wouldBlock(Direction.READ, seen); // unless an event came since
      }
      return -Errno.EAGAIN;
    }

    private long tryRead() throws IOException {
      Fd fd = registration.fd();
      if (!fd.acquire()) {
        throw new ClosedChannelException();
      }
      try {
        return kernel.read(fd.number(), value.address(), Long.BYTES);
      } finally {
        fd.release();
      }
    }

    @Override
    public void close() {
      registration.close();
    }

    // @end
    void add(long amount) {
      value.set(ValueLayout.JAVA_LONG, 0, amount);
      assertThat(kernel.write(registration.fd().number(), value.address(), Long.BYTES)).isEqualTo(8);
    }
  }

  @Test
  void anyPollableFdCanBeAwaited() {
    Epollo.run(() -> {
      try (Counter counter = new Counter()) {
        Task<Long> reader = Tasks.spawn(counter::read);
        Tasks.yieldNow();
        counter.add(3);
        assertThat(reader.join()).isEqualTo(3);
      }
    });
  }
}
