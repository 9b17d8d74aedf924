package io.github.epollo.benchmarks.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/** How often each thread of a process has given up its processor so far, or lost it. Threads that have ended are forgotten. */
record ContextSwitches(Map<Long, Long> ofThreads) {
  private static final String VOLUNTARY = "voluntary_ctxt_switches:";

  static ContextSwitches of(long pid) throws IOException {
    return read(pid, line -> line.contains(VOLUNTARY)); // and nonvoluntary
  }

  /** Only those to wait for something. */
  static ContextSwitches voluntary(long pid) throws IOException {
    return read(pid, line -> line.startsWith(VOLUNTARY));
  }

  private static ContextSwitches read(long pid, Predicate<String> counted) throws IOException {
    Map<Long, Long> switches = new HashMap<>();
    try (var tasks = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
      for (Path task : tasks) {
        try {
          long sum = Files.readAllLines(task.resolve("status"))
              .stream()
              .filter(counted)
              .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
              .sum();
          switches.put(Long.valueOf(task.getFileName().toString()), sum);
        } catch (NoSuchFileException _) {
          // the thread has just ended
        }
      }
    }
    return new ContextSwitches(switches);
  }

  long since(ContextSwitches before) {
    long sum = 0;
    for (var thread : ofThreads.entrySet()) {
      sum += thread.getValue() - before.ofThreads.getOrDefault(thread.getKey(), 0L);
    }
    return sum;
  }
}
