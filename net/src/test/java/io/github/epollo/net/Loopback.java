package io.github.epollo.net;

import io.github.epollo.runtime.Tasks;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/** What the tests share: connections over the loopback interface, and waiting without sleeping. */
final class Loopback {
  static final List<String> HOSTS = List.of("127.0.0.1", "::1");

  private Loopback() {}

  static InetSocketAddress address(String host, int port) {
    return new InetSocketAddress(InetAddress.ofLiteral(host), port);
  }

  static TcpListener listen() throws IOException {
    return listen("127.0.0.1");
  }

  static TcpListener listen(String host) throws IOException {
    return TcpListener.bind(address(host, 0));
  }

  /** Both ends of a connection. */
  record Pair(TcpStream client, TcpStream server) implements AutoCloseable {
    static Pair open() throws IOException {
      return open("127.0.0.1");
    }

    static Pair open(String host) throws IOException {
      try (TcpListener listener = listen(host)) {
        TcpStream client = TcpStream.connect(listener.localAddress());
        return new Pair(client, listener.accept());
      }
    }

    @Override
    public void close() {
      client.close();
      server.close();
    }
  }

  /** A stream whose peer is a socket of the JDK, for another thread. */
  record WithJdk(TcpStream stream, Socket peer) implements AutoCloseable {
    static WithJdk open() throws IOException {
      try (ServerSocket server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
        TcpStream stream = TcpStream.connect(server.getLocalSocketAddress());
        return new WithJdk(stream, server.accept());
      }
    }

    @Override
    public void close() throws IOException {
      stream.close();
      peer.close();
    }
  }

  /** Lets the other tasks run until {@code condition} holds. */
  static void until(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + 20_000_000_000L;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within 20 s: " + what);
      }
      Tasks.yieldNow();
    }
  }

  /** Lets the other tasks run until {@code thread} waits for something. */
  static void untilParked(java.util.function.Supplier<Thread> thread) {
    until("the task waits", () -> thread.get() != null && thread.get().getState() == Thread.State.WAITING);
  }

  /** How many sockets this process has open. */
  static long sockets() {
    String[] names = new File("/proc/self/fd").list();
    return Arrays.stream(names).filter(name -> {
      try {
        return Files.readSymbolicLink(Path.of("/proc/self/fd", name)).toString().startsWith("socket:");
      } catch (IOException e) {
        return false;
      }
    }).count();
  }
}
