package io.github.epollo.testkit.mutant;

import io.github.epollo.net.TcpListener;
import io.github.epollo.net.TcpStream;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.testkit.Fault;
import io.github.epollo.testkit.Faults;
import io.github.epollo.testkit.Simulation;
import io.github.epollo.testkit.World;
import io.github.epollo.timers.Timers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;

/** A stream of counters, read by tasks that are cancelled and by reads that time out, often just when something comes. */
public final class StoppedReads implements Runnable {
  private static final InetSocketAddress SERVER = new InetSocketAddress(InetAddress.ofLiteral("10.0.0.2"), 80);
  private static final int COUNTERS = 40;

  private final long seed;
  private final SplittableRandom random;

  /** With a seed, for {@link MutantLoader}. */
  public StoppedReads(long seed) {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
  }

  @Override
  public void run() {
    // When the clock leaps, arrivals and deadlines come together.
    Faults leaps = Faults.none().with(Fault.CLOCK_JUMP, 0.1);
    Simulation.ofSeed(seed).withFaults(leaps).withStallLimit(Duration.ofMillis(200)).run(world -> {
      world.network().latency(Duration.ofMillis(1));
      world.start("10.0.0.2", this::send);
      Timers.sleep(Duration.ofMillis(1));
      try (TcpStream stream = TcpStream.connect(SERVER)) {
        ByteBuffer counters = ByteBuffer.allocate(Integer.BYTES * COUNTERS);
        while (counters.hasRemaining()) {
          Task<?> reader = Tasks.spawn(() -> read(stream, counters));
          Timers.sleep(Duration.ofMillis(random.nextInt(6)));
          reader.close();
          reader.join(); // throws what went wrong
        }
        check(counters.flip());
      }
    });
  }

  private static void check(ByteBuffer counters) {
    for (int i = 0; counters.hasRemaining(); i++) {
      int counter = counters.getInt();
      if (counter != i) {
        throw new AssertionError("out of sync: " + counter + " instead of " + i);
      }
    }
  }

  private void send(World world) throws Exception {
    try (TcpListener listener = TcpListener.bind(SERVER); TcpStream stream = listener.accept()) {
      for (int i = 0; i < COUNTERS; i++) {
        Timers.sleep(Duration.ofMillis(random.nextInt(3)));
        stream.writeFully(ByteBuffer.allocate(Integer.BYTES).putInt(i).flip());
      }
      stream.shutdownOutput();
      int _ = stream.read(ByteBuffer.allocate(1)); // until the reader has had everything
    }
  }

  private void read(TcpStream stream, ByteBuffer target) throws Exception {
    try {
      while (target.hasRemaining()) {
        try {
          Timers.withTimeout(Duration.ofMillis(1 + random.nextInt(3)), () -> {
            if (stream.read(target) < 0) {
              throw new AssertionError("out of sync: " + target.remaining() + " bytes are missing");
            }
          });
        } catch (DeadlineExceededException e) {
          // again
        }
      }
    } catch (CancellationException e) {
      // the next reader goes on
    }
  }
}
