package io.github.epollo.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.github.epollo.net.Loopback.Pair;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.testsupport.ProbeKernel;
import java.io.EOFException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an echo on an established connection costs. */
class TcpCostTest {
  private static final int MESSAGE = 64;
  private static final int WARM_UP = 40_000;
  private static final int ROUNDS = 10_000;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aRoundTripAllocatesNothing(boolean direct) {
    assumeTrue(System.getProperty("epollo.test.carrier", "loop").equals("loop"),
        "the JDK's scheduler allocates for each switch");
    long loopThread = Thread.currentThread().threadId(); // Epollo.run puts the loop on it
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Epollo.run(() -> {
      try (Pair pair = Pair.open()) {
        Task<?> server = Tasks.spawn(() -> echo(pair.server(), direct));
        ByteBuffer buffer = direct ? ByteBuffer.allocateDirect(2 * MESSAGE) : ByteBuffer.allocate(2 * MESSAGE);
        ask(pair.client(), buffer, WARM_UP);
        long least = Long.MAX_VALUE;
        long end = System.nanoTime() + 20_000_000_000L;
        while (least >= ROUNDS / 10 && System.nanoTime() - end < 0) { // again while the compiler is not done: until then a system call allocates
          long before = threads.getThreadAllocatedBytes(loopThread);
          ask(pair.client(), buffer, ROUNDS);
          least = Math.min(least, threads.getThreadAllocatedBytes(loopThread) - before);
        }
        assertThat(least / ROUNDS).isZero();
        assertThat(least).isLessThan(ROUNDS / 10); // the measurement itself is not free
        server.cancel().await();
      }
    });
  }

  private static void echo(TcpStream stream, boolean direct) throws IOException {
    ByteBuffer buffer = direct ? ByteBuffer.allocateDirect(4096) : ByteBuffer.allocate(4096);
    while (stream.read(buffer) >= 0) {
      stream.writeFully(buffer.flip());
      buffer.clear();
    }
  }

  /** Reads with room to spare: a read that fills its buffer says nothing of what is left, and the next one has to try. */
  private static void ask(TcpStream stream, ByteBuffer buffer, int rounds) throws IOException {
    for (int i = 0; i < rounds; i++) {
      stream.writeFully(buffer.clear().limit(MESSAGE));
      buffer.clear();
      while (buffer.position() < MESSAGE) {
        if (stream.read(buffer) < 0) {
          throw new EOFException();
        }
      }
    }
  }

  @Test
  void aRoundTripTakesOneReadAndOneWriteOnEachSide() {
    ProbeKernel probe = new ProbeKernel();
    Epollo.run(EpolloOptions.defaults().withKernel(probe.kernel()), () -> {
      try (Pair pair = Pair.open()) {
        Task<?> server = Tasks.spawn(() -> echo(pair.server(), false));
        ByteBuffer buffer = ByteBuffer.allocate(2 * MESSAGE);
        ask(pair.client(), buffer, 10);
        probe.reset();
        ask(pair.client(), buffer, 1000);
        Map<String, Long> calls = probe.calls();
        assertThat(calls.get("send")).isEqualTo(2000);
        // No read answers EAGAIN: after a short one the next only waits.
        assertThat(calls.get("recv")).isBetween(2000L, 2010L);
        assertThat(calls.keySet()).isSubsetOf("recv", "send", "epollWait", "epollCtl", "clockGettime", "write",
            "read");
        if (System.getProperty("epollo.test.carrier", "loop").equals("loop")) {
          assertThat(calls).doesNotContainKeys("write", "read", "epollCtl"); // nothing wakes the loop by its eventfd
          assertThat(calls.get("epollWait")).isLessThan(2100);
        } else if (calls.containsKey("epollCtl")) { // the loop's thread is asked to wait: once for each event, at the most
          assertThat(calls.get("epollCtl")).isLessThan(2100);
        }
        server.cancel().await();
      }
    });
  }

  @Test
  void anIdleConnectionCostsNothing() {
    ProbeKernel probe = new ProbeKernel();
    Epollo.run(EpolloOptions.defaults().withKernel(probe.kernel()), () -> {
      try (Pair pair = Pair.open()) {
        Thread[] thread = new Thread[1];
        Task<Integer> reader = Tasks.spawn(() -> {
          thread[0] = Thread.currentThread();
          return pair.server().read(ByteBuffer.allocate(10));
        });
        Loopback.untilParked(() -> thread[0]);
        probe.reset();
        for (int i = 0; i < 100; i++) {
          Tasks.yieldNow();
        }
        assertThat(probe.calls("recv")).isZero();
        pair.client().writeFully(ByteBuffer.wrap(new byte[3]));
        assertThat(reader.join()).isEqualTo(3);
        assertThat(probe.calls("recv")).isEqualTo(1);
      }
    });
  }
}
