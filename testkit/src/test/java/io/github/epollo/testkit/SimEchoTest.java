package io.github.epollo.testkit;

import static io.github.epollo.testkit.SimRuntime.ask;
import static io.github.epollo.testkit.SimRuntime.at;
import static io.github.epollo.testkit.SimRuntime.echo;
import static io.github.epollo.testkit.SimRuntime.on;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.net.ListenOptions;
import io.github.epollo.net.TcpListener;
import io.github.epollo.net.TcpStream;
import io.github.epollo.runtime.Body;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.kernel.Kernel;
import io.github.epollo.runtime.kernel.Sockets;
import io.github.epollo.testsupport.ProbeKernel;
import io.github.epollo.timers.Timers;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Production code on the simulated kernel, unchanged. */
class SimEchoTest {
  private static final int LISTENERS = 8;

  private final SimKernel kernel = new SimKernel();

  private void run(Body body) {
    Epollo.run(on(kernel), body);
    assertThat(kernel.openFds()).as("fds left open").isZero();
  }

  @Test
  void aServerAndItsClientOnOneHost() {
    run(() -> {
      for (String host : List.of("127.0.0.1", "::1", "10.0.0.1")) {
        try (TcpListener listener = TcpListener.bind(at(host, 0))) {
          Task<?> server = Tasks.spawn(() -> echo(listener));
          ask(at(host, listener.localAddress().getPort()), 1_000_000);
          assertThat(server.cancel()).isNotNull();
        }
      }
    });
  }

  @Test
  void aWildcardListenerTakesBothFamilies() {
    run(() -> {
      try (TcpListener listener = TcpListener.bind(at("::", 80))) {
        Task<?> server = Tasks.spawn(() -> echo(listener));
        ask(at("127.0.0.1", 80), 10);
        ask(at("::1", 80), 10);
        assertThat(server.cancel()).isNotNull();
      }
    });
  }

  /** Hazard 33: buffers of the least size, and a latency, so that every write is cut. */
  @Test
  void tinyBuffers() {
    SimNetwork network = new SimNetwork();
    network.latency(Duration.ofMillis(1));
    ProbeKernel client = new ProbeKernel(network.host("10.0.0.2"));
    client.on("socket", call -> {
      long fd = call.real();
      try (Calls calls = new Calls(client.kernel())) {
        assertThat(calls.set((int) fd, Sockets.SOL_SOCKET, Sockets.SO_SNDBUF, 1)).isZero();
      }
      return fd;
    });
    withServer(network.host("10.0.0.1"), ListenOptions.defaults().withReceiveBufferSize(1), client.kernel(),
        () -> ask(at("10.0.0.1", 80), 100_000));
    assertThat(client.calls("send")).isGreaterThan(40);
  }

  private static void withServer(SimKernel server, ListenOptions options, Kernel client, Body body) {
    CountDownLatch bound = new CountDownLatch(1);
    try (Epollo epollo = Epollo.start(on(server))) {
      Task<?> serving = epollo.spawn(() -> {
        try (TcpListener listener = TcpListener.bind(at("10.0.0.1", 80), options)) {
          bound.countDown();
          echo(listener);
        }
      });
      bound.await();
      Epollo.run(on(client), body);
      assertThat(serving.cancel()).isNotNull();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    assertThat(server.openFds()).isZero();
  }

  @Test
  void aServerAndItsClientOnTwoHosts() {
    SimNetwork network = new SimNetwork();
    network.latency(Duration.ofMillis(50));
    withServer(network.host("10.0.0.1"), ListenOptions.defaults(), network.host("10.0.0.2"), () -> {
      long before = network.time().now();
      ask(at("10.0.0.1", 80), 100);
      // SYN and its answer; request and answer, each with the end of the stream.
      assertThat(network.time().now() - before).isEqualTo(Duration.ofMillis(200).toNanos());
    });
  }

  @Test
  void nobodyListens() {
    run(() -> assertThatThrownBy(() -> TcpStream.connect(at("127.0.0.1", 80))).isInstanceOf(ConnectException.class)
        .hasMessageContaining("ECONNREFUSED"));
  }

  @Test
  void aReadIsCancelled_andLosesNothing() {
    run(() -> {
      try (TcpListener listener = TcpListener.bind(at("127.0.0.1", 0));
          TcpStream client = TcpStream.connect(listener.localAddress());
          TcpStream server = listener.accept()) {
        ByteBuffer buffer = ByteBuffer.allocate(10);
        Task<?> reader = Tasks.spawn(() -> server.read(buffer));
        Timers.sleep(Duration.ofHours(1));
        assertThat(reader.isDone()).isFalse();
        assertThat(reader.cancel()).isNotNull();
        assertThatThrownBy(reader::join).isInstanceOf(CancellationException.class);
        client.writeFully(ByteBuffer.wrap(new byte[7]));
        assertThat(server.read(buffer)).isEqualTo(7);
      }
    });
  }

  /** Hazard 10, and the order in which those are woken who paused. */
  @Test
  void outOfFds_acceptingPausesAndGoesOnInOrder() {
    List<Integer> accepted = new ArrayList<>();
    run(() -> {
      Timers.sleep(Duration.ofMillis(1)); // has the loop open its timerfd
      List<TcpListener> listeners = new ArrayList<>();
      List<TcpStream> streams = new ArrayList<>();
      List<Task<?>> tasks = new ArrayList<>();
      for (int i = 0; i < LISTENERS; i++) {
        int number = i;
        TcpListener listener = TcpListener.bind(at("127.0.0.1", 1000 + i));
        listeners.add(listener);
        tasks.add(Tasks.spawn(() -> {
          streams.add(listener.accept());
          accepted.add(number);
        }));
        Tasks.yieldNow();
      }
      for (int i = 0; i < LISTENERS; i++) {
        streams.add(TcpStream.connect(at("127.0.0.1", 1000 + i)));
        if (i == 0) {
          assertThat(tasks.getFirst().join()).isNull();
          kernel.limitFds(kernel.openFds() + 3 + LISTENERS - 1);
        }
      }
      long before = kernel.time().now();
      Timers.sleep(Duration.ofMillis(50));
      assertThat(accepted).containsExactly(0);
      kernel.limitFds(1000);
      for (Task<?> task : tasks) {
        assertThat(task.join()).isNull();
      }
      assertThat(kernel.time().now() - before).isBetween(50_000_000L, 100_000_000L);
      streams.forEach(TcpStream::close);
      for (TcpListener listener : listeners) {
        listener.close();
      }
    });
    assertThat(accepted).isSorted().hasSize(LISTENERS);
  }

  @Test
  void manyConnections_oneAfterAnother_doNotRunOutOfPorts() {
    run(() -> {
      try (TcpListener listener = TcpListener.bind(at("127.0.0.1", 80))) {
        for (int i = 0; i < 30_000; i++) {
          try (TcpStream client = TcpStream.connect(at("127.0.0.1", 80)); TcpStream server = listener.accept()) {
            assertThat(server.isOpen() && client.isOpen()).isTrue();
          }
        }
      }
    });
  }
}
