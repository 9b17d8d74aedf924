package io.github.epollo.benchmarks.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** A process that is told workloads on its standard input; {@code files_floor.c} says how. */
final class FilePeer implements AutoCloseable {
  private final String name;
  private final Process process;
  private final Writer commands;
  private final BufferedReader answers;

  FilePeer(String name, List<String> command) throws IOException {
    this.name = name;
    this.process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    this.commands = process.outputWriter(StandardCharsets.UTF_8);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
  }

  String name() {
    return name;
  }

  long pid() {
    return process.pid();
  }

  /** How many operations the peer made in that time; -1 if it has no such workload. */
  long run(String workload, Path file, int block, double seconds) throws IOException {
    commands.write(String.format(Locale.ROOT, "%s %s %d %.3f%n", workload, file, block, seconds));
    commands.flush();
    String answer = answers.readLine();
    if (answer == null) {
      throw new IOException(name + " ended in " + workload);
    }
    return answer.equals("none") ? -1 : Long.parseLong(answer);
  }

  @Override
  public void close() {
    process.destroy();
  }
}
