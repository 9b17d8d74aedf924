package io.github.epollo.testkit.hazard;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.net.ListenOptions;
import io.github.epollo.net.TcpListener;
import io.github.epollo.net.TcpStream;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.testkit.Simulation;
import io.github.epollo.timers.Timers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Hazard 9: of two listeners of a port one goes away while clients connect over a slow network. */
class DrainTest {
  private static final InetSocketAddress SERVER = new InetSocketAddress(InetAddress.ofLiteral("10.0.0.2"), 80);
  private static final int CLIENTS = 100;
  private static final int SECOND = 1_000;

  private int greeted;

  @Property(tries = 100)
  void losesNobodyWhoseHandshakeTakesLessThan200Millis(@ForAll long seed,
      @ForAll @IntRange(max = 99) int latencyMillis) {
    SplittableRandom random = new SplittableRandom(seed);
    int leavesAt = random.nextInt(SECOND);
    Simulation.ofSeed(seed).run(world -> {
      var server = world.start("10.0.0.2", _ -> serve(leavesAt));
      Dial.to(SERVER).close();
      world.network().latency(Duration.ofMillis(latencyMillis));
      List<Task<?>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        int comesAt = random.nextInt(SECOND);
        clients.add(Tasks.spawn(() -> {
          Timers.sleep(Duration.ofMillis(comesAt));
          try (TcpStream stream = TcpStream.connect(SERVER)) {
            assertThat(stream.read(ByteBuffer.allocate(1))).isEqualTo(1);
          }
        }));
      }
      clients.forEach(Task::join);
      server.cancel();
      server.joinAsync().handle((_, _) -> null).await();
    });
    assertThat(greeted).isEqualTo(CLIENTS + 1);
  }

  private void serve(int leavesAt) throws IOException {
    greeted = 0;
    ListenOptions shared = ListenOptions.defaults().withReusePort(true);
    try (TcpListener staying = TcpListener.bind(SERVER, shared);
        TcpListener leaving = TcpListener.bind(SERVER, shared)) {
      Task<?> greeter = Tasks.spawn(() -> greet(leaving));
      Task<?> _ = Tasks.spawn(() -> {
        Timers.sleep(Duration.ofMillis(leavesAt));
        leaving.drain();
        greeter.join();
        assertThat(leaving.isOpen()).isFalse();
      });
      greet(staying);
    }
  }

  private void greet(TcpListener listener) throws IOException {
    for (TcpStream stream : listener.incoming()) {
      greeted++;
      try (stream) {
        stream.writeFully(ByteBuffer.allocate(1));
      }
    }
  }
}
