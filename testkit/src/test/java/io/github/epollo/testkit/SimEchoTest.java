package io.github.epollo.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.net.TcpListener;
import io.github.epollo.net.TcpStream;
import io.github.epollo.runtime.Body;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.kernel.Kernel;
import io.github.epollo.timers.Timers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Production code on the simulated kernel, unchanged. */
class SimEchoTest {
  private final SimKernel kernel = new SimKernel();

  private static EpolloOptions on(Kernel kernel) {
    return EpolloOptions.defaults().withKernel(kernel);
  }

  private void run(Body body) {
    Epollo.run(on(kernel), body);
    assertThat(kernel.openFds()).as("fds left open").isZero();
  }

  private static InetSocketAddress at(String host, int port) {
    return new InetSocketAddress(InetAddress.ofLiteral(host), port);
  }

  private static void echo(TcpListener listener) throws IOException {
    for (TcpStream stream : listener.incoming()) {
      Task<?> _ = Tasks.spawn(() -> {
        try (stream) {
          ByteBuffer buffer = ByteBuffer.allocate(1000);
          while (stream.read(buffer.clear()) >= 0) {
            stream.writeFully(buffer.flip());
          }
        }
      });
    }
  }

  private static void ask(InetSocketAddress address, int size) throws IOException {
    try (TcpStream stream = TcpStream.connect(address)) {
      byte[] data = new byte[size];
      for (int i = 0; i < size; i++) {
        data[i] = (byte) (31 * i);
      }
      Task<?> writer = Tasks.spawn(() -> {
        stream.writeFully(ByteBuffer.wrap(data));
        stream.shutdownOutput();
      });
      ByteBuffer answer = ByteBuffer.allocate(size + 1);
      while (stream.read(answer) >= 0) {}
      assertThat(answer.flip()).isEqualTo(ByteBuffer.wrap(data));
      Object _ = writer.join();
    }
  }

  @Test
  void anEchoServerAndItsClientOnOneHost() {
    run(() -> {
      try (TcpListener listener = TcpListener.bind(at("127.0.0.1", 0))) {
        Task<?> server = Tasks.spawn(() -> echo(listener));
        ask(at("127.0.0.1", listener.localAddress().getPort()), 1_000_000);
        assertThat(server.cancel()).isNotNull();
      }
    });
  }

  @Test
  void sleepingADayTakesNoTime() {
    run(() -> {
      long before = kernel.time().now();
      Timers.sleep(Duration.ofDays(1));
      assertThat(kernel.time().now() - before).isEqualTo(Duration.ofDays(1).toNanos());
    });
  }

  @Test
  void aPlainThreadAdvancesManualTime() {
    VirtualTime time = kernel.time();
    time.setAutomatic(false);
    try (Epollo epollo = Epollo.start(on(kernel))) {
      StringBuilder log = new StringBuilder();
      CountDownLatch asleep = new CountDownLatch(1);
      Task<?> task = epollo.spawn(() -> {
        asleep.countDown();
        for (int i = 1; i <= 3; i++) {
          Timers.sleep(Duration.ofSeconds(10));
          log.append(i);
        }
      });
      asleep.await();
      time.advance(Duration.ofSeconds(9));
      assertThat(log).isEmpty();
      time.advance(Duration.ofSeconds(11));
      assertThat(log).hasToString("12");
      time.advanceUntilIdle();
      assertThat(task.isDone()).isTrue();
      assertThat(log).hasToString("123");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aTaskAdvancesManualTime() {
    kernel.time().setAutomatic(false);
    run(() -> {
      long before = kernel.time().now();
      StringBuilder log = new StringBuilder();
      Task<?> sleeper = Tasks.spawn(() -> {
        for (int i = 1; i <= 3; i++) {
          Timers.sleep(Duration.ofSeconds(10));
          log.append(i).append(' ').append((kernel.time().now() - before) / 1_000_000_000L).append(' ');
        }
      });
      kernel.time().advance(Duration.ofSeconds(25));
      assertThat(log).hasToString("1 10 2 20 ");
      kernel.time().advanceUntilIdle();
      assertThat(sleeper.isDone()).isTrue();
    });
  }

  @Test
  void anEchoServerAndItsClientOnTwoHosts_withLatency() throws Exception {
    SimNetwork network = new SimNetwork();
    SimKernel server = network.host("10.0.0.1");
    SimKernel client = network.host("10.0.0.2");
    network.latency(Duration.ofMillis(50));
    CountDownLatch bound = new CountDownLatch(1);
    try (Epollo epollo = Epollo.start(on(server))) {
      Task<?> serving = epollo.spawn(() -> {
        try (TcpListener listener = TcpListener.bind(at("10.0.0.1", 80))) {
          bound.countDown();
          echo(listener);
        }
      });
      bound.await();
      Epollo.run(on(client), () -> {
        long before = network.time().now();
        ask(at("10.0.0.1", 80), 100);
        // SYN and its answer; request and answer, each with the end of the stream.
        assertThat(network.time().now() - before).isEqualTo(Duration.ofMillis(200).toNanos());
      });
      assertThat(serving.cancel()).isNotNull();
    }
    assertThat(server.openFds() + client.openFds()).isZero();
  }
}
