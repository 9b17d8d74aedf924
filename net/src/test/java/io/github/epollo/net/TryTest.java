package io.github.epollo.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.net.Loopback.Pair;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.testsupport.ProbeKernel;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** Attempts that do not wait, and waits without an attempt. */
class TryTest {
  // @start region="tryRead"
  /** All that is there: at least a byte, unless the stream has ended. */
  static int readBatch(TcpStream stream, ByteBuffer batch) throws IOException {
    int n;
    while ((n = stream.tryRead(batch)) == 0 && batch.hasRemaining()) {
      stream.readable();
    }
    int sum = n;
    while (n > 0 && batch.hasRemaining() && (n = stream.tryRead(batch)) > 0) {
      sum += n;
    }
    return sum;
  }
  // @end

  @Test
  void aTryReadGivesWhatIsThere() {
    Epollo.run(() -> {
      try (Pair pair = Pair.open()) {
        ByteBuffer buffer = ByteBuffer.allocate(9);
        assertThat(pair.server().tryRead(buffer)).isZero();
        assertThat(pair.server().reader().tryRead(buffer)).isZero();
        pair.client().writeFully(ByteBuffer.wrap("hello".getBytes(UTF_8)));
        pair.server().readable();
        pair.server().readable(); // still
        assertThat(pair.server().tryRead(buffer)).isEqualTo(5);
        assertThat(pair.server().tryRead(buffer)).isZero();
        assertThat(pair.server().tryRead(buffer.flip().limit(0))).isZero();
        assertThatThrownBy(() -> pair.server().tryRead(ByteBuffer.allocate(1).asReadOnlyBuffer()))
            .isInstanceOf(IllegalArgumentException.class);
        pair.client().shutdownOutput();
        pair.server().readableAsync().await();
        assertThat(pair.server().tryRead(buffer.clear())).isEqualTo(-1);
        assertThat(pair.server().tryRead(buffer)).isEqualTo(-1);
        pair.client().closeWithReset();
        pair.server().writable();
        assertThatThrownBy(() -> {
          while (true) {
            int _ = pair.server().tryWrite(ByteBuffer.allocate(9));
          }
        }).isInstanceOf(IOException.class);
      }
    });
  }

  @Test
  void aTryWriteGivesWhatThereIsRoomFor() {
    Epollo.run(() -> {
      try (Pair pair = Pair.open()) {
        ByteBuffer empty = ByteBuffer.allocate(0);
        assertThat(pair.client().tryWrite(empty)).isZero();
        ByteBuffer block = ByteBuffer.allocate(100_000);
        long sent = 0;
        int n;
        while ((n = pair.client().tryWrite(block.clear())) > 0) {
          sent += n;
        }
        assertThat(block.position()).isZero();
        Task<?> writer = Tasks.spawn(() -> pair.client().writable());
        Task<?> second = Tasks.spawn(() -> pair.client().writer().writable());
        assertThatThrownBy(second::join).isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("already waits");
        long got = 0;
        while (got < sent) {
          got += pair.server().read(block.clear());
        }
        writer.join();
        assertThat(got).isEqualTo(sent);
        assertThat(pair.client().tryWrite(block.clear())).isPositive();
        pair.client().writableAsync().await();
        pair.client().shutdownOutput();
        assertThatThrownBy(() -> pair.client().tryWrite(empty)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> pair.client().writable()).isInstanceOf(ClosedChannelException.class);
      }
    });
  }

  @Test
  void aTryReadOfAResetConnectionFails() {
    Epollo.run(() -> {
      try (Pair pair = Pair.open()) {
        pair.client().closeWithReset();
        pair.server().readable();
        assertThatThrownBy(() -> pair.server().tryRead(ByteBuffer.allocate(1))).isInstanceOf(SocketException.class);
      }
    });
  }

  @Test
  void aWaitEnds_byACloseOfTheStream_ofTheHalf_andByACancel_whichLosesNothing() {
    Epollo.run(() -> {
      ByteBuffer buffer = ByteBuffer.allocate(1);
      try (Pair pair = Pair.open()) {
        Task<?> cancelled = waiting(pair.server());
        cancelled.cancel();
        assertThatThrownBy(cancelled::join).isInstanceOf(CancellationException.class);
        pair.client().writeFully(ByteBuffer.allocate(1));
        pair.server().readable();
        assertThat(pair.server().tryRead(buffer)).isEqualTo(1);
        pair.server().readableAsync().close();
        Task<?> ended = waiting(pair.server());
        pair.server().shutdownInput();
        ended.join();
        assertThat(pair.server().tryRead(buffer.clear())).isEqualTo(-1);
        Task<?> closed = waiting(pair.client());
        pair.client().close();
        assertThatThrownBy(closed::join).hasRootCauseInstanceOf(AsynchronousCloseException.class);
        assertThatThrownBy(() -> pair.client().readable()).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> pair.client().tryRead(buffer)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> pair.client().tryWrite(buffer)).isInstanceOf(ClosedChannelException.class);
      }
    });
  }

  private static Task<?> waiting(TcpStream stream) throws IOException {
    Thread[] thread = new Thread[1];
    assertThat(stream.tryRead(ByteBuffer.allocate(1))).isZero(); // until somebody has tried, it may be readable
    Task<?> task = Tasks.spawn(() -> {
      thread[0] = Thread.currentThread();
      stream.readable();
    });
    Loopback.untilParked(() -> thread[0]);
    return task;
  }

  /** What is known to be empty or full costs no call. */
  @Test
  void anAttemptThatCanDoNothingMakesNoCall() {
    ProbeKernel probe = new ProbeKernel();
    Epollo.run(EpolloOptions.defaults().withKernel(probe.kernel()), () -> {
      try (Pair pair = Pair.open()) {
        ByteBuffer buffer = ByteBuffer.allocate(100);
        assertThat(pair.server().tryRead(buffer)).isZero();
        probe.reset();
        for (int i = 0; i < 100; i++) {
          assertThat(pair.server().tryRead(buffer)).isZero();
        }
        assertThat(probe.calls("recv")).isZero();
        pair.client().writeFully(ByteBuffer.allocate(7));
        pair.server().readable();
        assertThat(pair.server().tryRead(buffer)).isEqualTo(7);
        assertThat(pair.server().tryRead(buffer)).isZero();
        assertThat(probe.calls("recv")).isEqualTo(1); // a short read tells that the socket is empty
      }
    });
  }

  /** Batches of all sizes against a writer that writes in pieces of all sizes. */
  @Test
  void batchesGiveTheBytesOfTheStream() {
    byte[] bytes = new byte[3 << 20];
    Random random = new Random(3);
    random.nextBytes(bytes);
    Epollo.run(() -> {
      try (Pair pair = Pair.open()) {
        Task<?> writer = Tasks.spawn(() -> {
          for (int at = 0; at < bytes.length;) {
            int end = Math.min(bytes.length, at + 1 + random.nextInt(40_000));
            ByteBuffer piece = ByteBuffer.wrap(bytes, at, end - at);
            while (piece.hasRemaining()) {
              if (pair.client().tryWrite(piece) == 0) {
                pair.client().writable();
              }
            }
            at = end;
            if (random.nextBoolean()) {
              Tasks.yieldNow();
            }
          }
          pair.client().shutdownOutput();
        });
        Random sizes = new Random(4);
        ByteBuffer all = ByteBuffer.allocate(bytes.length + 1);
        while (true) {
          ByteBuffer batch = all.slice(all.position(), Math.min(all.remaining(), 1 + sizes.nextInt(100_000)));
          int n = readBatch(pair.server(), batch);
          assertThat(n).isNotZero();
          all.position(all.position() + batch.position());
          if (n < 0) {
            break;
          }
        }
        writer.join();
        assertThat(all.flip()).isEqualTo(ByteBuffer.wrap(bytes));
      }
    });
  }
}
