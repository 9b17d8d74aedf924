package io.github.epollo.testkit;

import static io.github.epollo.testkit.SimRuntime.at;
import static io.github.epollo.testkit.SimRuntime.on;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.net.TcpListener;
import io.github.epollo.net.TcpStream;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.timers.Timers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class SimNetworkTest {
  private final SimNetwork network = new SimNetwork();
  private final SimKernel a = network.host("10.0.0.1");
  private final SimKernel b = network.host("10.0.0.2");

  private interface Client {
    void use(TcpStream stream) throws Exception;
  }

  /** Host b sends {@code greeting} at once, and reads until the end or a failure, whose name is the result. */
  private String talk(String greeting, Client client) throws InterruptedException {
    CountDownLatch bound = new CountDownLatch(1);
    try (Epollo epollo = Epollo.start(on(b))) {
      Task<String> server = epollo.spawn(() -> {
        try (TcpListener listener = TcpListener.bind(at("10.0.0.2", 80))) {
          bound.countDown();
          try (TcpStream stream = listener.accept()) {
            stream.writeFully(ByteBuffer.wrap(greeting.getBytes(US_ASCII)));
            ByteBuffer got = ByteBuffer.allocate(100);
            while (stream.read(got) >= 0) {}
            return "end after " + got.position();
          }
        } catch (IOException e) {
          return String.valueOf(e.getMessage());
        }
      });
      bound.await();
      Epollo.run(on(a), () -> {
        try (TcpStream stream = TcpStream.connect(at("10.0.0.2", 80))) {
          client.use(stream);
        }
      });
      return server.join();
    }
  }

  private static String read(TcpStream stream, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count);
    stream.readFully(buffer);
    return new String(buffer.array(), US_ASCII);
  }

  private long seconds() {
    return network.time().now() / 1_000_000_000L - 1000;
  }

  @Test
  void aHostHasItsOwnLoopback() {
    Epollo.run(on(b), () -> {
      try (TcpListener listener = TcpListener.bind(at("127.0.0.1", 80))) {
        assertThat(listener.isOpen()).isTrue();
        assertThatThrownBy(() -> Epollo.start(on(a)).call(() -> TcpStream.connect(at("127.0.0.1", 80))))
            .hasMessageContaining("ECONNREFUSED");
        assertThatThrownBy(() -> TcpListener.bind(at("10.0.0.1", 81))).hasMessageContaining("EADDRNOTAVAIL");
      }
    });
  }

  @Test
  void aPartitionHoldsEverything_andLosesNothing() throws Exception {
    network.latency(a, b, Duration.ofMillis(10));
    String end = talk("hello", stream -> {
      assertThat(read(stream, 5)).isEqualTo("hello");
      network.partition(a, b);
      stream.writeFully(ByteBuffer.wrap(new byte[20]));
      Timers.sleep(Duration.ofMinutes(10));
      stream.writeFully(ByteBuffer.wrap(new byte[30]));
      network.repair(a, b);
    });
    assertThat(end).isEqualTo("end after 50");
  }

  @Test
  void whatIsOnItsWayWhenTheLinkIsCut_waitsToo() throws Exception {
    network.latency(Duration.ofMillis(10));
    long[] at = new long[1];
    String end = talk("hello", stream -> {
      network.partition(a, b); // the greeting is still on its way
      Task<?> repair = Tasks.spawn(() -> {
        Timers.sleep(Duration.ofSeconds(100));
        network.repair(a, b);
      });
      assertThat(read(stream, 5)).isEqualTo("hello");
      at[0] = seconds();
      assertThat(repair.join()).isNull();
    });
    assertThat(at[0]).isEqualTo(100);
    assertThat(end).isEqualTo("end after 0");
  }

  /** Connects again and again, and answers in which second it first could. */
  private long connectedAt() {
    Epollo.run(on(b), () -> {
      try (TcpListener listener = TcpListener.bind(at("10.0.0.2", 80))) {
        Epollo.start(on(a)).call(() -> {
          while (true) {
            try (TcpStream stream = Timers.withTimeout(Duration.ofSeconds(5),
                () -> TcpStream.connect(at("10.0.0.2", 80)))) {
              return stream.isOpen();
            } catch (io.github.epollo.runtime.future.DeadlineExceededException e) {
              // not yet
            }
          }
        });
        assertThat(listener.isOpen()).isTrue();
      }
    });
    return seconds();
  }

  @Test
  void aShorterPartitionDoesNotEndALongerOne() {
    network.partition(a, b, Duration.ofSeconds(60));
    network.partition(a, b, Duration.ofSeconds(1));
    assertThat(connectedAt()).isEqualTo(60);
  }

  @Test
  void aTimedPartitionDoesNotEndOneWithoutEnd_aRepairEndsBoth() {
    network.partition(a, b);
    network.partition(a, b, Duration.ofSeconds(1));
    network.time().advance(Duration.ofSeconds(100));
    Epollo.run(on(a), () -> assertThatThrownBy(() -> TcpStream.connect(at("10.0.0.2", 80)))
        .hasMessageContaining("ETIMEDOUT"));
    network.partition(a, b, Duration.ofSeconds(1_000));
    network.repair(a, b);
    Epollo.run(on(a), () -> assertThatThrownBy(() -> TcpStream.connect(at("10.0.0.2", 80)))
        .hasMessageContaining("ECONNREFUSED"));
  }

  @Test
  void thereAreNoNegativeTimes() {
    Duration negative = Duration.ofNanos(-1);
    assertThatThrownBy(() -> network.partition(a, b, negative)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> network.latency(negative)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> network.latency(a, b, negative)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT-0.000000001S");
  }

  @Test
  void aConnectIntoAPartition_timesOut() throws Exception {
    network.partition(a, b);
    Epollo.run(on(a), () -> assertThatThrownBy(() -> TcpStream.connect(at("10.0.0.2", 80)))
        .hasMessageContaining("ETIMEDOUT"));
    assertThat(seconds()).isEqualTo(127);
    Epollo.run(on(a), () -> assertThatThrownBy(() -> TcpStream.connect(at("10.9.9.9", 80)))
        .hasMessageContaining("ETIMEDOUT"));
  }

  @Test
  void aConnectThatWasGivenUp_isNotMadeAfterTheRepair() {
    network.partition(a, b);
    Epollo.run(on(b), () -> {
      try (TcpListener listener = TcpListener.bind(at("10.0.0.2", 80))) {
        Epollo.start(on(a)).call(() -> assertThatThrownBy(
            () -> Timers.withTimeout(Duration.ofSeconds(5), () -> TcpStream.connect(at("10.0.0.2", 80)))));
        network.repair(a, b);
        assertThatThrownBy(() -> Timers.withTimeout(Duration.ofSeconds(5), listener::accept));
      }
    });
    assertThat(b.openFds()).isZero();
  }

  @Test
  void aReset() throws Exception {
    String end = talk("hello", stream -> {
      assertThat(read(stream, 5)).isEqualTo("hello");
      network.reset(a, b);
      assertThatThrownBy(() -> read(stream, 1)).hasMessageContaining("ECONNRESET");
    });
    assertThat(end).contains("ECONNRESET");
  }

  @Test
  void aShorterLatencyOvertakesNothing() throws Exception {
    network.latency(a, b, Duration.ofSeconds(10));
    String end = talk("hello", stream -> {
      stream.writeFully(ByteBuffer.wrap(new byte[1]));
      network.latency(a, b, Duration.ZERO);
      stream.writeFully(ByteBuffer.wrap(new byte[1]));
      stream.shutdownOutput();
      assertThat(read(stream, 5)).isEqualTo("hello");
    });
    assertThat(end).isEqualTo("end after 2");
  }

  @Test
  void addresses() {
    assertThatThrownBy(() -> network.host("10.0.0.1")).hasMessageContaining("10.0.0.1");
    assertThatThrownBy(() -> network.host("127.0.0.1")).hasMessageContaining("127.0.0.1");
    assertThatThrownBy(() -> network.host("::1")).hasMessageContaining("::1");
    assertThatThrownBy(() -> network.partition(a, a)).isInstanceOf(IllegalArgumentException.class);
    assertThat(a).hasToString("SimKernel 10.0.0.1");
  }
}
