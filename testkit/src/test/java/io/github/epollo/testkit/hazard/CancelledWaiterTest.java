package io.github.epollo.testkit.hazard;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.net.TcpListener;
import io.github.epollo.net.TcpStream;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.testkit.Fault;
import io.github.epollo.testkit.Faults;
import io.github.epollo.testkit.Simulation;
import io.github.epollo.testkit.World;
import io.github.epollo.timers.Timers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Hazard 20: whoever is cancelled takes nothing along that another one waits for. When the clock leaps, a cancel and what was waited for come together. */
class CancelledWaiterTest {
  private static final InetSocketAddress SERVER = new InetSocketAddress(InetAddress.ofLiteral("10.0.0.2"), 80);
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Faults LEAPS = Faults.none().with(Fault.CLOCK_JUMP, 0.05);

  @Property(tries = 50)
  void aCancelledJoinTakesNoOtherJoinAlong(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Simulation.ofSeed(seed).withFaults(LEAPS).withLimit(LIMIT).run(_ -> {
      Task<Integer> awaited = Tasks.spawn(() -> {
        Timers.sleep(Duration.ofMillis(3));
        return 42;
      });
      List<Task<?>> joiners = new ArrayList<>();
      int[] served = new int[1];
      int[] cancelled = new int[1];
      for (int i = 0; i < 20; i++) {
        boolean direct = random.nextBoolean();
        joiners.add(Tasks.spawn(() -> {
          try {
            assertThat(direct ? awaited.join() : awaited.joinAsync().await()).isEqualTo(42);
            served[0]++;
          } catch (CancellationException e) {
            cancelled[0]++;
          }
        }));
      }
      int asked = 0;
      for (Task<?> joiner : joiners) {
        if (random.nextBoolean()) {
          asked++;
          Duration when = Duration.ofMillis(random.nextLong(5));
          Tasks.spawn(() -> {
            Timers.sleep(when);
            joiner.close();
          });
        }
      }
      joiners.forEach(Task::join);
      assertThat(served[0] + cancelled[0]).isEqualTo(20);
      assertThat(cancelled[0]).isLessThanOrEqualTo(asked);
    });
  }

  @Property(tries = 50)
  void aCancelledAcceptLosesNoConnection(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int connections = 20;
    Simulation.ofSeed(seed).withFaults(LEAPS).withLimit(LIMIT).run(world -> {
      BitSet accepted = new BitSet();
      var server = world.start("10.0.0.2", _ -> acceptAll(random, connections, accepted));
      Timers.sleep(Duration.ofMillis(1));
      List<Task<?>> clients = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        int number = i;
        Timers.sleep(Duration.ofMillis(random.nextLong(2)));
        clients.add(Tasks.spawn(() -> {
          try (TcpStream stream = Dial.to(SERVER)) {
            stream.writeFully(ByteBuffer.allocate(1).put((byte) number).flip());
            assertThat(stream.read(ByteBuffer.allocate(1))).isEqualTo(-1);
          }
        }));
      }
      clients.forEach(Task::join);
      server.join();
      assertThat(accepted.cardinality()).isEqualTo(connections);
    });
  }

  private static void acceptAll(SplittableRandom random, int connections, BitSet accepted) throws Exception {
    try (TcpListener listener = TcpListener.bind(SERVER)) {
      while (accepted.cardinality() < connections) {
        Task<?> acceptor = Tasks.spawn(() -> {
          while (accepted.cardinality() < connections) {
            TcpStream stream;
            try {
              stream = random.nextBoolean() ? listener.accept() : listener.acceptAsync().await();
            } catch (CancellationException e) {
              return;
            }
            try (stream) {
              take(stream, accepted);
            }
          }
        });
        Timers.sleep(Duration.ofMillis(random.nextLong(4)));
        acceptor.cancel().await();
        acceptor.join();
      }
    }
  }

  /** Who is cancelled once a connection is his serves it first. */
  private static void take(TcpStream stream, BitSet accepted) throws Exception {
    ByteBuffer number = ByteBuffer.allocate(1);
    while (number.hasRemaining()) {
      try {
        stream.readFully(number);
      } catch (CancellationException e) {
        // delivered once: the next read waits
      }
    }
    assertThat(accepted.get(number.get(0))).as("accepted twice").isFalse();
    accepted.set(number.get(0));
  }

  /** A connect that is cancelled at any time leaves no socket. */
  @Property(tries = 50)
  void aCancelledConnectLeavesNoSocket(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Simulation.ofSeed(seed).withFaults(LEAPS).withLimit(LIMIT).run(world -> {
      world.network().latency(Duration.ofMillis(1));
      var server = world.start("10.0.0.2", CancelledWaiterTest::acceptAndHold);
      Timers.sleep(Duration.ofMillis(1));
      int open = world.host(Simulation.MAIN_HOST).openFds();
      for (int i = 0; i < 20; i++) {
        Task<?> connecting = Tasks.spawn(() -> {
          try (TcpStream stream = Dial.to(SERVER)) {
            int _ = stream.read(ByteBuffer.allocate(1));
          } catch (CancellationException e) {
            // as it should be
          }
        });
        Timers.sleep(Duration.ofMillis(random.nextLong(4)));
        connecting.cancel().await();
        connecting.join();
      }
      assertThat(world.host(Simulation.MAIN_HOST).openFds()).isEqualTo(open);
      server.cancel();
    });
  }

  private static void acceptAndHold(World world) throws Exception {
    try (TcpListener listener = TcpListener.bind(SERVER)) {
      for (TcpStream stream : listener.incoming()) {
        Tasks.spawn(() -> {
          try (stream) {
            int _ = stream.read(ByteBuffer.allocate(1));
          }
        });
      }
    }
  }
}
