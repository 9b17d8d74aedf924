package io.github.epollo.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.net.TcpListener;
import io.github.epollo.net.TcpStream;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.timers.Sleep;
import io.github.epollo.timers.Timers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * One seed of the soak: a server and two hosts with clients that echo frames, give up, are cancelled, and come again, while faults strike. Every simulated
 * minute all comes to rest, without faults, and is looked at; what a fault broke is tried again, never what only took longer.
 */
final class Soak {
  private static final InetSocketAddress SERVER = new InetSocketAddress(InetAddress.ofLiteral("10.0.0.2"), 80);
  private static final String SERVER_HOST = "10.0.0.2";
  private static final String[] CLIENT_HOSTS = {"10.0.0.3", "10.0.0.4"};
  private static final int MINUTES = 2;
  private static final int CLIENTS = 4; // on each host
  private static final int FRAME = 12; // connection, counter, and their sum
  private static final long CALLS_A_SECOND = 20_000;
  private static final Duration REST = Duration.ofSeconds(10); // longer than any delay, partition or pause of accepting

  /** What all seeds did. */
  static final class Totals {
    private long operations;
    private long failures;
    private long timeouts;
    private long cancels;
    private long events;
    private long seconds;

    @Override
    public String toString() {
      return seconds + " simulated seconds, " + events + " events, " + operations + " echoes, " + failures
          + " failures, " + timeouts + " timeouts, " + cancels + " cancels";
    }
  }

  private final Simulation simulation;
  private final boolean harmless;
  private final SplittableRandom random;
  private final Totals totals;
  private boolean resting;
  private int connections; // of all clients, as they see it
  private int served; // as the server sees it
  private int active; // clients that are not at rest
  private @Nullable AssertionError broken;
  private long begun;
  private long ended;

  Soak(long seed, Totals totals) {
    this.random = new SplittableRandom(seed);
    this.harmless = random.nextBoolean();
    double rate = Math.pow(10, -1 - 2 * random.nextDouble()) / 2; // from 1/20 to 1/2000
    this.totals = totals;
    this.simulation = Simulation.ofSeed(seed)
        .withFaults(harmless ? Faults.harmless(rate) : Faults.all(rate))
        .withLimit(Duration.ofMinutes(5));
  }

  void run() {
    try {
      Trace trace = simulation.run(this::control);
      totals.events += trace.count();
    } catch (UncheckedIOException e) {
      if (harmless || begun > 0) {
        throw e;
      }
      totals.failures++; // a runtime could not even start
    }
  }

  private void control(World world) {
    List<HostRun> hosts = new ArrayList<>();
    try (World.Calm _ = world.calm()) { // all that a loop keeps is opened now
      hosts.add(world.start(SERVER_HOST, this::serve));
      Timers.sleep(Duration.ofMillis(10));
      for (String host : CLIENT_HOSTS) {
        hosts.add(world.start(host, this::runClients));
      }
      Timers.sleep(Duration.ofMillis(10));
    }
    int[] open = new int[3]; // at the first rest, which is what it must be at each
    for (int minute = 0; minute < MINUTES; minute++) {
      long start = world.time().now();
      long before = world.trace().count();
      Timers.sleep(Duration.ofMinutes(1));
      try (World.Calm _ = world.calm()) {
        resting = true;
        Timers.sleep(REST);
        long seconds = (world.time().now() - start) / 1_000_000_000 + 1;
        assertThat(world.trace().count() - before).as("calls in %s s", seconds).isLessThan(seconds * CALLS_A_SECOND);
        totals.seconds += seconds;
        assertRest(world, open);
        resting = false;
      }
    }
    try (World.Calm _ = world.calm()) {
      resting = true;
      Timers.sleep(REST);
      hosts.forEach(HostRun::cancel);
      for (HostRun host : hosts) {
        host.joinAsync().handle((_, _) -> null).await();
      }
      for (String host : List.of(SERVER_HOST, CLIENT_HOSTS[0], CLIENT_HOSTS[1])) {
        assertThat(world.host(host).describeFds()).filteredOn(fd -> !fd.matches("[012]: .*")).isEmpty();
      }
    }
  }

  private void assertRest(World world, int[] open) {
    if (broken != null) {
      throw new AssertionError("a client failed", broken);
    }
    assertThat(active).as("clients that do not come to rest").isZero();
    assertThat(begun).as("operations that ended once").isEqualTo(ended);
    assertThat(connections).as("connections of the clients").isZero();
    assertThat(served).as("connections of the server").isZero();
    String[] hosts = {SERVER_HOST, CLIENT_HOSTS[0], CLIENT_HOSTS[1]};
    for (int i = 0; i < hosts.length; i++) {
      SimKernel host = world.host(hosts[i]);
      if (open[i] == 0) {
        open[i] = host.openFds();
      }
      assertThat(host.openFds()).as("open on %s: %s", hosts[i], host.describeFds()).isEqualTo(open[i]);
    }
    // Nothing that was cancelled is armed: an idle hour is silent, but for the clients who look whether the rest is over.
    long before = world.trace().count();
    Timers.sleep(Duration.ofHours(1));
    assertThat(world.trace().count() - before).as("events of an idle hour").isLessThan(CLIENTS * 2 * 60 * 12);
  }

  // ---- the server

  private void serve(World world) throws Exception {
    Timers.sleep(Duration.ofMillis(1));
    try (TcpListener listener = TcpListener.bind(SERVER)) {
      while (true) {
        TcpStream stream;
        try {
          stream = listener.accept();
        } catch (IOException e) {
          if (harmless) {
            throw e;
          }
          continue; // epoll refused the connection
        }
        Tasks.spawn(() -> echo(stream));
      }
    }
  }

  private void echo(TcpStream stream) throws IOException {
    served++;
    try (stream) {
      ByteBuffer frame = ByteBuffer.allocate(FRAME);
      while (true) {
        frame.clear();
        if (!fill(stream, frame)) {
          return;
        }
        check(frame.flip(), frame.getInt(0), frame.getInt(4));
        stream.writeFully(frame);
      }
    } catch (IOException e) {
      if (harmless) {
        // only the client's own closing may end a connection
        assertThat(e).isInstanceOf(java.net.SocketException.class);
      }
    } finally {
      served--;
    }
  }

  private static boolean fill(TcpStream stream, ByteBuffer frame) throws IOException {
    while (frame.hasRemaining()) {
      if (stream.read(frame) < 0) {
        return false;
      }
    }
    return true;
  }

  private static void check(ByteBuffer frame, int connection, int counter) {
    if (frame.getInt(0) != connection || frame.getInt(4) != counter || frame.getInt(8) != connection + counter) {
      throw new AssertionError("out of sync: " + frame.getInt(0) + " " + frame.getInt(4) + " " + frame.getInt(8)
          + " instead of frame " + counter + " of connection " + connection);
    }
  }

  // ---- the clients

  private void runClients(World world) throws Exception {
    Timers.sleep(Duration.ofMillis(1));
    List<Task<?>> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(Tasks.spawn(() -> {
        while (true) {
          if (resting) {
            Timers.sleep(Duration.ofSeconds(30));
          } else {
            active++;
            converse();
            active--; // not in a finally block: who fails does not come to rest
          }
        }
      }));
    }
    clients.forEach(Task::join);
  }

  /** One connection, cancelled now and then; and timers that are given up. */
  private void converse() {
    try (Sleep abandoned = Timers.sleepAsync(Duration.ofMinutes(30))) {
      var _ = abandoned.poll(() -> {});
      boolean cancel = random.nextInt(4) == 0;
      Task<?> task = Tasks.spawn(this::echoFrames);
      Timers.sleep(Duration.ofMillis(random.nextInt(500)));
      if (cancel) {
        task.close();
      }
      task.join();
    }
  }

  private void echoFrames() {
    begun++;
    connections++;
    int connection = random.nextInt();
    try (TcpStream stream = Timers.withTimeout(Duration.ofSeconds(5), () -> TcpStream.connect(SERVER))) {
      int frames = random.nextInt(1, 30);
      ByteBuffer sent = ByteBuffer.allocate(FRAME);
      ByteBuffer received = ByteBuffer.allocate(FRAME);
      for (int counter = 0; counter < frames && !resting; counter++) {
        sent.clear().putInt(connection).putInt(counter).putInt(connection + counter).flip();
        stream.writeFully(sent);
        receive(stream, received.clear());
        check(received.flip(), connection, counter);
        totals.operations++;
        Timers.sleep(Duration.ofMillis(random.nextInt(200)));
      }
    } catch (AssertionError e) {
      broken = e;
      throw e;
    } catch (CancellationException e) {
      totals.cancels++;
    } catch (DeadlineExceededException e) {
      totals.timeouts++;
    } catch (IOException e) {
      if (harmless) {
        throw new AssertionError("broken by a harmless fault", e);
      }
      totals.failures++;
    } finally {
      connections--;
      ended++;
    }
  }

  /** Each read has a deadline of its own, and goes on after it: what was read is in the buffer. */
  private void receive(TcpStream stream, ByteBuffer frame) throws IOException {
    for (int tries = 0; frame.hasRemaining(); tries++) {
      try {
        boolean more = Timers.withTimeout(Duration.ofMillis(1 + random.nextInt(100)), () -> stream.read(frame) >= 0);
        if (!more) {
          throw new java.io.EOFException("the server has closed " + stream);
        }
      } catch (DeadlineExceededException e) {
        totals.timeouts++;
        if (tries == 1_000) {
          throw e; // lost, or the other end has gone without a word
        }
      }
    }
  }
}
