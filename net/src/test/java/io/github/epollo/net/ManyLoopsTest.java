package io.github.epollo.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.Sockets;
import io.github.epollo.runtime.loop.Loop;
import io.github.epollo.runtime.loop.LoopMetrics;
import io.github.epollo.testsupport.ProbeKernel;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hazards 8 and 9: connections and several loops. */
@SuppressWarnings("try")
class ManyLoopsTest {
  private static final int LOOPS = 3;
  private static final EpolloOptions OPTIONS = EpolloOptions.defaults().withLoops(LOOPS);

  /** Says one byte to each connection; counts them. */
  private static void greet(TcpListener listener, AtomicIntegerArray greeted) throws IOException {
    for (TcpStream stream : listener.incoming()) {
      assertThat(stream.toString()).isNotNull();
      greeted.incrementAndGet(listener.loop().index());
      try (stream) {
        int _ = stream.write(java.nio.ByteBuffer.wrap(new byte[]{42}));
      }
    }
  }

  /** Whether the server greeted; false if it reset the connection. Throws if it does not do either. */
  private static boolean isGreeted(Socket client) throws IOException {
    try (client) {
      client.setSoTimeout(20_000);
      return client.getInputStream().read() == 42;
    } catch (SocketException e) {
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1", "::"})
  void theKernelSpreadsConnectionsOverTheLoops(String host) {
    int clients = 300;
    Epollo.run(OPTIONS, () -> {
      AtomicIntegerArray greeted = new AtomicIntegerArray(LOOPS);
      List<Task<?>> acceptors = new ArrayList<>();
      try (PerLoopListener port = TcpListener.bindPerLoop(Loopback.address(host, 0))) {
        assertThat(port.listeners()).hasSize(LOOPS);
        for (TcpListener listener : port.listeners()) {
          assertThat(listener.localAddress()).isEqualTo(port.localAddress());
          acceptors.add(Tasks.spawnOn(listener.loop(), () -> greet(listener, greeted)));
        }
        InetSocketAddress address = Loopback.address(host.equals("::") ? "::1" : host, port.localAddress().getPort());
        int _ = Tasks.blocking(() -> {
          for (int i = 0; i < clients; i++) {
            assertThat(isGreeted(new Socket(address.getAddress(), address.getPort()))).isTrue();
          }
          return clients;
        });
        assertThat(port.isOpen()).isTrue();
        port.close();
        assertThat(port.isOpen()).isFalse();
      }
      acceptors.forEach(Task::join);
      int sum = 0;
      for (int i = 0; i < LOOPS; i++) {
        sum += greeted.get(i);
        assertThat(greeted.get(i)).as("connections of loop %d", i).isGreaterThan(clients / LOOPS / 3); // a third of its share
      }
      assertThat(sum).isEqualTo(clients);
    });
  }

  /** Hazard 8: a connection wakes the loop that gets it, and no other. */
  @Test
  @EnabledIfSystemProperty(named = "epollo.test.carrier", matches = "loop")
  void aConnectionWakesOneLoop() {
    int clients = 300;
    Epollo.run(OPTIONS, () -> {
      AtomicIntegerArray greeted = new AtomicIntegerArray(LOOPS);
      try (PerLoopListener port = TcpListener.bindPerLoop(Loopback.address("127.0.0.1", 0))) {
        List<Task<?>> acceptors = new ArrayList<>();
        port.listeners().forEach(l -> acceptors.add(Tasks.spawnOn(l.loop(), () -> greet(l, greeted))));
        InetSocketAddress address = port.localAddress();
        long woken = Tasks.blocking(() -> {
          long before = waits();
          for (int i = 0; i < clients; i++) {
            assertThat(isGreeted(new Socket(address.getAddress(), address.getPort()))).isTrue();
          }
          return waits() - before;
        });
        assertThat(woken).isBetween(clients / 2L, clients * 11L / 10); // several may come before a loop waits again
        port.close();
        acceptors.forEach(Task::join);
      }
    });
  }

  /** How often the loops have waited. */
  private static long waits() {
    return Epollo.all().stream().flatMap(e -> e.metrics().loops().stream()).mapToLong(LoopMetrics::waits).sum();
  }

  @Test
  void bindsAllOrNone() {
    for (int refused = 1; refused <= LOOPS; refused++) {
      int nth = refused;
      ProbeKernel probe = new ProbeKernel().on("bind",
          call -> call.nth() == nth ? -Errno.EADDRINUSE : call.real());
      Epollo.run(OPTIONS.withKernel(probe.kernel()), () -> {
        long before = Loopback.sockets();
        assertThatThrownBy(() -> TcpListener.bindPerLoop(Loopback.address("127.0.0.1", 0)))
            .isInstanceOf(BindException.class).hasMessageContaining("EADDRINUSE");
        assertThat(Loopback.sockets()).isEqualTo(before);
      });
    }
    assertThatThrownBy(() -> TcpListener.bindPerLoop(Loopback.address("127.0.0.1", 0)))
        .isInstanceOf(IllegalStateException.class).hasMessageContaining("no Epollo runtime");
  }

  @Test
  void oneListenerHandsConnectionsToTheLoops() {
    Epollo.run(OPTIONS, () -> {
      Epollo epollo = Epollo.current();
      try (TcpListener listener = Loopback.listen()) {
        List<TcpStream> streams = new ArrayList<>();
        for (Loop loop : epollo.loops()) {
          long before = loop.driver().polls();
          TcpStream client = TcpStream.connect(listener.localAddress());
          boolean direct = loop.index() % 2 == 0;
          TcpStream server = direct ? listener.acceptOn(loop) : listener.acceptOnAsync(loop).await();
          Task<Integer> reader = epollo.spawnOn(loop, () -> server.read(java.nio.ByteBuffer.allocate(8)));
          Loopback.until("the reader waits", () -> reader.toString() != null && loop.driver().polls() > before);
          int _ = client.write(java.nio.ByteBuffer.wrap(new byte[3]));
          assertThat(reader.join()).isEqualTo(3);
          assertThat(loop.driver().openRegistrations()).contains("fd");
          streams.add(client);
          streams.add(server);
        }
        streams.forEach(TcpStream::close);
      }
    });
  }

  /** Hazard 9: what a listener has queued is lost when it is closed, and is not when it is drained. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aDrainedListenerGivesOutWhatItHasQueued(boolean drain) {
    int clients = 90;
    Epollo.run(OPTIONS, () -> {
      AtomicIntegerArray greeted = new AtomicIntegerArray(LOOPS);
      try (PerLoopListener port = TcpListener.bindPerLoop(Loopback.address("127.0.0.1", 0))) {
        List<Socket> waiting = connect(port, clients); // nobody accepts yet
        TcpListener leaving = port.listeners().getFirst();
        List<TcpListener> staying = port.listeners().subList(1, LOOPS);
        if (drain) {
          leaving.drain();
          assertThat(leaving.isOpen()).isTrue();
        } else {
          leaving.close();
        }
        Task<?> left = Tasks.spawnOn(leaving.loop(), () -> greet(leaving, greeted));
        left.join(); // ends, since the listener closes
        assertThat(leaving.isOpen()).isFalse();
        List<Socket> later = connect(port, clients);
        List<Task<?>> acceptors = new ArrayList<>();
        staying.forEach(l -> acceptors.add(Tasks.spawnOn(l.loop(), () -> greet(l, greeted))));
        int lost = Tasks.blocking(() -> {
          int resets = 0;
          for (Socket client : waiting) {
            resets += isGreeted(client) ? 0 : 1;
          }
          for (Socket client : later) {
            assertThat(isGreeted(client)).isTrue();
          }
          return resets;
        });
        if (drain) {
          assertThat(lost).isZero();
          assertThat(greeted.get(0)).isPositive();
        } else {
          assertThat(lost).isPositive();
        }
        port.drain();
        acceptors.forEach(Task::join);
        assertThat(port.isOpen()).isFalse();
      }
    });
  }

  private static List<Socket> connect(PerLoopListener port, int count) {
    return Tasks.blocking(() -> {
      List<Socket> clients = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        clients.add(new Socket(port.localAddress().getAddress(), port.localAddress().getPort()));
      }
      return clients;
    });
  }

  /** Hazard 9 under load: listeners come and go in turn, while clients connect as fast as they can, and send nothing from which they could learn that nobody knows them. */
  @Test
  void rollingDrainsUnderLoadLoseNobody() {
    int drains = 8;
    int threads = 2;
    Epollo.run(OPTIONS, () -> {
      AtomicIntegerArray greeted = new AtomicIntegerArray(LOOPS);
      AtomicInteger lost = new AtomicInteger();
      AtomicInteger connected = new AtomicInteger();
      boolean[] stop = new boolean[1];
      try (PerLoopListener port = TcpListener.bindPerLoop(Loopback.address("127.0.0.1", 0))) {
        List<TcpListener> staying = port.listeners().subList(1, LOOPS);
        staying.forEach(l -> Tasks.spawnOn(l.loop(), () -> greet(l, greeted)));
        port.listeners().getFirst().close();
        List<Task<?>> clients = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
          clients.add(Tasks.spawn(() -> Tasks.blocking(() -> {
            while (!stop[0]) {
              connected.incrementAndGet();
              if (!isConnectedAndGreeted(port.localAddress())) {
                lost.incrementAndGet();
              }
            }
            return lost;
          })));
        }
        for (int i = 0; i < drains; i++) {
          Loop loop = Epollo.current().loop();
          TcpListener passing = TcpListener.bind(port.localAddress(), ListenOptions.defaults().withReusePort(true));
          int before = greeted.get(loop.index());
          Task<?> acceptor = Tasks.spawnOn(loop, () -> greet(passing, greeted));
          Loopback.until("it has accepted", () -> greeted.get(loop.index()) > before + 5);
          passing.drain();
          acceptor.join();
        }
        stop[0] = true;
        clients.forEach(Task::join);
      }
      System.out.println("rolling drains: " + drains + ", connections: " + connected + ", lost: " + lost);
      assertThat(connected.get()).isGreaterThan(drains * 5);
      assertThat(lost.get()).isZero();
    });
  }

  /** A reset may also come before the client has noticed that it is connected. Nobody may be refused: there is always a listener. */
  private static boolean isConnectedAndGreeted(InetSocketAddress address) throws IOException {
    Socket client;
    try {
      client = new Socket(address.getAddress(), address.getPort());
    } catch (ConnectException e) {
      throw e;
    } catch (SocketException e) {
      return false;
    }
    return isGreeted(client);
  }

  /** A task that does not let go of its loop holds the connections of the others no more than for some milliseconds. */
  @Test
  @EnabledIfSystemProperty(named = "epollo.test.carrier", matches = "loop")
  void connectionsOfALoopThatIsHeldAreServed() {
    Epollo.run(OPTIONS, () -> {
      Epollo epollo = Epollo.current();
      Loop held = epollo.loops().getLast();
      AtomicBoolean release = new AtomicBoolean();
      AtomicBoolean began = new AtomicBoolean();
      try (TcpListener listener = Loopback.listen();
          TcpStream client = TcpStream.connect(listener.localAddress())) {
        Task<?> server = epollo.spawnOn(held, () -> {
          TcpStream stream = listener.accept();
          assertThat(stream.toString()).isNotEmpty();
          return Tasks.spawn(() -> SnippetsTest.echo(stream)); // not pinned
        }).join();
        Task<?> hog = epollo.spawnOn(held, () -> {
          began.set(true);
          while (!release.get()) {
            Thread.onSpinWait();
          }
        });
        Loopback.until("the loop is held", began::get);
        java.nio.ByteBuffer answer = java.nio.ByteBuffer.allocate(4);
        for (int i = 0; i < 100; i++) {
          client.writeFully(java.nio.ByteBuffer.allocate(4).putInt(i).flip());
          client.readFully(answer.clear());
          assertThat(answer.getInt(0)).isEqualTo(i);
        }
        assertThat(hog.isDone()).isFalse();
        release.set(true);
        client.close();
        server.join();
      }
    });
  }

  @Test
  void aDrainingListenerTakesNobodyNew() {
    Epollo.run(OPTIONS, () -> {
      try (TcpListener listener = Loopback.listen(); Socket queued = new Socket()) {
        queued.connect(listener.localAddress());
        listener.drain();
        try (Socket late = new Socket()) {
          assertThatThrownBy(() -> late.connect(listener.localAddress(), 100))
              .isInstanceOf(SocketTimeoutException.class);
        }
        assertThat(listener.isOpen()).isTrue();
        listener.accept().close();
        assertThatThrownBy(listener::accept).isInstanceOf(ClosedChannelException.class);
      }
    });
  }

  /** A sandbox may know no filters. */
  @Test
  void aDrainWithoutAFilterTakesWhoComesUntilItEnds() {
    ProbeKernel probe = new ProbeKernel().on("setsockopt",
        call -> call.intArg(2) == Sockets.SO_ATTACH_FILTER ? -Errno.ENOPROTOOPT : call.real());
    Epollo.run(OPTIONS.withKernel(probe.kernel()), () -> {
      try (TcpListener listener = Loopback.listen()) {
        listener.drain();
        try (TcpStream client = TcpStream.connect(listener.localAddress()); TcpStream server = listener.accept()) {
          assertThat(server.localAddress()).isEqualTo(client.remoteAddress());
        }
        assertThatThrownBy(listener::accept).isInstanceOf(ClosedChannelException.class);
      }
    });
  }

  @Test
  void drainEndsWhoWaitsForAConnection() {
    Epollo.run(OPTIONS, () -> {
      for (boolean async : new boolean[]{false, true}) {
        TcpListener listener = Loopback.listen();
        Thread[] thread = new Thread[1];
        Task<?> acceptor = Tasks.spawn(() -> {
          thread[0] = Thread.currentThread();
          assertThatThrownBy(() -> {
            if (async) {
              listener.acceptAsync().await();
            } else {
              listener.accept();
            }
          }).isInstanceOfAny(ClosedChannelException.class, java.io.UncheckedIOException.class);
        });
        Loopback.untilParked(() -> thread[0]);
        listener.drain();
        acceptor.join();
        assertThat(listener.isOpen()).isFalse();
        listener.drain();
        listener.close();
      }
    });
  }
}
