package io.github.epollo.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.net.Loopback.Pair;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.loop.Loop;
import java.io.EOFException;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every operation that waits, over both families, in both styles, with every kind of buffer. */
@SuppressWarnings("try") // closing early is what is tested
class TcpEchoTest {
  private static final int SIZE = 300_000; // more than the scratch memory, more than a socket takes at once

  @Test
  void runsOnTheCarrierThatTheBuildAsksFor() {
    String carrier = System.getProperty("epollo.test.carrier", "loop");
    Epollo.run(() -> assertThat(Loop.current().carriesTasks()).isEqualTo(carrier.equals("loop")));
  }

  static Stream<Arguments> kinds() {
    List<Arguments> all = new ArrayList<>();
    for (String host : Loopback.HOSTS) {
      for (boolean async : new boolean[]{false, true}) {
        for (boolean direct : new boolean[]{false, true}) {
          all.add(Arguments.of(host, async, direct));
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void bytesArriveInOrder(String host, boolean async, boolean direct) {
    Epollo.run(() -> {
      try (Pair pair = Pair.open(host)) {
        ByteBuffer sent = pattern(direct);
        ByteBuffer got = buffer(direct, SIZE);
        Task<?> writer = Tasks.spawn(() -> {
          if (async) {
            pair.client().writeFullyAsync(sent).await();
          } else {
            pair.client().writeFully(sent);
          }
          pair.client().shutdownOutput();
        });
        if (async) {
          assertThat(pair.server().peekAsync(buffer(direct, 10)).await()).isPositive();
          int first = pair.server().readAsync(got).await();
          assertThat(first).isPositive();
          pair.server().readFullyAsync(got).await();
          assertThat(pair.server().readAsync(buffer(direct, 10)).await()).isEqualTo(-1);
        } else {
          ByteBuffer ahead = buffer(direct, 10);
          assertThat(pair.server().peek(ahead)).isEqualTo(10);
          assertThat(ahead.get(9)).isEqualTo((byte) 9);
          pair.server().readFully(got);
          assertThat(pair.server().read(buffer(direct, 10))).isEqualTo(-1);
          assertThat(pair.server().peek(buffer(direct, 10))).isEqualTo(-1);
        }
        writer.join();
        assertThat(got.flip()).isEqualTo(pattern(false));
      }
    });
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void vectorsKeepTheirOrder(String host, boolean async, boolean direct) {
    Epollo.run(() -> {
      try (Pair pair = Pair.open(host)) {
        ByteBuffer[] sent = slices(pattern(direct), 7, 0, 70_000, 1, 200_000);
        ByteBuffer[] got = {buffer(!direct, 3), buffer(direct, 100_000), buffer(!direct, 0), buffer(direct, SIZE)};
        Task<?> writer = Tasks.spawn(() -> {
          if (async) {
            pair.client().writeFullyAsync(sent).await();
          } else {
            pair.client().writeFully(sent);
          }
        });
        long n = 0;
        while (n < SIZE) {
          n += async ? pair.server().readAsync(got).await() : pair.server().read(got);
        }
        writer.join();
        ByteBuffer joined = ByteBuffer.allocate(SIZE);
        for (ByteBuffer part : got) {
          joined.put(part.flip());
        }
        assertThat(joined.flip()).isEqualTo(pattern(false));
      }
    });
  }

  /** What of a heap buffer does not fit into the scratch memory must not be overtaken by a direct one behind it. */
  @Test
  void aLargeHeapBufferIsNotOvertakenByADirectOne() {
    Epollo.run(() -> {
      try (Pair pair = Pair.open()) {
        ByteBuffer heap = pattern(false).limit(70_000);
        ByteBuffer tail = pattern(true).position(70_000);
        Task<?> writer = Tasks.spawn(() -> pair.client().writeFully(heap, tail));
        ByteBuffer[] got = {ByteBuffer.allocate(70_000), ByteBuffer.allocateDirect(SIZE - 70_000)};
        long n = 0;
        while (n < SIZE) {
          n += pair.server().read(got);
        }
        writer.join();
        assertThat(got[0].flip()).isEqualTo(pattern(false).limit(70_000));
        assertThat(got[1].flip()).isEqualTo(pattern(false).position(70_000));
      }
    });
  }

  @Test
  void moreBuffersThanTheKernelTakesAtOnce() {
    Epollo.run(() -> {
      try (Pair pair = Pair.open()) {
        ByteBuffer[] sent = new ByteBuffer[3000];
        for (int i = 0; i < sent.length; i++) {
          sent[i] = ByteBuffer.wrap(new byte[]{(byte) i});
        }
        pair.client().writeFully(sent);
        ByteBuffer got = ByteBuffer.allocate(sent.length);
        pair.server().readFully(got);
        for (int i = 0; i < sent.length; i++) {
          assertThat(got.get(i)).isEqualTo((byte) i);
        }
      }
    });
  }

  @Test
  void writesReadOnlyBuffersAndEmptyOnes() {
    Epollo.run(() -> {
      try (Pair pair = Pair.open()) {
        assertThat(pair.client().write(ByteBuffer.allocate(0))).isZero();
        assertThat(pair.client().write(new ByteBuffer[]{ByteBuffer.allocate(0)})).isZero();
        assertThat(pair.client().read(ByteBuffer.allocate(0))).isZero();
        pair.client().writeFully(ByteBuffer.wrap(new byte[]{1, 2}).asReadOnlyBuffer(),
            ByteBuffer.allocateDirect(1).asReadOnlyBuffer());
        ByteBuffer got = ByteBuffer.allocate(3);
        pair.server().readFully(got);
        assertThat(got.array()).containsExactly(1, 2, 0);
      }
    });
  }

  @Test
  void readFullyTellsHowFarItGot() {
    Epollo.run(() -> {
      try (Pair pair = Pair.open()) {
        pair.client().writeFully(ByteBuffer.wrap(new byte[3]));
        pair.client().close();
        ByteBuffer got = ByteBuffer.allocate(8);
        Assertions.assertThatExceptionOfType(EOFException.class).isThrownBy(() -> pair.server().readFully(got))
            .withMessageContaining("3 of 8 bytes");
        assertThat(got.position()).isEqualTo(3);
      }
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void bothSidesKnowTheAddresses(String host) {
    Epollo.run(() -> {
      try (TcpListener listener = Loopback.listen(host);
          TcpStream client = TcpStream.connectAsync(listener.localAddress()).await();
          TcpStream server = listener.acceptAsync().await()) {
        assertThat(client.remoteAddress()).isEqualTo(listener.localAddress());
        assertThat(server.localAddress()).isEqualTo(listener.localAddress());
        assertThat(server.remoteAddress()).isEqualTo(client.localAddress());
        client.close();
        assertThat(server.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        assertThat(server.remoteAddress()).isNotNull();
        assertThat(server).hasToString("TcpStream[" + text(host, server.localAddress()) + " -> "
            + text(host, server.remoteAddress()) + "]");
      }
    });
  }

  private static String text(String host, InetSocketAddress address) {
    return host.equals("::1") ? "[0:0:0:0:0:0:0:1]:" + address.getPort() : host + ":" + address.getPort();
  }

  @Test
  void theWildcardTakesBothFamiliesAndShowsIpv4AsSuch() {
    Epollo.run(() -> {
      try (TcpListener listener = TcpListener.bind(new InetSocketAddress(0))) {
        for (String host : Loopback.HOSTS) {
          try (TcpStream client = TcpStream.connect(Loopback.address(host, listener.localAddress().getPort()));
              TcpStream server = listener.accept()) {
            assertThat(server.remoteAddress()).isEqualTo(client.localAddress());
            assertThat(server.remoteAddress().getAddress() instanceof Inet4Address).isEqualTo(!host.contains(":"));
          }
        }
      }
    });
  }

  @Test
  void halvesAreUsedByTwoTasksAndCloseTheStreamTogether() {
    Epollo.run(() -> {
      try (Pair pair = Pair.open()) {
        TcpStream client = pair.client();
        Task<Integer> reader = Tasks.spawn(() -> client.reader().read(ByteBuffer.allocate(10)));
        client.writer().writeFully(ByteBuffer.wrap(new byte[5]));
        client.writer().close();
        assertThat(client.writer().isOpen()).isFalse();
        assertThat(client.isOpen()).isTrue();
        pair.server().readFully(ByteBuffer.allocate(5));
        assertThat(pair.server().read(ByteBuffer.allocate(1))).isEqualTo(-1);
        pair.server().writeFully(ByteBuffer.wrap(new byte[4]));
        assertThat(reader.join()).isEqualTo(4);
        client.reader().close();
        client.reader().close();
        assertThat(client.isOpen()).isFalse();
      }
    });
  }

  @Test
  void shutdownInputEndsTheReadThatWaits() {
    Epollo.run(() -> {
      try (Pair pair = Pair.open()) {
        Thread[] thread = new Thread[1];
        Task<Integer> reader = Tasks.spawn(() -> {
          thread[0] = Thread.currentThread();
          return pair.client().read(ByteBuffer.allocate(10));
        });
        Loopback.untilParked(() -> thread[0]);
        pair.client().shutdownInput();
        assertThat(reader.join()).isEqualTo(-1);
        assertThat(pair.client().read(ByteBuffer.allocate(10))).isEqualTo(-1);
      }
    });
  }

  @Test
  void manyClientsOfOneListener() {
    Epollo.run(() -> {
      try (TcpListener listener = Loopback.listen()) {
        Task<?> server = Tasks.spawn(() -> SnippetsTest.serve(listener));
        List<Task<String>> clients = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
          String question = "question " + i;
          clients.add(Tasks.spawn(() -> SnippetsTest.ask(listener.localAddress(), question)));
        }
        for (int i = 0; i < clients.size(); i++) {
          assertThat(clients.get(i).join()).isEqualTo("question " + i);
        }
        server.cancel().await();
      }
    });
  }

  @Test
  void aPlainThreadMayUseAStream() throws IOException {
    try (Epollo epollo = Epollo.start()) {
      Pair pair = epollo.call(() -> Pair.open());
      pair.client().writeFully(ByteBuffer.wrap(new byte[]{1, 2, 3}));
      ByteBuffer got = ByteBuffer.allocate(3);
      pair.server().readFully(got);
      assertThat(got.array()).containsExactly(1, 2, 3);
      pair.close();
    }
  }

  private static ByteBuffer pattern(boolean direct) {
    ByteBuffer pattern = buffer(direct, SIZE);
    for (int i = 0; i < SIZE; i++) {
      pattern.put(i, (byte) (i + i / 251));
    }
    return pattern;
  }

  private static ByteBuffer buffer(boolean direct, int size) {
    return direct ? ByteBuffer.allocateDirect(size) : ByteBuffer.allocate(size);
  }

  private static ByteBuffer[] slices(ByteBuffer whole, int... lengths) {
    List<ByteBuffer> parts = new ArrayList<>();
    int from = 0;
    for (int length : lengths) {
      parts.add(whole.slice(from, length));
      from += length;
    }
    parts.add(whole.slice(from, whole.capacity() - from));
    assertThat(Arrays.stream(lengths).sum()).isLessThan(whole.capacity());
    return parts.toArray(ByteBuffer[]::new);
  }
}
