package io.github.epollo.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.net.Loopback.Pair;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.io.BidirectionalCopy;
import io.github.epollo.runtime.io.BidirectionalCopy.Counts;
import io.github.epollo.runtime.io.BufferedAsyncReader;
import io.github.epollo.runtime.io.ByteCopy;
import io.github.epollo.runtime.io.CopyOptions;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A proxy between two connections over the loopback interface: which side ends when, and how. */
class BidirectionalCopyTest {
  private static final int LIMIT = 1 << 24;

  /** A client and a server, and the proxy's ends of their connections. */
  private record Proxy(Pair outside, Pair inside) implements AutoCloseable {
    static Proxy open() throws IOException {
      return new Proxy(Pair.open(), Pair.open());
    }

    TcpStream client() {
      return outside.client();
    }

    TcpStream server() {
      return inside.server();
    }

    BidirectionalCopy copy() {
      return new BidirectionalCopy(outside.server(), inside.client(), CopyOptions.defaults().withBufferSize(1000));
    }

    Task<Counts> start() {
      BidirectionalCopy copy = copy();
      return Tasks.spawn(() -> copy.run());
    }

    @Override
    public void close() {
      outside.close();
      inside.close();
    }
  }

  private static byte[] pattern(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 31 + i / 256);
    }
    return bytes;
  }

  private static byte[] readAll(TcpStream stream) throws IOException {
    return new BufferedAsyncReader(stream).readAll(LIMIT);
  }

  private static void send(TcpStream stream, byte[] bytes) throws IOException {
    stream.writeFully(ByteBuffer.wrap(bytes));
    stream.shutdownOutput();
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "5, 0", "0, 7", "300000, 200000"})
  void aSideThatEndsEndsTheOtherSidesInputAndTheOtherDirectionGoesOn(int request, int response) {
    Epollo.run(() -> {
      for (boolean clientFirst : new boolean[]{true, false}) {
        try (Proxy proxy = Proxy.open()) {
          Task<Counts> counts = proxy.start();
          TcpStream first = clientFirst ? proxy.client() : proxy.server();
          TcpStream second = clientFirst ? proxy.server() : proxy.client();
          Task<?> sending = Tasks.spawn(() -> send(first, pattern(request)));
          assertThat(readAll(second)).isEqualTo(pattern(request));
          sending.join();
          assertThat(counts.isDone()).isFalse(); // the other direction is open
          Task<?> answering = Tasks.spawn(() -> send(second, pattern(response)));
          assertThat(readAll(first)).isEqualTo(pattern(response));
          answering.join();
          assertThat(counts.join())
              .isEqualTo(clientFirst ? new Counts(request, response) : new Counts(response, request));
        }
      }
    });
  }

  @Test
  void bothSidesSendAtOnce() {
    Epollo.run(() -> {
      try (Proxy proxy = Proxy.open()) {
        Task<Counts> counts = proxy.start();
        Tasks.spawn(() -> send(proxy.client(), pattern(400_000)));
        Tasks.spawn(() -> send(proxy.server(), pattern(500_000)));
        Task<byte[]> request = Tasks.spawn(() -> readAll(proxy.server()));
        assertThat(readAll(proxy.client())).isEqualTo(pattern(500_000));
        assertThat(request.join()).isEqualTo(pattern(400_000));
        assertThat(counts.join()).isEqualTo(new Counts(400_000, 500_000));
      }
    });
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void aResetOnOneSideClosesBoth(boolean byTheClient) {
    Epollo.run(() -> {
      try (Proxy proxy = Proxy.open()) {
        Task<?> counts = Tasks.spawn(() -> assertThatThrownBy(proxy.copy()::run).isInstanceOf(IOException.class));
        TcpStream resets = byTheClient ? proxy.client() : proxy.server();
        TcpStream other = byTheClient ? proxy.server() : proxy.client();
        send(other, pattern(10)); // half-closed already
        ByteBuffer received = ByteBuffer.allocate(10);
        resets.readFully(received);
        resets.closeWithReset();
        counts.join();
        assertThat(proxy.outside().server().isOpen()).isFalse();
        assertThat(proxy.inside().client().isOpen()).isFalse();
        assertThat(other.read(ByteBuffer.allocate(1))).isEqualTo(-1);
      }
    });
  }

  @Test
  void aCancelLosesNothingAndTheCopyGoesOn() {
    Epollo.run(() -> {
      try (Proxy proxy = Proxy.open()) {
        BidirectionalCopy copy = proxy.copy();
        byte[] request = pattern(300_000);
        Tasks.spawn(() -> send(proxy.client(), request));
        Task<byte[]> received = Tasks.spawn(() -> readAll(proxy.server()));
        int cancelled = 0;
        for (int turns = 0; copy.counts().fromAToB() < request.length; turns = (turns + 1) % 5) {
          Task<Counts> run = Tasks.spawn(() -> copy.run());
          for (int i = 0; i < turns; i++) {
            Tasks.yieldNow();
          }
          run.cancel().await();
          try {
            run.join();
          } catch (CancellationException e) {
            cancelled++;
          }
        }
        Task<Counts> last = Tasks.spawn(() -> copy.run());
        assertThat(received.join()).isEqualTo(request);
        proxy.server().shutdownOutput();
        assertThat(last.join()).isEqualTo(new Counts(request.length, 0));
        assertThat(cancelled).isPositive();
      }
    });
  }

  @Test
  void halvesAreReadersAndWriters() {
    Epollo.run(() -> {
      try (Pair pair = Pair.open()) {
        Tasks.spawn(() -> {
          ByteCopy.copy(pair.server().reader(), pair.server().writer());
          pair.server().writer().shutdownOutput();
        });
        send(pair.client(), pattern(5000));
        assertThat(new BufferedAsyncReader(pair.client().reader()).readAll(5000)).isEqualTo(pattern(5000));
      }
    });
  }

  @Test
  void aLineThatIsCancelledHalfWayIsReadAsAWhole() {
    Epollo.run(() -> {
      try (Pair pair = Pair.open()) {
        BufferedAsyncReader reader = new BufferedAsyncReader(pair.server());
        for (char c : "half a line".toCharArray()) {
          pair.client().writeFully(ByteBuffer.wrap(new byte[]{(byte) c}));
          Task<String> line = Tasks.spawn(() -> reader.readLine(100));
          for (int i = 0; i < 3; i++) {
            Tasks.yieldNow(); // on the loop it has taken the byte by then, in parallel it may have
          }
          line.cancel().await();
        }
        pair.client().writeFully(ByteBuffer.wrap(new byte[]{'\n'}));
        assertThat(reader.readLine(100)).isEqualTo("half a line");
        pair.client().close();
        assertThatThrownBy(() -> reader.readInt()).isInstanceOf(EOFException.class).hasMessageContaining("0 of 4");
      }
    });
  }
}
