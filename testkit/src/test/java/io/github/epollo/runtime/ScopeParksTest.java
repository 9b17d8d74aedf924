package io.github.epollo.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.net.TcpListener;
import io.github.epollo.net.TcpStream;
import io.github.epollo.testkit.Simulation;
import io.github.epollo.timers.Timers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A task with nested scopes, sockets and a background task is cancelled at its k-th turn, for every k. The simulation finds tasks, fds and timers that are left. */
class ScopeParksTest {
  private static final InetSocketAddress SERVER = new InetSocketAddress(InetAddress.ofLiteral(Simulation.MAIN_HOST),
      80);

  @Test
  void nothingIsLeftWhereverTheOwnerIsCancelled() {
    int uncancelled = 0;
    int cancelled = 0;
    for (int k = 0; k < 120 && uncancelled < 5; k++) {
      int moment = k;
      AtomicInteger open = new AtomicInteger();
      boolean[] ended = new boolean[1];
      Simulation.ofSeed(k).run(_ -> {
        Task<?> owner = Tasks.spawn(() -> work(open));
        for (int i = 0; i < moment; i++) {
          if (i % 7 == 6) {
            Timers.sleep(Duration.ofMillis(1));
          } else {
            Tasks.yieldNow();
          }
        }
        owner.cancel().await();
        assertThat(open).as("children left at turn %s", moment).hasValue(0);
        try {
          Object _ = owner.join();
          ended[0] = true;
        } catch (CancellationException e) {
          // as it should be
        }
      });
      if (ended[0]) {
        uncancelled++;
      } else {
        cancelled++;
      }
    }
    assertThat(cancelled).isGreaterThan(20);
    assertThat(uncancelled).as("turns after its end").isEqualTo(5);
  }

  private static void work(AtomicInteger open) throws Exception {
    try (TcpListener listener = TcpListener.bind(SERVER);
        var scope = TaskScope.open(ScopePolicy.allSucceed(), o -> o.withTimeout(Duration.ofHours(1)))) {
      scope.spawnBackground(() -> counted(open, () -> Timers.sleep(Duration.ofHours(2))));
      scope.spawn(() -> counted(open, () -> {
        try (TcpStream stream = listener.accept(); var inner = TaskScope.open()) {
          inner.spawn(() -> counted(open, () -> stream.readFully(ByteBuffer.allocate(3))));
          inner.spawn(() -> counted(open, () -> stream.writeFully(ByteBuffer.allocate(3))));
          inner.join();
        }
      }));
      scope.spawn(() -> counted(open, () -> {
        try (TcpStream stream = TcpStream.connect(SERVER)) {
          stream.writeFully(ByteBuffer.allocate(3));
          Timers.sleep(Duration.ofMillis(2));
          stream.readFully(ByteBuffer.allocate(3));
        }
      }));
      scope.join();
    }
  }

  private static void counted(AtomicInteger open, Body body) throws Exception {
    open.incrementAndGet();
    try {
      body.run();
    } finally {
      Tasks.shield(() -> Timers.sleep(Duration.ofMillis(1)));
      open.decrementAndGet();
    }
  }
}
