package io.github.epollo.testkit.hazard;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.net.TcpListener;
import io.github.epollo.net.TcpStream;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.testkit.Fault;
import io.github.epollo.testkit.Faults;
import io.github.epollo.testkit.Simulation;
import io.github.epollo.timers.Timers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Filter;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Hazards 4, 10 and 11 in simulation: what can go wrong where connections begin and end. */
@SuppressWarnings("try") // closes a stream before its try statement does
class AcceptTest {
  private static final InetSocketAddress SERVER = new InetSocketAddress(InetAddress.ofLiteral("10.0.0.2"), 80);
  private static final int CLIENTS = 30;

  /** Hazard 10: ten connections fit, thirty come; the rest waits, the loop does not spin, the log is not flooded, and everybody is served. */
  @Test
  void aServerOutOfDescriptorsServesEverybodyInTheEnd() {
    AtomicInteger warnings = new AtomicInteger();
    Logger logger = Logger.getLogger("io.github.epollo.net");
    Filter before = logger.getFilter();
    logger.setFilter(_ -> warnings.incrementAndGet() < 0);
    try {
      serveThirtyWithTenDescriptors();
    } finally {
      logger.setFilter(before);
    }
    assertThat(warnings).as("at most one in ten seconds").hasValue(1);
  }

  private static void serveThirtyWithTenDescriptors() {
    Simulation.ofSeed(1).run(world -> {
      var server = world.start("10.0.0.2", _ -> {
        Timers.sleep(Duration.ofMillis(1)); // opens the timerfd while it can
        serve(Duration.ofSeconds(1));
      });
      List<Task<?>> clients = new ArrayList<>();
      Dial.to(SERVER).close();
      int free = 10;
      world.host("10.0.0.2").limitFds(3 + world.host("10.0.0.2").openFds() + free);
      long start = world.time().now();
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(Tasks.spawn(AcceptTest::ask));
      }
      clients.forEach(Task::join);
      assertThat(world.time().now() - start).isBetween(2_000_000_000L, 4_000_000_000L);
      long accepts = world.trace().last(20_000).stream().filter(line -> line.contains(" accept4(")).count();
      assertThat(accepts).as("10 tries a second while there is no fd").isLessThan(2 * CLIENTS + 60);
      server.cancel();
    });
  }

  /** Hazard 11, and the other ways in which a single accept can fail: the next one goes on. */
  @ParameterizedTest
  @EnumSource(names = {"CONNECTION_ABORTED", "NO_BUFFERS", "NO_MEMORY", "OUT_OF_FDS", "INTERRUPTED", "WOULD_BLOCK"})
  void anErrorOfOneConnectionDoesNotEndTheAcceptLoop(Fault fault) {
    List<Faults.Strike> strikes = IntStream.range(fault == Fault.CONNECTION_ABORTED ? 0 : 10, 300)
        .mapToObj(i -> new Faults.Strike(fault, 3 * i)).toList(); // once all is up
    Simulation.ofSeed(1).withFaults(Faults.of(strikes)).withLimit(Duration.ofSeconds(10)).run(world -> {
      var server = world.start("10.0.0.2", _ -> {
        Timers.sleep(Duration.ofMillis(1)); // opens the timerfd while it can
        serveThoughItCannotBind();
      });
      Timers.sleep(Duration.ofMillis(5));
      List<Task<?>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(Tasks.spawn(AcceptTest::askUntilAnswered));
      }
      clients.forEach(Task::join);
      server.cancel();
      assertThat(world.trace().last(20_000))
          .anyMatch(line -> line.contains("fault " + fault) && line.contains("accept4"));
    });
  }

  private static void serveThoughItCannotBind() throws Exception {
    while (true) {
      TcpListener listener;
      try {
        listener = TcpListener.bind(SERVER);
      } catch (IOException e) {
        Timers.sleep(Duration.ofMillis(10));
        continue;
      }
      try (listener) {
        while (true) {
          try {
            serve(listener.accept(), Duration.ZERO);
          } catch (SocketException e) {
            throw new AssertionError("the accept loop ended", e);
          }
        }
      }
    }
  }

  private static void serve(Duration time) throws Exception {
    try (TcpListener listener = TcpListener.bind(SERVER)) {
      for (TcpStream stream : listener.incoming()) {
        serve(stream, time);
      }
    }
  }

  private static void serve(TcpStream stream, Duration time) {
    Tasks.spawn(() -> {
      try (stream) {
        ByteBuffer bytes = ByteBuffer.allocate(10);
        if (stream.read(bytes) > 0) {
          Timers.sleep(time);
          stream.writeFully(bytes.flip());
        }
      } catch (IOException e) {
        // the client tries again
      }
    });
  }

  private static void ask() throws IOException {
    try (TcpStream stream = Dial.to(SERVER)) {
      stream.writeFully(ByteBuffer.allocate(10));
      stream.readFully(ByteBuffer.allocate(10));
    }
  }

  private static void askUntilAnswered() {
    while (true) {
      try {
        ask();
        return;
      } catch (IOException e) {
        Timers.sleep(Duration.ofMillis(10));
      }
    }
  }

  /** Hazard 4: of two streams that are readable at once, whose task runs first closes the other and opens one that gets its number. */
  @Property(tries = 30)
  void aStreamWithTheNumberOfAClosedOneKeepsItsBytes(@ForAll long seed) {
    Simulation.ofSeed(seed).run(_ -> {
      try (TcpListener listener = TcpListener.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
          TcpStream toA = TcpStream.connect(listener.localAddress());
          TcpStream a = listener.accept();
          TcpStream toB = TcpStream.connect(listener.localAddress());
          TcpStream b = listener.accept();
          TcpStream toC = TcpStream.connect(listener.localAddress())) {
        toC.writeFully(ByteBuffer.allocate(1).put((byte) 'c').flip());
        Task<Integer> readerB = Tasks.spawn(() -> {
          ByteBuffer buffer = ByteBuffer.allocate(1);
          try {
            return b.read(buffer) == 1 ? (int) buffer.get(0) : -1;
          } catch (java.nio.channels.ClosedChannelException e) {
            return -1;
          }
        });
        Task<TcpStream> readerA = Tasks.spawn(() -> {
          a.readFully(ByteBuffer.allocate(1));
          b.close();
          return listener.accept();
        });
        Timers.sleep(Duration.ofMillis(1)); // both wait
        toB.writeFully(ByteBuffer.allocate(1).put((byte) 'b').flip());
        toA.writeFully(ByteBuffer.allocate(1).put((byte) 'a').flip());
        assertThat(readerB.join()).isIn(-1, (int) 'b');
        try (TcpStream c = readerA.join()) {
          ByteBuffer buffer = ByteBuffer.allocate(1);
          c.readFully(buffer);
          assertThat(buffer.get(0)).isEqualTo((byte) 'c');
        }
      }
    });
  }
}
