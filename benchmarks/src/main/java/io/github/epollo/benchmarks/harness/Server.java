package io.github.epollo.benchmarks.harness;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A running server, as {@code benchmarks/run} writes it down: name, process id, port and command, separated by tabs. */
record Server(String name, long pid, int port, String command) {
  static List<Server> readAll(Path file) throws IOException {
    return Files.readAllLines(file).stream().map(Server::parse).toList();
  }

  private static Server parse(String line) {
    String[] fields = line.split("\t", 4);
    return new Server(fields[0], Long.parseLong(fields[1]), Integer.parseInt(fields[2]), fields[3]);
  }

  /** Until a server that was just started accepts connections. */
  static void awaitListener(int port) throws IOException, InterruptedException {
    for (int i = 0;; i++) {
      try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException e) {
        if (i == 100) {
          throw e;
        }
        Thread.sleep(100);
      }
    }
  }

  boolean isOurs() {
    return name.startsWith("epollo-");
  }
}
