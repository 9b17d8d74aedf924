package io.github.epollo.benchmarks.harness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The memory of a process: what lives in its Java heap, counted by jcmd(1) after a full collection, and what is resident outside of that heap. All resident memory is there, too: with a heap that has room it says
 * how far the heap was ever used rather than what lives.
 *
 * @param classes bytes of the heap by class
 */
record UserMemory(long heap, long outside, long resident, Map<String, Long> classes) {
  private static final Pattern CLASS = Pattern.compile(" *\\d+: +\\d+ +(\\d+) +(\\S+).*");
  private static final Pattern RANGE = Pattern.compile("\\[0x([0-9a-f]+), 0x[0-9a-f]+, 0x([0-9a-f]+)\\)");
  private static final Pattern MAPPING = Pattern.compile("([0-9a-f]+)-([0-9a-f]+) .*");
  private static final Pattern RESIDENT = Pattern.compile("Rss: +(\\d+) kB");

  /** Looks at a process; {@code jcmd} is the program, and only called for a JVM. */
  static UserMemory of(long pid, Path jcmd, boolean jvm) throws IOException {
    Map<String, Long> classes = new LinkedHashMap<>();
    long low = -1;
    long high = -1;
    if (jvm) {
      ask(jcmd, pid, "GC.run");
      for (String line : ask(jcmd, pid, "GC.class_histogram").split("\n", -1)) {
        Matcher one = CLASS.matcher(line);
        if (one.matches() && !one.group(2).contains("Filler")) { // that is room which a collection has left
          classes.merge(one.group(2), Long.valueOf(one.group(1)), Long::sum);
        }
      }
      Matcher range = RANGE.matcher(ask(jcmd, pid, "GC.heap_info").split("Metaspace", 2)[0]);
      while (range.find()) {
        long from = Long.parseUnsignedLong(range.group(1), 16);
        low = low < 0 ? from : Math.min(low, from);
        high = Math.max(high, Long.parseUnsignedLong(range.group(2), 16));
      }
      if (low < 0 || classes.isEmpty()) {
        throw new IOException("jcmd does not say where the heap of " + pid + " is");
      }
    }
    long outside = 0;
    long resident = 0;
    boolean inHeap = false;
    for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "smaps"))) {
      Matcher mapping = MAPPING.matcher(line);
      Matcher rss = RESIDENT.matcher(line);
      if (mapping.matches()) {
        long from = Long.parseUnsignedLong(mapping.group(1), 16);
        inHeap = Long.compareUnsigned(from, low) >= 0 && Long.compareUnsigned(from, high) < 0 && low >= 0;
      } else if (rss.matches()) {
        long bytes = Long.parseLong(rss.group(1)) << 10;
        resident += bytes;
        outside += inHeap ? 0 : bytes;
      }
    }
    return new UserMemory(classes.values().stream().mapToLong(Long::longValue).sum(), outside, resident, classes);
  }

  private static String ask(Path jcmd, long pid, String command) throws IOException {
    Process process = new ProcessBuilder(jcmd.toString(), Long.toString(pid), command).redirectErrorStream(true)
        .start();
    try (var stdout = process.getInputStream()) {
      return new String(stdout.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
