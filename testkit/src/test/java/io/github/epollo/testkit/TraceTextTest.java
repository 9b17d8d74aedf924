package io.github.epollo.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.net.TcpListener;
import io.github.epollo.net.TcpStream;
import io.github.epollo.runtime.Tasks;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Runs that differ in what they send, or to whom, have traces that differ. */
class TraceTextTest {
  /** What a client on {@code port} sends to itself, in two pieces. */
  private static String trace(int port, byte first, byte second) {
    return Simulation.ofSeed(1).run(_ -> {
      try (TcpListener listener = TcpListener.bind(new InetSocketAddress(Simulation.MAIN_HOST, port))) {
        Tasks.spawn(() -> {
          try (TcpStream stream = TcpStream.connect(listener.localAddress())) {
            stream.writeFully(ByteBuffer.wrap(new byte[]{first}), ByteBuffer.wrap(new byte[]{second}));
          }
        });
        try (TcpStream stream = listener.accept()) {
          ByteBuffer[] pieces = {ByteBuffer.allocate(1), ByteBuffer.allocate(1)};
          while (pieces[1].hasRemaining()) {
            assertThat(stream.read(pieces)).isPositive();
          }
        }
      }
    }).toString();
  }

  @Test
  void theBytesOfVectorsCount() {
    assertThat(trace(80, (byte) 1, (byte) 2)).isEqualTo(trace(80, (byte) 1, (byte) 2))
        .isNotEqualTo(trace(80, (byte) 1, (byte) 3)).isNotEqualTo(trace(80, (byte) 2, (byte) 2));
  }

  @Test
  void addressesAndOptionsAreReadable() {
    assertThat(trace(80, (byte) 1, (byte) 2)).contains(", 10.0.0.1:80) = 0").contains("connect(8, 10.0.0.1:80)")
        .contains("getsockname(7) = 0 10.0.0.1:80").contains("accept4(7, 526336) = 8 10.0.0.1:32768")
        .contains("setsockopt(7, 1, 2, value 1) = 0").contains("getsockopt(8, 1, 4) = 0 value 0");
  }
}
