package io.github.epollo.benchmarks.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The CPU time that a process has used so far. Of each thread in nanoseconds, which is exact but forgets the threads that have ended; and of the process
 * in ticks of 10 ms, which remembers them, and children that have ended, and tells user from system time.
 */
record CpuTime(Map<Long, Long> threadNanos, long userTicks, long systemTicks) {
  private static final long NANOS_PER_TICK = 10_000_000; // USER_HZ is 100 on every Linux that Epollo runs on
  private static final long TOLERANCE = 3 * NANOS_PER_TICK;
  // positions after the name, which may hold blanks and ends with the last parenthesis; see proc_pid_stat(5)
  private static final int UTIME = 11;
  private static final int STIME = 12;
  private static final int CUTIME = 13;
  private static final int CSTIME = 14;

  /** The difference of two readings. */
  record Used(long nanos, double userShare) {}

  static CpuTime of(long pid) throws IOException {
    Path process = Path.of("/proc", Long.toString(pid));
    Map<Long, Long> nanos = new HashMap<>();
    try (var tasks = Files.newDirectoryStream(process.resolve("task"))) {
      for (Path task : tasks) {
        try {
          String schedstat = Files.readString(task.resolve("schedstat"));
          nanos.put(Long.valueOf(task.getFileName().toString()),
              Long.valueOf(schedstat.substring(0, schedstat.indexOf(' '))));
        } catch (NoSuchFileException _) {
          // the thread has just ended
        }
      }
    }
    String[] stat = stat(process);
    return new CpuTime(nanos, Long.parseLong(stat[UTIME]) + Long.parseLong(stat[CUTIME]),
        Long.parseLong(stat[STIME]) + Long.parseLong(stat[CSTIME]));
  }

  /** What the ended children of this process have used. */
  static long ofOwnChildren() throws IOException {
    String[] stat = stat(Path.of("/proc/self"));
    return (Long.parseLong(stat[CUTIME]) + Long.parseLong(stat[CSTIME])) * NANOS_PER_TICK;
  }

  private static String[] stat(Path process) throws IOException {
    String line = Files.readString(process.resolve("stat"));
    return line.substring(line.lastIndexOf(')') + 2).trim().split(" ", -1);
  }

  Used since(CpuTime before) {
    long nanos = 0;
    for (var thread : threadNanos.entrySet()) {
      nanos += thread.getValue() - before.threadNanos.getOrDefault(thread.getKey(), 0L);
    }
    long user = userTicks - before.userTicks;
    long system = systemTicks - before.systemTicks;
    long ticked = (user + system) * NANOS_PER_TICK;
    if (ticked > nanos + TOLERANCE) {
      nanos = ticked; // a busy thread has ended and took its account along
    }
    return new Used(nanos, user + system == 0 ? 0 : (double) user / (user + system));
  }
}
