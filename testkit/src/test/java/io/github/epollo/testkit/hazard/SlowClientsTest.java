package io.github.epollo.testkit.hazard;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.net.TcpListener;
import io.github.epollo.net.TcpStream;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.testkit.Simulation;
import io.github.epollo.testkit.World;
import io.github.epollo.timers.Timers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Hazard 39: two thousand clients that send a byte now and then, and a few good ones, for a minute, at a server that gives each request ten seconds. */
class SlowClientsTest {
  private static final InetSocketAddress SERVER = new InetSocketAddress(InetAddress.ofLiteral("10.0.0.2"), 80);
  private static final int SLOW = 2_000;
  private static final int GOOD = 10;
  private static final int REQUEST = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration LATENCY = Duration.ofMillis(10);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private int connections;
  private int most;
  private int timeouts;
  private int served;
  private int dropped;
  private int answered;
  private long slowest;

  @Test
  void theyAreDroppedInTimeAndTheGoodOnesDoNotNotice() {
    SplittableRandom random = new SplittableRandom(1);
    Simulation.ofSeed(1).run(world -> {
      world.network().latency(LATENCY);
      var server = world.start("10.0.0.2", _ -> serve());
      Timers.sleep(Duration.ofMillis(1));
      long end = world.time().now() + MINUTE.toNanos();
      List<Task<?>> clients = new ArrayList<>();
      for (int i = 0; i < SLOW; i++) {
        long start = random.nextLong(MINUTE.minus(PATIENCE.multipliedBy(2)).toMillis());
        long pause = random.nextLong(500, 20_000);
        clients.add(Tasks.spawn(() -> dawdle(start, pause)));
      }
      for (int i = 0; i < GOOD; i++) {
        clients.add(Tasks.spawn(() -> ask(world, end)));
      }
      clients.forEach(Task::join);
      Timers.sleep(LATENCY.multipliedBy(2)); // the last FIN
      assertThat(connections).as("connections that are left").isZero();
      assertThat(world.host(Simulation.MAIN_HOST).openFds()).as("fds of the clients' loop").isLessThan(6);
      assertThat(world.host("10.0.0.2").openFds()).as("fds of the server's loop and its listener").isLessThan(8);
      server.cancel();
      server.joinAsync().handle((_, _) -> null).await();
    });
    assertThat(timeouts).isEqualTo(SLOW);
    assertThat(dropped).isEqualTo(SLOW);
    assertThat(served).isEqualTo(answered).isGreaterThan(GOOD * 50);
    assertThat(most).isBetween(SLOW / 10, SLOW / 2); // the clients of ten seconds of forty
    assertThat(slowest).as("the slowest good answer") // handshake, request and answer
        .isBetween(4 * LATENCY.toNanos(), 4 * LATENCY.toNanos() + 5_000_000);
  }

  private void serve() throws Exception {
    try (TcpListener listener = TcpListener.bind(SERVER)) {
      for (TcpStream stream : listener.incoming()) {
        Tasks.spawn(() -> serve(stream));
      }
    }
  }

  private void serve(TcpStream stream) throws IOException {
    most = Math.max(most, ++connections);
    try (stream) {
      ByteBuffer request = ByteBuffer.allocate(REQUEST);
      Timers.withTimeout(PATIENCE, () -> {
        stream.readFully(request);
        stream.writeFully(request.flip());
        served++;
      });
    } catch (DeadlineExceededException e) {
      timeouts++;
    } finally {
      connections--;
    }
  }

  /** Never comes to the end of its request. */
  private void dawdle(long start, long pause) throws IOException {
    Timers.sleep(Duration.ofMillis(start));
    try (TcpStream stream = TcpStream.connect(SERVER)) {
      ByteBuffer answer = ByteBuffer.allocate(1);
      while (true) {
        try {
          Timers.withTimeout(Duration.ofMillis(pause), () -> {
            int _ = stream.read(answer);
          });
          break;
        } catch (DeadlineExceededException e) {
          stream.writeFully(ByteBuffer.allocate(1));
        }
      }
      assertThat(answer.position()).isZero();
    } catch (java.net.SocketException e) {
      // reset: it sent a byte just when it was dropped
    }
    dropped++;
  }

  private void ask(World world, long end) throws IOException {
    while (world.time().now() < end) {
      Timers.sleep(Duration.ofMillis(500));
      long start = world.time().now();
      try (TcpStream stream = TcpStream.connect(SERVER)) {
        stream.writeFully(ByteBuffer.allocate(REQUEST));
        stream.readFully(ByteBuffer.allocate(REQUEST));
      }
      answered++;
      slowest = Math.max(slowest, world.time().now() - start);
    }
  }
}
