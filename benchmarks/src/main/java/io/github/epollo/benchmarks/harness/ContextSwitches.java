package io.github.epollo.benchmarks.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** How often each thread of a process has given up its processor so far, or lost it. Threads that have ended are forgotten. */
record ContextSwitches(Map<Long, Long> ofThreads) {
  static ContextSwitches of(long pid) throws IOException {
    Map<Long, Long> switches = new HashMap<>();
    try (var tasks = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
      for (Path task : tasks) {
        try {
          long sum = Files.readAllLines(task.resolve("status"))
              .stream()
              .filter(line -> line.contains("voluntary_ctxt_switches:")) // and nonvoluntary
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
