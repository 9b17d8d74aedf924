package io.github.epollo.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.github.epollo.net.Loopback.Pair;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Reads and writes of futures that are written by hand, with {@code pollRead} and {@code pollWrite}. */
class HandWrittenFutureTest {
  // @start region="echo"
  /** Sends back what comes, without a stack and without an object for each operation. */
  static final class Echo implements Future<@Nullable Void> {
    private final TcpStream stream;
    private final ByteBuffer bytes = ByteBuffer.allocate(4096).limit(0); // what is to be sent back
    private @Nullable Waker waker; // of the task that waits

    Echo(TcpStream stream) {
      this.stream = stream;
    }

    @Override
    public Poll<@Nullable Void> poll(Waker waker) {
      if (this.waker != waker) {
        close(); // an older one is not to be woken
        this.waker = waker;
      }
      try {
        while (true) {
          while (bytes.hasRemaining()) {
            if (stream.writer().pollWrite(bytes, waker) == WriteHalf.PENDING) {
              return Poll.pending();
            }
          }
          int n = stream.reader().pollRead(bytes.clear(), waker);
          bytes.flip();
          if (n == ReadHalf.PENDING) {
            return Poll.pending();
          }
          if (n < 0) {
            return Poll.ready(null);
          }
        }
      } catch (IOException e) {
        return Poll.failed(e);
      }
    }

    @Override
    public void close() { // the stream stays open, for others
      if (waker != null) {
        stream.reader().forget(waker);
        stream.writer().forget(waker);
      }
    }
  }
  // @end

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    new Random(count).nextBytes(bytes);
    return bytes;
  }

  /** More than all buffers hold, so that reads and writes wait in turn. */
  @Test
  void sendsEverythingBack() {
    byte[] bytes = bytes(8 << 20);
    Epollo.run(() -> {
      try (Pair pair = Pair.open()) {
        Task<?> server = Tasks.spawn(new Echo(pair.server()));
        Task<?> writer = Tasks.spawn(() -> {
          pair.client().writeFully(ByteBuffer.wrap(bytes));
          pair.client().shutdownOutput();
        });
        ByteBuffer answer = ByteBuffer.allocate(bytes.length);
        pair.client().readFully(answer);
        assertThat(answer.array()).isEqualTo(bytes);
        writer.join();
        server.join();
      }
    });
  }

  @Test
  void aRoundTripAllocatesNothing() {
    assumeTrue(System.getProperty("epollo.test.carrier", "loop").equals("loop"),
        "the JDK's scheduler allocates for each switch");
    long loopThread = Thread.currentThread().threadId(); // Epollo.run puts the loop on it
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int rounds = 10_000;
    Epollo.run(() -> {
      try (Pair pair = Pair.open()) {
        Task<?> server = Tasks.spawn(new Echo(pair.server()));
        ByteBuffer buffer = ByteBuffer.allocate(64);
        long least = Long.MAX_VALUE;
        long end = System.nanoTime() + 20_000_000_000L;
        while (least >= rounds / 10 && System.nanoTime() - end < 0) { // until all is compiled
          long before = threads.getThreadAllocatedBytes(loopThread);
          for (int r = 0; r < rounds; r++) {
            pair.client().writeFully(buffer.clear());
            pair.client().readFully(buffer.clear());
          }
          least = Math.min(least, threads.getThreadAllocatedBytes(loopThread) - before);
        }
        assertThat(least).isLessThan(rounds / 10); // the measurement itself is not free
        server.cancel().await();
      }
    });
  }

  @Test
  void whoTakesItsWakerBackIsNotWoken_andLeavesTheStreamToOthers() {
    Epollo.run(() -> {
      try (Pair pair = Pair.open()) {
        int[] woken = new int[1];
        Waker waker = () -> woken[0]++;
        ByteBuffer buffer = ByteBuffer.allocate(9);
        assertThat(pair.server().reader().pollRead(buffer, waker)).isEqualTo(ReadHalf.PENDING);
        assertThat(pair.server().reader().pollRead(buffer, waker)).isEqualTo(ReadHalf.PENDING);
        assertThatThrownBy(() -> pair.server().reader().pollRead(buffer, () -> {}))
            .isInstanceOf(IllegalStateException.class).hasMessageContaining("already waits");
        pair.server().reader().forget(waker);
        pair.client().writeFully(ByteBuffer.wrap(new byte[]{7}));
        assertThat(pair.server().read(buffer)).isEqualTo(1);
        assertThat(woken[0]).isZero();
        assertThat(pair.server().reader().pollRead(buffer, waker)).isEqualTo(ReadHalf.PENDING);
        pair.client().writeFully(ByteBuffer.wrap(new byte[]{8}));
        Loopback.until("it is woken", () -> woken[0] > 0);
        assertThat(pair.server().reader().pollRead(buffer, waker)).isEqualTo(1);
        assertThat(buffer.get(1)).isEqualTo((byte) 8);
      }
    });
  }

  @Test
  void theWakerOfTheLastPollIsWoken() {
    Epollo.run(() -> {
      try (Pair pair = Pair.open()) {
        int[] woken = new int[2];
        Echo echo = new Echo(pair.server());
        assertThat(echo.poll(() -> woken[0]++)).isEqualTo(Poll.pending());
        assertThat(echo.poll(() -> woken[1]++)).isEqualTo(Poll.pending());
        pair.client().writeFully(ByteBuffer.allocate(1));
        Loopback.until("it is woken", () -> woken[1] > 0);
        assertThat(woken[0]).isZero();
        echo.close();
        assertThatThrownBy(() -> pair.server().reader().pollRead(ByteBuffer.allocate(1), null))
            .isInstanceOf(NullPointerException.class).hasMessage("waker");
        assertThatThrownBy(() -> pair.server().writer().pollWrite(ByteBuffer.allocate(1), null))
            .isInstanceOf(NullPointerException.class).hasMessage("waker");
      }
    });
  }

  @Test
  void aCancelledTaskTakesItsWakerBack() {
    Epollo.run(() -> {
      try (Pair pair = Pair.open()) {
        Task<?> server = Tasks.spawn(new Echo(pair.server()));
        ByteBuffer buffer = ByteBuffer.allocate(1);
        pair.client().writeFully(buffer.clear());
        pair.client().readFully(buffer.clear());
        server.cancel().await();
        pair.client().writeFully(buffer.clear());
        pair.server().readFully(buffer.clear()); // nobody else waits
      }
    });
  }

  @Test
  void aStepOnAClosedStreamFails_andClosingWakesWhoWaits() {
    Epollo.run(() -> {
      try (Pair pair = Pair.open()) {
        Task<?> server = Tasks.spawn(new Echo(pair.server()));
        Tasks.yieldNow();
        pair.server().close();
        assertThatThrownBy(server::join).hasRootCauseInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> pair.server().writer().pollWrite(ByteBuffer.allocate(1), () -> {}))
            .isInstanceOf(ClosedChannelException.class);
      }
    });
  }
}
