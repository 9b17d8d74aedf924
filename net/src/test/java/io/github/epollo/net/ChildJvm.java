package io.github.epollo.net;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a main class of the tests in a JVM of its own. */
final class ChildJvm {
  private ChildJvm() {}

  /** Returns what it printed; fails if it does not end well within a minute. */
  static String run(List<String> flags, Class<?> main, String... prefix) throws Exception {
    List<String> command = new ArrayList<>(List.of(prefix));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(List.of("-Xmx256m", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=deny"));
    if (System.getProperty("epollo.test.carrier", "loop").equals("loop")) {
      command.addAll(List.of("--add-opens", "java.base/java.lang=ALL-UNNAMED"));
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    Path log = java.nio.file.Files.createTempFile("child", ".log");
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
      boolean ended = process.waitFor(60, TimeUnit.SECONDS);
      String output = java.nio.file.Files.readString(log);
      if (!ended || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new AssertionError("the child failed: " + output);
      }
      return output;
    } finally {
      java.nio.file.Files.delete(log);
    }
  }
}
