package io.github.epollo.benchmarks.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A peer that is told workloads, and echoes on a port meanwhile. */
record EchoPeer(PeerProcess process, int port) implements AutoCloseable {
  /** Starts those of a file, which has a line each, name and command, separated by a tab, at ports above {@code port}; says which do not listen, and leaves them out. */
  static void startAll(Path file, int port, List<EchoPeer> started) throws IOException, InterruptedException {
    int next = port;
    for (String line : Files.readAllLines(file)) {
      String[] fields = line.split("\t", 2);
      next++;
      PeerProcess process = PeerProcess.onPort(fields[0], List.of(fields[1].split(" ", -1)), next);
      try {
        Server.awaitListener(next);
        started.add(new EchoPeer(process, next));
      } catch (IOException e) {
        System.out.println("SKIPPED " + fields[0] + ", it does not listen: " + e.getMessage());
        process.close();
      }
    }
  }

  String name() {
    return process.name();
  }

  @Override
  public void close() {
    process.close();
  }
}
