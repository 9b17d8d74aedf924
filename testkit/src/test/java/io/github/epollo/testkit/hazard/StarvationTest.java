package io.github.epollo.testkit.hazard;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.net.TcpListener;
import io.github.epollo.net.TcpStream;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.testkit.Simulation;
import io.github.epollo.testkit.World;
import io.github.epollo.timers.Timers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Hazard 18: tasks that are always ready. Each of their steps takes a microsecond here, so lateness counts their steps. */
class StarvationTest {
  private static final Duration STEP = Duration.ofNanos(1_000);
  private static final int HOGS = 3;

  /** What a turn of the loop runs at most, before it looks for timers and I/O: 256 pieces of work. */
  private static final int TURN = 256;

  /** How a task keeps the loop busy; and how many steps it makes before others have their turn. */
  private enum Hog {
    YIELDS(1), SLEEPS_FOR_NO_TIME(1), READS_WHAT_IS_THERE(128);

    final int steps;

    Hog(int steps) {
      this.steps = steps;
    }

    void step(TcpStream stream, TcpStream peer) throws Exception {
      switch (this) {
        case YIELDS -> Tasks.yieldNow();
        case SLEEPS_FOR_NO_TIME -> Timers.sleep(Duration.ZERO);
        case READS_WHAT_IS_THERE -> {
          stream.writeFully(ByteBuffer.allocate(1));
          peer.readFully(ByteBuffer.allocate(1));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void timersAndSocketsHaveTheirTurn(Hog hog) {
    for (long seed = 1; seed <= 3; seed++) {
      Simulation.ofSeed(seed).run(world -> {
        try (TcpListener listener = TcpListener.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
            TcpStream client = TcpStream.connect(listener.localAddress());
            TcpStream server = listener.accept()) {
          boolean[] stop = new boolean[1];
          List<Task<?>> hogs = new ArrayList<>();
          for (int i = 0; i < HOGS; i++) {
            hogs.add(Tasks.spawn(() -> run(hog, world, listener, stop)));
          }
          Task<?> echo = Tasks.spawn(() -> {
            ByteBuffer buffer = ByteBuffer.allocate(10);
            while (server.read(buffer.clear()) >= 0) {
              server.writeFully(buffer.flip());
            }
          });
          Timers.sleep(Duration.ofMillis(10)); // all are up
          for (int i = 0; i < 3; i++) {
            assertLate(world, 1_000_000, 1, hog, () -> Timers.sleep(Duration.ofMillis(1)));
            assertLate(world, 0, 2, hog, () -> {
              client.writeFully(ByteBuffer.allocate(10));
              client.readFully(ByteBuffer.allocate(10));
            });
          }
          stop[0] = true;
          hogs.forEach(Task::join);
          client.shutdownOutput();
          echo.join();
        }
      });
    }
  }

  private static void run(Hog hog, World world, TcpListener listener, boolean[] stop) throws Exception {
    try (TcpStream stream = TcpStream.connect(listener.localAddress()); TcpStream peer = listener.accept()) {
      while (!stop[0]) {
        world.time().jump(STEP);
        hog.step(stream, peer);
      }
    }
  }

  private interface Work {
    void run() throws Exception;
  }

  /** Each of {@code waits} may take what is left of one turn, and a whole one after it until the task itself is chosen; and a task that is ready is chosen at random. */
  private static void assertLate(World world, long nanos, int waits, Hog hog, Work work) throws Exception {
    long start = world.time().now();
    work.run();
    long late = world.time().now() - start - nanos;
    assertThat(late).isBetween(0L, 3L * waits * TURN * hog.steps * STEP.toNanos());
  }
}
