package io.github.epollo.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.net.Loopback.Pair;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.testsupport.ProbeKernel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hazards 6, 19 and 22: cancelling and closing while something waits loses no byte and no descriptor. */
@SuppressWarnings("try")
class CancelTest {
  private static final int FRAMES = 60;

  /** The reader is cancelled each time it waits, k times in a row, and its successor goes on with the same buffer. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void framesStayInSyncWhereverTheReaderIsCancelled(boolean async) {
    Epollo.run(() -> {
      try (Pair pair = Pair.open()) {
        ByteBuffer frame = ByteBuffer.allocate(8);
        int next = 0;
        int cancelled = 0;
        byte[] wire = frames();
        int sent = 0;
        while (next < FRAMES) {
          Thread[] thread = new Thread[1];
          int expected = next;
          Task<Integer> reader = Tasks.spawn(() -> {
            thread[0] = Thread.currentThread();
            int count = expected;
            while (count < FRAMES) {
              if (async) {
                pair.server().readFullyAsync(frame).await();
              } else {
                pair.server().readFully(frame);
              }
              assertThat(frame.flip().getLong()).isEqualTo(count);
              frame.clear();
              count++;
              SEEN[0] = count;
            }
            return count;
          });
          Loopback.until("the reader waits or is done", () -> reader.isDone()
              || (thread[0] != null && thread[0].getState() == Thread.State.WAITING));
          int more = Math.min(1 + cancelled % 11, wire.length - sent);
          if (cancelled % 2 == 0) {
            pair.client().writeFully(ByteBuffer.wrap(wire, sent, more)); // wake and cancel race
            sent += more;
          }
          reader.cancel().await();
          if (SEEN[0] < FRAMES) { // and not because its predecessor still holds the place
            assertThatThrownBy(reader::join).isInstanceOf(CancellationException.class);
          }
          cancelled++;
          if (cancelled % 2 == 1 && sent < wire.length) {
            int rest = Math.min(3, wire.length - sent);
            pair.client().writeFully(ByteBuffer.wrap(wire, sent, rest));
            sent += rest;
          }
          next = SEEN[0];
        }
        assertThat(cancelled).isGreaterThan(20);
      } finally {
        SEEN[0] = 0;
      }
    });
  }

  private static final int[] SEEN = new int[1];

  private static byte[] frames() {
    ByteBuffer wire = ByteBuffer.allocate(FRAMES * 8);
    for (long i = 0; i < FRAMES; i++) {
      wire.putLong(i);
    }
    return wire.array();
  }

  @Test
  void aCancelledWriteTellsHowFarItGot() {
    Epollo.run(() -> {
      try (Pair pair = Pair.open()) {
        ByteBuffer source = ByteBuffer.allocate(50_000_000);
        Thread[] thread = new Thread[1];
        Task<?> writer = Tasks.spawn(() -> {
          thread[0] = Thread.currentThread();
          pair.client().writeFully(source);
        });
        Loopback.untilParked(() -> thread[0]);
        writer.cancel().await();
        pair.client().shutdownOutput();
        int bytes = 0;
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        for (int n; (n = pair.server().read(buffer.clear())) >= 0;) {
          bytes += n;
        }
        assertThat(bytes).isEqualTo(source.position()).isPositive();
      }
    });
  }

  @Test
  void aCancelledAcceptLeavesTheConnectionInTheBacklog() {
    Epollo.run(() -> {
      try (TcpListener listener = Loopback.listen()) {
        Thread[] thread = new Thread[1];
        Task<TcpStream> accepting = Tasks.spawn(() -> {
          thread[0] = Thread.currentThread();
          return listener.accept();
        });
        Loopback.untilParked(() -> thread[0]);
        accepting.cancel().await();
        try (TcpStream client = TcpStream.connect(listener.localAddress()); TcpStream server = listener.accept()) {
          assertThat(server.remoteAddress()).isEqualTo(client.localAddress());
        }
      }
    });
  }

  @Test
  void aCancelledConnectClosesItsSocket() {
    ProbeKernel probe = new ProbeKernel();
    Epollo.run(EpolloOptions.defaults().withKernel(probe.kernel()), () -> {
      try (TcpListener listener = Loopback.listen()) {
        long before = Loopback.sockets();
        probe.on("getpeername", call -> -Errno.ENOTCONN); // as if the peer did not answer
        Thread[] thread = new Thread[1];
        Task<TcpStream> connecting = Tasks.spawn(() -> {
          thread[0] = Thread.currentThread();
          return TcpStream.connect(listener.localAddress());
        });
        Loopback.untilParked(() -> thread[0]);
        assertThat(Loopback.sockets()).isEqualTo(before + 1);
        connecting.cancel().await();
        assertThat(Loopback.sockets()).isEqualTo(before);
        Future<TcpStream> future = TcpStream.connectAsync(listener.localAddress());
        assertThat(future.poll(() -> {})).isInstanceOf(Poll.Pending.class);
        assertThat(Loopback.sockets()).isEqualTo(before + 1);
        future.close();
        assertThat(Loopback.sockets()).isEqualTo(before);
      }
    });
  }

  @Test
  void closingAFutureGivesItsPlaceBack() {
    Epollo.run(() -> {
      try (Pair pair = Pair.open(); TcpListener listener = Loopback.listen()) {
        for (int i = 0; i < 3; i++) {
          Future<Integer> reading = pair.client().readAsync(ByteBuffer.allocate(1));
          assertThat(reading.poll(() -> {})).isInstanceOf(Poll.Pending.class);
          assertThat(reading.poll(() -> {})).isInstanceOf(Poll.Pending.class); // another waker replaces the first
          Future<Integer> second = pair.client().readAsync(ByteBuffer.allocate(1));
          assertThat(second.poll(() -> {})).isInstanceOfSatisfying(Poll.Failed.class,
              failed -> assertThat(failed.cause()).isInstanceOf(IllegalStateException.class)
                  .hasMessageContaining("already waits").hasMessageContaining("one task at a time"));
          reading.close();
          Future<TcpStream> accepting = listener.acceptAsync();
          assertThat(accepting.poll(() -> {})).isInstanceOf(Poll.Pending.class);
          accepting.close();
        }
      }
    });
  }

  @Test
  void closeWakesWhoeverWaits() {
    Epollo.run(() -> {
      Pair pair = Pair.open();
      TcpListener listener = Loopback.listen();
      Thread[] threads = new Thread[3];
      Task<?> reader = Tasks.spawn(() -> {
        threads[0] = Thread.currentThread();
        return pair.client().read(ByteBuffer.allocate(1));
      });
      Task<?> writer = Tasks.spawn(() -> {
        threads[1] = Thread.currentThread();
        pair.client().writeFully(ByteBuffer.allocate(50_000_000));
      });
      Task<?> acceptor = Tasks.spawn(() -> {
        threads[2] = Thread.currentThread();
        return listener.accept();
      });
      Task<Integer> future = Tasks.spawn(pair.server().readFullyAsync(ByteBuffer.allocate(60_000_000)).map(v -> 1));
      for (int i = 0; i < 3; i++) {
        int index = i;
        Loopback.untilParked(() -> threads[index]);
      }
      pair.client().close();
      listener.close();
      for (Task<?> task : new Task<?>[]{reader, writer, acceptor}) {
        assertThatThrownBy(task::join).hasRootCauseInstanceOf(AsynchronousCloseException.class)
            .hasStackTraceContaining("closed on this side");
      }
      assertThatThrownBy(future::join).hasRootCauseInstanceOf(IOException.class); // EOF or reset
      pair.close();
      assertThat(pair.client().isOpen()).isFalse();
    });
  }

  @Test
  void closingTheRuntimeEndsEverythingThatIsPending() {
    ProbeKernel probe = new ProbeKernel();
    long before = Loopback.sockets();
    Epollo epollo = Epollo.start(EpolloOptions.defaults().withKernel(probe.kernel()));
    TcpListener listener = epollo.call(() -> Loopback.listen());
    TcpListener silent = epollo.call(() -> Loopback.listen());
    Pair pair = epollo.call(() -> Pair.open());
    probe.on("getpeername", call -> -Errno.ENOTCONN);
    Thread[] threads = new Thread[3];
    Task<?> accepting = epollo.spawn(() -> {
      threads[0] = Thread.currentThread();
      return listener.accept();
    });
    Task<?> reading = epollo.spawn(() -> {
      threads[1] = Thread.currentThread();
      return pair.client().read(ByteBuffer.allocate(1));
    });
    Task<?> connecting = epollo.spawn(() -> {
      threads[2] = Thread.currentThread();
      return TcpStream.connect(silent.localAddress());
    });
    epollo.call(() -> {
      for (int i = 0; i < 3; i++) {
        int index = i;
        Loopback.untilParked(() -> threads[index]);
      }
    });
    epollo.close();
    for (Task<?> task : new Task<?>[]{accepting, reading, connecting}) {
      assertThatThrownBy(task::join).isInstanceOf(CancellationException.class);
    }
    assertThat(Loopback.sockets()).isEqualTo(before);
    assertThatThrownBy(() -> pair.client().read(ByteBuffer.allocate(1)))
        .isInstanceOf(java.nio.channels.ClosedChannelException.class);
  }
}
