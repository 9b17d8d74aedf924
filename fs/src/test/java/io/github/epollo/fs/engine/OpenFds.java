package io.github.epollo.fs.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The fds of this process that a test may have opened, each as {@code number -> target}: those of the JVM's own files are left out. */
public final class OpenFds {
  private OpenFds() {}

  /** Fails if more is open than {@code before}. Whoever is waking a loop when it ends closes its eventfd a moment later. */
  static void assertNoneSince(Set<String> before, Path directory) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    while (System.nanoTime() - end < 0 && !before.containsAll(below(directory))) {
      LockSupport.parkNanos(1_000_000);
    }
    assertThat(below(directory)).isSubsetOf(before);
  }

  /** Rings, epolls, eventfds, pipes, and what stands below {@code directory}. */
  public static Set<String> below(Path directory) {
    Set<String> open = new TreeSet<>();
    for (String number : new File("/proc/self/fd").list()) {
      try {
        String target = Files.readSymbolicLink(Path.of("/proc/self/fd", number)).toString();
        if (target.startsWith("anon_inode:") || target.startsWith("pipe:") || target.startsWith(directory.toString())) {
          open.add(number + " -> " + target);
        }
      } catch (IOException e) {
        // Closed since it was listed.
      }
    }
    return open;
  }

  /** Fails if more fds are open than {@code expected} says: now or, as a loop may close its own a moment after its last task has ended, soon. */
  public static void requireNoMoreThan(Set<String> expected, Path directory) {
    long until = System.nanoTime() + 10_000_000_000L;
    Set<String> open = below(directory);
    while (!expected.containsAll(open)) {
      if (System.nanoTime() > until) {
        throw new AssertionError("open: " + open + ", but expected: " + expected);
      }
      Thread.yield();
      open = below(directory);
    }
  }
}
