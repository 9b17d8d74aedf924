package io.github.epollo.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.io.DuplexStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hazard 1: no wake-up is lost between plain threads, which wait by parking the thread itself. */
class DuplexStreamThreadsTest {
  private static final int BYTES = 150_000;
  private static final long LIMIT_SECONDS = 60;

  @ParameterizedTest
  @CsvSource({"1, false", "3, false", "1, true", "3, true"})
  void fourThreadsOverASmallBuffer(int capacity, boolean virtual) throws InterruptedException {
    DuplexStream.Pair pair = DuplexStream.pair(capacity);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    for (DuplexStream end : List.of(pair.left(), pair.right())) {
      threads.add(start(virtual, failure, () -> count(end)));
      threads.add(start(virtual, failure, () -> send(end)));
    }
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    for (Thread thread : threads) {
      thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
    }
    List<Thread> stuck = threads.stream().filter(Thread::isAlive).toList();
    stuck.forEach(Thread::interrupt);
    assertThat(failure).hasValue(null);
    assertThat(stuck).isEmpty();
  }

  private static Thread start(boolean virtual, AtomicReference<Throwable> failure, Transfer transfer) {
    return (virtual ? Thread.ofVirtual() : Thread.ofPlatform().daemon()).start(() -> {
      try {
        transfer.run();
      } catch (Throwable t) {
        failure.compareAndSet(null, t);
      }
    });
  }

  private interface Transfer {
    void run() throws IOException;
  }

  private static void send(DuplexStream stream) throws IOException {
    ByteBuffer source = ByteBuffer.allocate(7);
    for (int sent = 0; sent < BYTES;) {
      source.clear().limit(1 + sent % 7);
      for (int i = 0; i < source.limit(); i++) {
        source.put(i, (byte) (sent + i));
      }
      sent += source.limit();
      stream.writeFully(source);
    }
    stream.shutdownOutput();
  }

  private static void count(DuplexStream stream) throws IOException {
    ByteBuffer target = ByteBuffer.allocate(5);
    int got = 0;
    while (stream.read(target.clear()) >= 0) {
      for (target.flip(); target.hasRemaining(); got++) {
        assertThat(target.get()).isEqualTo((byte) got);
      }
    }
    assertThat(got).isGreaterThanOrEqualTo(BYTES);
  }
}
