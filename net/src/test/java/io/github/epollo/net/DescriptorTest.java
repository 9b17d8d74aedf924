package io.github.epollo.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.net.Loopback.Pair;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.testsupport.ProbeKernel;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Hazards 6, 7, 31 and 34: a number is closed once, is never used after, is not inherited, and is not connected to itself. */
@SuppressWarnings("try")
class DescriptorTest {
  /**
   * Other threads read from and close a stream while new ones take over its number. A read that reached a stranger would get the stranger's byte, and a second
   * close would close it.
   */
  @Test
  void closingDuringAReadNeverReachesAStranger() throws InterruptedException {
    ProbeKernel probe = new ProbeKernel();
    Set<Integer> open = ConcurrentHashMap.newKeySet();
    AtomicInteger strayCloses = new AtomicInteger();
    probe.on("accept4", call -> opened(open, call.real()));
    probe.on("socket", call -> opened(open, call.real()));
    probe.on("close", call -> {
      if (!open.remove(call.intArg(0)) && call.intArg(0) > 2 && sawSocket(call.intArg(0))) {
        strayCloses.incrementAndGet();
      }
      return call.real();
    });
    AtomicInteger foreign = new AtomicInteger();
    try (Epollo epollo = Epollo.start(EpolloOptions.defaults().withKernel(probe.kernel()))) {
      TcpListener listener = epollo.call(() -> Loopback.listen());
      for (int i = 0; i < 300; i++) {
        Pair pair = epollo.call(() -> pair(listener));
        List<Thread> threads = new ArrayList<>();
        threads.add(Thread.ofPlatform().start(() -> {
          ByteBuffer buffer = ByteBuffer.allocate(1);
          try {
            while (pair.client().read(buffer.clear()) >= 0) {
              if (buffer.get(0) == 99) {
                foreign.incrementAndGet();
              }
            }
          } catch (IOException | IllegalStateException e) {
            // closed
          }
        }));
        threads.add(Thread.ofPlatform().start(pair.client()::close));
        threads.add(Thread.ofPlatform().start(pair.client()::close));
        Pair decoy = epollo.call(() -> pair(listener)); // may get the number
        epollo.call(() -> decoy.server().writeFully(ByteBuffer.wrap(new byte[]{99})));
        for (Thread thread : threads) {
          thread.join();
        }
        ByteBuffer got = ByteBuffer.allocate(1);
        epollo.call(() -> decoy.client().readFully(got));
        assertThat(got.get(0)).isEqualTo((byte) 99);
        epollo.call(() -> {
          decoy.close();
          pair.close();
        });
      }
    }
    assertThat(foreign).hasValue(0);
    assertThat(strayCloses).hasValue(0);
  }

  private static boolean sawSocket(int number) {
    try {
      return java.nio.file.Files.readSymbolicLink(java.nio.file.Path.of("/proc/self/fd/" + number)).toString()
          .startsWith("socket:");
    } catch (IOException e) {
      return false;
    }
  }

  private static long opened(Set<Integer> open, long number) {
    if (number >= 0) {
      open.add((int) number);
    }
    return number;
  }

  private static Pair pair(TcpListener listener) throws IOException {
    TcpStream client = TcpStream.connect(listener.localAddress());
    return new Pair(client, listener.accept());
  }

  /** The stream is closed in the middle of a system call: the number stays taken until the call has returned. */
  @Test
  void theNumberIsGivenBackAfterTheCallThatUsesIt() {
    ProbeKernel probe = new ProbeKernel();
    Epollo.run(EpolloOptions.defaults().withKernel(probe.kernel()), () -> {
      for (String name : List.of("recv", "send", "recvmsg", "sendmsg")) {
        Pair pair = Pair.open();
        pair.server().writeFully(ByteBuffer.allocate(1));
        probe.reset();
        probe.on(name, call -> {
          probe.off(name);
          pair.client().close();
          assertThat(probe.calls("close")).isZero();
          return call.real();
        });
        ByteBuffer[] buffers = {ByteBuffer.allocate(1)};
        long n = switch (name) {
          case "recv" -> pair.client().read(buffers[0]);
          case "send" -> pair.client().write(buffers[0]);
          case "recvmsg" -> pair.client().read(buffers);
          default -> pair.client().write(buffers);
        };
        assertThat(n).isEqualTo(1);
        assertThat(probe.calls("close")).isEqualTo(1);
        pair.close();
        assertThat(probe.calls("close")).isEqualTo(2);
      }
    });
  }

  /** The JDK closes what its own children would inherit, so look at the flags: each call that creates a descriptor must set it at once. */
  @Test
  void everyDescriptorIsCreatedCloexecAndNonBlocking() {
    ProbeKernel probe = new ProbeKernel();
    int both = FileFlags.O_CLOEXEC | FileFlags.O_NONBLOCK;
    probe.on("socket", call -> checkFlags(call, 1, both));
    probe.on("accept4", call -> checkFlags(call, 3, both));
    probe.on("timerfdCreate", call -> checkFlags(call, 1, both));
    probe.on("eventfd", call -> checkFlags(call, 1, both));
    probe.on("epollCreate", call -> checkFlags(call, 0, FileFlags.O_CLOEXEC));
    Epollo.run(EpolloOptions.defaults().withKernel(probe.kernel()), () -> {
      for (String host : Loopback.HOSTS) {
        Pair.open(host).close();
      }
    });
    assertThat(probe.calls().keySet()).contains("socket", "accept4", "timerfdCreate", "eventfd", "epollCreate");
  }

  private static long checkFlags(ProbeKernel.Call call, int index, int flags) throws Throwable {
    assertThat(call.intArg(index) & flags).isEqualTo(flags);
    return call.real();
  }

  /** Without the check some of these connect to themselves: the kernel picks the source port in the range of the target. */
  @Test
  void aConnectNeverReachesItself() throws IOException {
    List<String> range = java.nio.file.Files.readAllLines(
        java.nio.file.Path.of("/proc/sys/net/ipv4/ip_local_port_range"));
    String[] bounds = range.getFirst().trim().split("\\s+", 2);
    int port = (Integer.parseInt(bounds[0]) + Integer.parseInt(bounds[1])) / 2 & ~1; // connect(2) prefers even source ports
    Epollo.run(() -> {
      for (int i = 0; i < 40_000; i++) {
        try (TcpStream stream = TcpStream.connect(Loopback.address("127.0.0.1", port + 2 * (i % 3)))) {
          assertThat(stream.localAddress()).isNotEqualTo(stream.remoteAddress());
        } catch (ConnectException e) {
          assertThat(e).hasMessageContaining("ECONNREFUSED");
        }
      }
    });
  }

  /** The same, forced: the socket is bound to the port that it connects to. */
  @Test
  void aConnectionToItselfIsRefused() {
    long before = Loopback.sockets();
    ProbeKernel probe = new ProbeKernel();
    Epollo.run(EpolloOptions.defaults().withKernel(probe.kernel()), () -> {
      InetSocketAddress free;
      try (TcpListener listener = Loopback.listen()) {
        free = listener.localAddress();
      }
      probe.on("connect", call -> {
        long bound = probe.kernel().bind(call.intArg(0), call.longArg(1), call.intArg(2));
        return bound < 0 ? bound : call.real();
      });
      assertThatThrownBy(() -> TcpStream.connect(free)).isInstanceOf(ConnectException.class)
          .hasMessageContaining("connected to itself").hasMessageContaining("ECONNREFUSED");
    });
    assertThat(Loopback.sockets()).isEqualTo(before);
  }

  @Test
  void aRefusedRegistrationLeavesNoSocket() {
    long before = Loopback.sockets();
    ProbeKernel probe = new ProbeKernel();
    Epollo.run(EpolloOptions.defaults().withKernel(probe.kernel()), () -> {
      try (TcpListener listener = Loopback.listen()) {
        long open = Loopback.sockets();
        probe.on("epollCtl", call -> call.intArg(1) == 1 ? -Errno.ENOSPC : call.real());
        assertThatThrownBy(() -> TcpStream.connect(listener.localAddress())).isInstanceOf(IOException.class)
            .hasMessageContaining("ENOSPC");
        assertThatThrownBy(Loopback::listen).isInstanceOf(IOException.class);
        assertThat(Loopback.sockets()).isEqualTo(open);
        probe.off("epollCtl");
      }
    });
    assertThat(Loopback.sockets()).isEqualTo(before);
  }
}
