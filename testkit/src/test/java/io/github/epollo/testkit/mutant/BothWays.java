package io.github.epollo.testkit.mutant;

import io.github.epollo.net.TcpListener;
import io.github.epollo.net.TcpStream;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.testkit.Simulation;
import io.github.epollo.timers.Timers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;

/** One task waits to write to a stream and another to read from it; then the peer makes room and sends, both before the loop looks. */
public final class BothWays implements Runnable {
  private static final int SIZE = 1 << 20;

  private final long seed;

  /** With a seed, for {@link MutantLoader}. */
  public BothWays(long seed) {
    this.seed = seed;
  }

  @Override
  public void run() {
    Simulation.ofSeed(seed).withStallLimit(Duration.ofMillis(200)).run(_ -> {
      try (TcpListener listener = TcpListener.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
          TcpStream stream = TcpStream.connect(listener.localAddress());
          TcpStream peer = listener.accept()) {
        ByteBuffer sent = ByteBuffer.allocate(SIZE);
        Task<?> writer = Tasks.spawn(() -> stream.writeFully(sent));
        Task<?> reader = Tasks.spawn(() -> stream.readFully(ByteBuffer.allocate(1)));
        Timers.sleep(Duration.ofMillis(1)); // both wait
        ByteBuffer received = ByteBuffer.allocateDirect(SIZE);
        peer.readFully(received.limit(sent.position())); // all that is on its way: there will be room once, and not again
        peer.writeFully(ByteBuffer.allocate(1));
        peer.readFully(received.limit(SIZE));
        writer.join();
        reader.join();
      }
    });
  }
}
