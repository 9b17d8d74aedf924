package io.github.epollo.benchmarks.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A process that is told workloads on its standard input, one a line: "WORKLOAD FILE BLOCK SECONDS", where FILE is "-" and BLOCK a number if there is no file. It answers "OPERATIONS NAME=VALUE..." with the number of
 * operations and perhaps other figures, or "none" if it has no such workload.
 */
final class PeerProcess implements AutoCloseable {
  private final String name;
  private final Process process;
  private final Writer commands;
  private final BufferedReader answers;

  /** What the peer says of its work. */
  record Answer(long operations, Map<String, Double> others) {}

  PeerProcess(String name, List<String> command) throws IOException {
    this.name = name;
    this.process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    this.commands = process.outputWriter(StandardCharsets.UTF_8);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts a peer that is a server: the word PORT in its command becomes the port. */
  static PeerProcess onPort(String name, List<String> command, int port) throws IOException {
    String number = Integer.toString(port);
    return new PeerProcess(name, command.stream().map(word -> word.equals("PORT") ? number : word).toList());
  }

  String name() {
    return name;
  }

  long pid() {
    return process.pid();
  }

  /** What the peer did in that time; no operation if it has no such workload. */
  Answer run(Workload workload, double seconds) throws IOException {
    commands.write(String.format(Locale.ROOT, "%s %s %d %.3f%n", workload.command(), workload.file(), workload.block(),
        seconds));
    commands.flush();
    String answer = answers.readLine();
    if (answer == null) {
      throw new IOException(name + " ended in " + workload.name());
    }
    Map<String, Double> others = new LinkedHashMap<>();
    String[] words = answer.split(" ", -1);
    for (int i = 1; i < words.length; i++) {
      String[] other = words[i].split("=", 2);
      others.put(other[0], Double.valueOf(other[1]));
    }
    return new Answer(words[0].equals("none") ? 0 : Long.parseLong(words[0]), others);
  }

  @Override
  public void close() {
    process.destroy();
  }
}
