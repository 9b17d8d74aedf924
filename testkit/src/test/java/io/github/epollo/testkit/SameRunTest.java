package io.github.epollo.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.net.TcpListener;
import io.github.epollo.net.TcpStream;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.loop.Loop;
import io.github.epollo.timers.Timers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several hosts with vectored writes, timeouts, cancels, resets and partitions: the same seed is the same run, failures and all. */
class SameRunTest {
  private static final List<String> SERVERS = List.of("10.0.0.2", "10.0.0.3", "10.0.0.4");
  private static final int SIZE = 5_000;
  private static final Logger LOGGER = Logger.getLogger("io.github.epollo");

  /** Loggers have locks that threads outside the simulation take, too. */
  @BeforeAll
  static void logNothing() {
    LOGGER.setLevel(Level.OFF);
    System.getLogger("io.github.epollo.net").log(System.Logger.Level.WARNING, "made ready, which also takes locks");
  }

  @AfterAll
  static void logAgain() {
    LOGGER.setLevel(null);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.05, 0.3})
  void theSameSeedIsTheSameRun(double rate) {
    for (long seed = 0; seed < 20; seed++) {
      Faults faults = seed % 2 == 0 ? Faults.harmless(rate) : Faults.all(rate);
      assertThat(run(seed, faults)).as("seed %s with %s", seed, faults).isEqualTo(run(seed, faults));
    }
  }

  @Test
  void messagesNameALoopTheSameEachTime() {
    for (int run = 0; run < 2; run++) {
      Simulation.ofSeed(1).run(_ -> assertThat(Loop.current()).hasToString(Simulation.MAIN_HOST));
    }
  }

  /** The trace, and how it ended. */
  private static String run(long seed, Faults faults) {
    AtomicReference<Trace> trace = new AtomicReference<>();
    String end = "ok";
    try {
      Simulation.ofSeed(seed).withFaults(faults).run(world -> {
        trace.set(world.trace());
        disturb(world, new Random(seed));
      });
    } catch (Throwable e) {
      end = e.toString();
    }
    return trace + "\n" + end;
  }

  private static void disturb(World world, Random random) {
    SERVERS.forEach(server -> world.start(server, _ -> serve(server)));
    world.network().latency(Duration.ofNanos(random.nextInt(3) * 700_000L));
    List<Task<?>> clients = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      String server = SERVERS.get(i);
      Random own = new Random(random.nextLong());
      clients.add(Tasks.spawn(() -> ask(server, own)));
    }
    Timers.sleep(Duration.ofMillis(10 + random.nextInt(50)));
    clients.get(random.nextInt(3)).close();
    Random extras = new Random(random.nextLong());
    HostRun extra = world.start("10.0.0.9", _ -> ask(SERVERS.getFirst(), extras));
    Timers.sleep(Duration.ofMillis(random.nextInt(30)));
    if (random.nextBoolean()) {
      extra.cancel();
    }
    world.network().partition(world.host(SERVERS.get(0)), world.host(Simulation.MAIN_HOST),
        Duration.ofMillis(random.nextInt(200)));
    world.network().reset(world.host(Simulation.MAIN_HOST), world.host(SERVERS.get(random.nextInt(3))));
    clients.forEach(client -> ignoringFailure(client::join));
    ignoringFailure(extra::join);
  }

  private static void ignoringFailure(Runnable join) {
    try {
      join.run();
    } catch (RuntimeException e) {
      // it is the same one in both runs, or the traces differ
    }
  }

  private static void serve(String address) {
    while (true) {
      try (TcpListener listener = TcpListener.bind(new InetSocketAddress(address, 80))) {
        for (TcpStream stream : listener.incoming()) {
          Tasks.spawn(() -> echo(stream));
        }
      } catch (IOException e) {
        Timers.sleep(Duration.ofMillis(10));
      }
    }
  }

  private static void echo(TcpStream stream) throws IOException {
    try (stream) {
      ByteBuffer bytes = ByteBuffer.allocate(SIZE);
      Timers.withTimeout(Duration.ofSeconds(5), () -> stream.readFully(bytes));
      stream.writeFully(bytes.slice(0, SIZE / 3), bytes.slice(SIZE / 3, SIZE - SIZE / 3));
    } catch (IOException | DeadlineExceededException e) {
      // the client will see
    }
  }

  private static void ask(String server, Random random) {
    for (int round = 0; round < 2; round++) {
      try {
        byte[] sent = new byte[SIZE];
        random.nextBytes(sent);
        ByteBuffer received = ByteBuffer.allocate(SIZE);
        Timers.withTimeout(Duration.ofMillis(50 + random.nextInt(3_000)), () -> exchange(server, sent, received));
        assertThat(received.array()).isEqualTo(sent);
      } catch (IOException | DeadlineExceededException e) {
        Timers.sleep(Duration.ofMillis(random.nextInt(20)));
      }
    }
  }

  private static void exchange(String server, byte[] bytes, ByteBuffer answer) throws IOException {
    try (TcpStream stream = TcpStream.connect(new InetSocketAddress(server, 80))) {
      Task<?> reader = Tasks.spawn(() -> stream.readFully(answer));
      try {
        stream.writeFully(ByteBuffer.wrap(bytes, 0, SIZE / 2), ByteBuffer.wrap(bytes, SIZE / 2, SIZE - SIZE / 2));
        Object _ = reader.join();
      } finally {
        reader.close();
      }
    }
  }

  @Test
  void harmlessFaultsChangeNoByteBetweenTwoHosts() {
    for (long seed = 0; seed < 30; seed++) {
      byte[] sent = new byte[20_000];
      new Random(seed).nextBytes(sent);
      ByteBuffer received = ByteBuffer.allocate(sent.length);
      Simulation.ofSeed(seed).withFaults(Faults.harmless(0.1)).run(world -> {
        InetSocketAddress address = new InetSocketAddress(SERVERS.getFirst(), 80);
        HostRun server = world.start(SERVERS.getFirst(), _ -> {
          try (TcpListener listener = TcpListener.bind(address); TcpStream stream = listener.accept()) {
            stream.readFully(received);
          }
        });
        world.time().runCurrent();
        try (TcpStream stream = TcpStream.connect(address)) {
          for (int from = 0; from < sent.length; from += 1_000) {
            stream.writeFully(ByteBuffer.wrap(sent, from, 300), ByteBuffer.wrap(sent, from + 300, 700));
            Timers.sleep(Duration.ofMillis(3));
          }
          server.join();
        }
      });
      assertThat(received.array()).as("seed %s", seed).isEqualTo(sent);
    }
  }
}
