package io.github.epollo.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.net.Loopback.Pair;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.Kernel;
import io.github.epollo.runtime.kernel.LinuxKernel;
import io.github.epollo.runtime.kernel.Sockets;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Sockets that others opened. */
@SuppressWarnings("try")
class AdoptionTest {
  private static final Kernel KERNEL = LinuxKernel.get();

  // @start region="systemd"
  static void serveActivated() throws IOException {
    for (InheritedSocket socket : InheritedSocket.all()) {
      if (socket.name().equals("http")) {
        SnippetsTest.serve(socket.listener());
      }
    }
  }
  // @end

  /** A listening socket without any of the flags that ours have. */
  private static int rawListener() {
    int fd = KERNEL.socket(Sockets.AF_INET, Sockets.SOCK_STREAM, 0);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocate(Scratch.NAME_SIZE, 8);
      int length = RawAddress.of(Loopback.address("127.0.0.1", 0)).write(name);
      assertThat(KERNEL.bind(fd, name.address(), length)).isZero();
    }
    assertThat(KERNEL.listen(fd, 10)).isZero();
    return fd;
  }

  @Test
  void aListenerFromItsNumber() {
    Epollo.run(() -> {
      int fd = rawListener();
      try (TcpListener listener = TcpListener.adopt(fd);
          TcpStream client = TcpStream.connect(listener.localAddress());
          TcpStream server = listener.accept()) {
        assertThat(KERNEL.fcntl(fd, FileFlags.F_GETFD, 0)).isEqualTo(FileFlags.FD_CLOEXEC);
        assertThat(KERNEL.fcntl(fd, FileFlags.F_GETFL, 0) & FileFlags.O_NONBLOCK).isNotZero();
        assertThat(server.remoteAddress()).isEqualTo(client.localAddress());
      }
      assertThat(KERNEL.fcntl(fd, FileFlags.F_GETFD, 0)).isEqualTo(-Errno.EBADF);
    });
  }

  @Test
  void aStreamFromItsNumber() {
    Epollo.run(() -> {
      try (TcpListener listener = Loopback.listen(); SocketChannel peer = SocketChannel.open(listener.localAddress())) {
        TcpStream accepted = listener.accept();
        int fd = KERNEL.fcntl(number(accepted), FileFlags.F_DUPFD_CLOEXEC, 0);
        accepted.close();
        try (TcpStream stream = TcpStream.adopt(fd)) {
          assertThat(stream.remoteAddress()).isEqualTo(peer.getLocalAddress());
          stream.writeFully(ByteBuffer.wrap(new byte[]{7}));
          ByteBuffer got = ByteBuffer.allocate(1);
          assertThat(peer.read(got)).isEqualTo(1);
          assertThat(got.get(0)).isEqualTo((byte) 7);
        }
      }
    });
  }

  /** The highest open number is the one opened last, but only the kernel knows: ask it for the one with this name. */
  private static int number(TcpStream stream) throws IOException {
    for (int fd = 3; fd < 1000; fd++) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment name = arena.allocate(Scratch.NAME_SIZE, 8);
        MemorySegment length = arena.allocate(8, 8);
        length.set(java.lang.foreign.ValueLayout.JAVA_INT, 0, Scratch.NAME_SIZE);
        if (KERNEL.getpeername(fd, name.address(), length.address()) == 0
            && name.get(java.lang.foreign.ValueLayout.JAVA_SHORT, 0) == Sockets.AF_INET
            && RawAddress.read(name).toInetSocketAddress().equals(stream.remoteAddress())) {
          return fd;
        }
      }
    }
    throw new AssertionError("not open: " + stream);
  }

  @Test
  void whatIsNoSuchSocketStaysTheCallers() {
    Epollo.run(() -> {
      int listening = rawListener();
      int eventfd = KERNEL.eventfd(0, FileFlags.EFD_CLOEXEC);
      for (int fd : new int[]{listening, eventfd, -1, 987_654}) {
        assertThatIllegalArgumentException().isThrownBy(() -> TcpStream.adopt(fd))
            .withMessageContaining("not a connected TCP socket: fd " + fd);
      }
      for (int fd : new int[]{eventfd, -1, 987_654}) {
        assertThatIllegalArgumentException().isThrownBy(() -> TcpListener.adopt(fd))
            .withMessageContaining("not a listening TCP socket: fd " + fd);
      }
      assertThat(KERNEL.close(listening)).isZero();
      assertThat(KERNEL.close(eventfd)).isZero();
    });
  }

  @Test
  void systemdHandsSocketsOver() {
    Epollo.run(() -> {
      int fd = rawListener();
      Map<String, String> environment = Map.of("LISTEN_PID", "42", "LISTEN_FDS", "1", "LISTEN_FDNAMES", "http");
      assertThat(InheritedSocket.all(KERNEL, environment, 41, fd)).isEmpty();
      assertThat(InheritedSocket.all(KERNEL, Map.of(), 42, fd)).isEmpty();
      List<InheritedSocket> sockets = InheritedSocket.all(KERNEL, environment, 42, fd);
      assertThat(sockets).containsExactly(new InheritedSocket("http", fd));
      assertThat(KERNEL.fcntl(fd, FileFlags.F_GETFD, 0)).isEqualTo(FileFlags.FD_CLOEXEC);
      try (TcpListener listener = sockets.getFirst().listener();
          TcpStream _ = TcpStream.connect(listener.localAddress());
          TcpStream server = listener.accept()) {
        assertThat(server.isOpen()).isTrue();
      }
      assertThat(InheritedSocket.all(KERNEL, Map.of("LISTEN_PID", "42", "LISTEN_FDS", "1"), 42, 0).getFirst().name())
          .isEqualTo("unknown");
      assertThatThrownBy(() -> InheritedSocket.all(KERNEL, environment, 42, 987_654)).isInstanceOf(IOException.class)
          .hasMessageContaining("fd 987654 of LISTEN_FDS=1");
      assertThatThrownBy(
          () -> InheritedSocket.all(KERNEL, Map.of("LISTEN_PID", "x", "LISTEN_FDS", "1"), 42, fd))
          .isInstanceOf(IllegalStateException.class).hasMessageContaining("LISTEN_PID=x");
      serveActivated();
    });
  }

  @Test
  void aChannelNeedsTheFlagAndTheMessageNamesIt() throws IOException {
    try (ServerSocketChannel channel = ServerSocketChannel.open().bind(Loopback.address("127.0.0.1", 0))) {
      Epollo.run(() -> assertThatThrownBy(() -> TcpListener.adopt(channel)).isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("--add-opens java.base/sun.nio.ch=ALL-UNNAMED"));
      assertThat(channel.isOpen()).isTrue();
    }
  }

  @Test
  void withTheFlagChannelsAreTakenOver() throws Exception {
    assertThat(ChildJvm.run(List.of("--add-opens", "java.base/sun.nio.ch=ALL-UNNAMED"), TakeOver.class))
        .contains("taken over");
  }

  /** Runs in a JVM with the flag. */
  static final class TakeOver {
    private TakeOver() {}

    public static void main(String[] args) {
      Epollo.run(() -> {
        ServerSocketChannel listening = ServerSocketChannel.open().bind(Loopback.address("127.0.0.1", 0));
        SocketChannel early = SocketChannel.open(listening.getLocalAddress()); // waits in the backlog
        try (TcpListener listener = TcpListener.adopt(listening);
            TcpStream server = listener.accept();
            TcpStream client = TcpStream.adopt(early)) {
          check(!listening.isOpen() && !early.isOpen());
          client.writeFully(ByteBuffer.wrap(new byte[]{1, 2, 3}));
          server.readFully(ByteBuffer.allocate(3));
          check(client.localAddress().equals(server.remoteAddress()));
        }
        try {
          TcpListener.adopt(listening);
          check(false);
        } catch (IllegalArgumentException e) {
          check(e.getMessage().contains("closed"));
        }
        try (ServerSocketChannel unix = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(null)) {
          long before = Loopback.sockets();
          try {
            TcpListener.adopt(unix);
            check(false);
          } catch (IllegalArgumentException e) {
            check(unix.isOpen() && Loopback.sockets() == before); // its duplicate is gone again
          } finally {
            Files.delete(Path.of(unix.getLocalAddress().toString()));
          }
        }
        try (Pair pair = Pair.open()) {
          check(new InetSocketAddress(0).getPort() == 0 && pair.client().isOpen());
        }
        System.out.println("taken over");
      });
    }

    private static void check(boolean condition) {
      if (!condition) {
        throw new AssertionError();
      }
    }
  }
}
