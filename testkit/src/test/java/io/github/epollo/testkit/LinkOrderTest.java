package io.github.epollo.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.net.TcpListener;
import io.github.epollo.net.TcpStream;
import io.github.epollo.timers.Timers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A stream of bytes keeps its order, whatever happens to the link. */
class LinkOrderTest {
  private static final InetSocketAddress SERVER = new InetSocketAddress(InetAddress.ofLiteral("10.0.0.2"), 80);

  private interface Trouble {
    void between(SimNetwork network, SimKernel from, SimKernel to, TcpStream stream) throws Exception;
  }

  private static void assertOrder(Trouble trouble) {
    Simulation.ofSeed(1).run(world -> {
      var server = world.start("10.0.0.2", _ -> {
        try (TcpListener listener = TcpListener.bind(SERVER); TcpStream stream = listener.accept()) {
          ByteBuffer received = ByteBuffer.allocate(3);
          stream.readFully(received);
          assertThat(received.array()).containsExactly(1, 2, 3);
        }
      });
      Timers.sleep(Duration.ofMillis(1));
      try (TcpStream stream = TcpStream.connect(SERVER)) {
        trouble.between(world.network(), world.host(Simulation.MAIN_HOST), world.host("10.0.0.2"), stream);
        server.join();
      }
    });
  }

  private static void send(TcpStream stream, int value) throws Exception {
    stream.writeFully(ByteBuffer.wrap(new byte[]{(byte) value}));
  }

  @Test
  void whatIsOnItsWayWhenTheLinkIsCutComesBeforeWhatIsSentThen() {
    assertOrder((network, from, to, stream) -> {
      network.delay(from, to, Duration.ofMillis(50));
      send(stream, 1);
      network.partition(from, to);
      send(stream, 2);
      send(stream, 3);
      Timers.sleep(Duration.ofSeconds(1));
      network.repair(from, to);
    });
  }

  @Test
  void whatWasHeldBackComesBeforeWhatIsStillOnItsWay() {
    assertOrder((network, from, to, stream) -> {
      network.latency(Duration.ofMillis(10));
      send(stream, 1);
      Timers.sleep(Duration.ofMillis(8));
      send(stream, 2);
      network.partition(from, to);
      Timers.sleep(Duration.ofMillis(5));
      network.repair(from, to); // 2 has 5 ms to go, and 1 is sent again
      send(stream, 3);
    });
  }
}
