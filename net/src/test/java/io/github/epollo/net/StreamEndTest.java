package io.github.epollo.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.net.Loopback.Pair;
import io.github.epollo.net.Loopback.WithJdk;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.testsupport.ProbeKernel;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** How a stream ends (hazard 32): each way for the peer to go, while this side reads, does nothing, or writes. */
class StreamEndTest {
  enum End {
    FIN, RST, RST_AFTER_DATA, HALF_CLOSE
  }

  enum State {
    READING, PAUSED, WRITING
  }

  static List<Arguments> matrix() {
    List<Arguments> all = new ArrayList<>();
    for (End end : End.values()) {
      for (State state : State.values()) {
        all.add(Arguments.of(end, state));
      }
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("matrix")
  void theEndArrivesAfterTheData(End end, State state) {
    ProbeKernel probe = new ProbeKernel();
    Epollo.run(EpolloOptions.defaults().withKernel(probe.kernel()), () -> {
      try (Pair pair = Pair.open()) {
        TcpStream stream = pair.server();
        Thread[] thread = new Thread[1];
        Task<?> busy = switch (state) {
          case READING -> Tasks.spawn(() -> {
            thread[0] = Thread.currentThread();
            return drain(stream);
          });
          case WRITING -> Tasks.spawn(() -> {
            thread[0] = Thread.currentThread();
            return flood(stream);
          });
          case PAUSED -> null;
        };
        if (busy != null) {
          Loopback.untilParked(() -> thread[0]);
        }
        int data = end == End.RST ? 0 : 1000;
        pair.client().writeFully(ByteBuffer.allocate(data));
        switch (end) {
          case FIN -> pair.client().close(); // with unread data in it, when this side writes: then it is a RST
          case RST, RST_AFTER_DATA -> pair.client().closeWithReset();
          case HALF_CLOSE -> pair.client().shutdownOutput();
        }
        switch (state) {
          case READING -> assertThat((int) (Integer) busy.join()).isEqualTo(end == End.RST ? -1 : data);
          case PAUSED -> assertThat(drain(stream)).isEqualTo(end == End.RST ? -1 : data);
          case WRITING -> {
            if (end == End.HALF_CLOSE) {
              assertThat(drain(stream)).isEqualTo(data);
              Task<Integer> reader = Tasks.spawn(() -> drain(pair.client()));
              busy.cancel().await();
              stream.close();
              assertThat(reader.join()).isPositive();
            } else {
              assertThat((int) (Integer) busy.join()).isPositive();
            }
          }
        }
        idle(probe);
      }
    });
  }

  /** Reads to the end; the number of bytes, or -1 if nothing came before a reset. */
  private static int drain(TcpStream stream) throws IOException {
    int bytes = 0;
    ByteBuffer buffer = ByteBuffer.allocate(333);
    try {
      for (int n; (n = stream.read(buffer.clear())) >= 0;) {
        bytes += n;
      }
      return bytes;
    } catch (SocketException e) {
      assertThat(e).hasMessageContaining("ECONNRESET");
      return bytes == 0 ? -1 : bytes;
    }
  }

  /** Writes until the connection breaks. */
  private static int flood(TcpStream stream) {
    int bytes = 0;
    try {
      while (true) {
        bytes += stream.write(ByteBuffer.allocate(50_000));
      }
    } catch (IOException e) {
      assertThat(e).isInstanceOf(SocketException.class).message().containsAnyOf("ECONNRESET", "EPIPE");
      return bytes;
    }
  }

  /** Nobody reads or writes, and events do not repeat. */
  private static void idle(ProbeKernel probe) {
    for (int i = 0; i < 10; i++) {
      Tasks.yieldNow();
    }
    long calls = probe.calls("recv") + probe.calls("send");
    for (int i = 0; i < 100; i++) {
      Tasks.yieldNow();
    }
    assertThat(probe.calls("recv") + probe.calls("send")).isEqualTo(calls);
  }

  /** A stream whose peer has half closed, and which nobody reads, must not keep the loop awake. */
  @ParameterizedTest
  @EnumSource(value = End.class)
  void aLoopSleepsBesideAStreamThatHasEnded(End end) throws InterruptedException {
    ProbeKernel probe = new ProbeKernel();
    try (Epollo epollo = Epollo.start(EpolloOptions.defaults().withKernel(probe.kernel()))) {
      Pair pair = epollo.call(() -> {
        Pair open = Pair.open();
        open.client().writeFully(ByteBuffer.allocate(10));
        switch (end) {
          case FIN -> open.client().close();
          case RST, RST_AFTER_DATA -> open.client().closeWithReset();
          case HALF_CLOSE -> open.client().shutdownOutput();
        }
        return open;
      });
      long before = probe.calls("epollWait");
      new java.util.concurrent.CountDownLatch(1).await(300, java.util.concurrent.TimeUnit.MILLISECONDS);
      assertThat(probe.calls("epollWait") - before).isLessThan(10);
      epollo.call(pair::close);
    }
  }

  @Test
  void urgentDataNeitherLosesNorStallsWhatIsAroundIt() {
    Epollo.run(() -> {
      try (WithJdk connection = WithJdk.open()) {
        ByteBuffer got = ByteBuffer.allocate(100);
        for (int i = 0; i < 200; i++) {
          Task<?> peer = Tasks.spawn(() -> {
            connection.peer().getOutputStream().write(new byte[]{1, 2});
            connection.peer().sendUrgentData(99);
            connection.peer().getOutputStream().write(new byte[]{3, 4});
          });
          got.clear();
          while (got.position() < 4) {
            assertThat(connection.stream().read(got)).isPositive();
          }
          assertThat(java.util.Arrays.copyOf(got.array(), 4)).containsExactly(1, 2, 3, 4);
          assertThat(got.position()).isEqualTo(4);
          peer.join();
        }
      }
    });
  }

  /** Hazard 1: the writer fills the buffers to EAGAIN, the reader empties them to EAGAIN, over and over. */
  @Test
  void fullAndEmptyTenThousandTimes() {
    Epollo.run(() -> {
      try (Pair pair = Pair.open()) {
        pair.client().setSendBufferSize(4096);
        int[] filled = {0};
        Task<?> writer = Tasks.spawn(() -> {
          ByteBuffer buffer = ByteBuffer.allocate(10_000);
          while (filled[0] < 10_000) {
            pair.client().writeFully(buffer.clear());
            filled[0]++;
          }
          pair.client().shutdownOutput();
        });
        long bytes = 0;
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
        for (int n; (n = pair.server().read(buffer.clear())) >= 0;) {
          bytes += n;
        }
        writer.join();
        assertThat(bytes).isEqualTo(100_000_000);
      }
    });
  }

  @Test
  void theKernelMayAnswerShortlyWithDataLeft() {
    ProbeKernel probe = new ProbeKernel();
    probe.on("recv", call -> {
      call.args[2] = Math.min(call.longArg(2), 1 + call.nth() % 3);
      return call.real();
    });
    // A kernel that answers fewer bytes than it has breaks the promise of epoll(7); that loses nothing as long as more data comes.
    Epollo.run(EpolloOptions.defaults().withKernel(probe.kernel()), () -> {
      try (Pair pair = Pair.open()) {
        pair.client().writeFully(ByteBuffer.allocate(500));
        pair.client().close();
        assertThat(drain(pair.server())).isEqualTo(500);
      }
    });
  }

  @Test
  void writingAfterShutdownOutputIsRefused() {
    Epollo.run(() -> {
      try (Pair pair = Pair.open()) {
        pair.client().shutdownOutput();
        pair.client().shutdownOutput();
        assertThatThrownBy(() -> pair.client().write(ByteBuffer.allocate(1)))
            .isInstanceOf(java.nio.channels.ClosedChannelException.class).hasMessageContaining("output was shut down");
      }
    });
  }
}
