package io.github.epollo.testkit;

import io.github.epollo.runtime.Epollo;
import java.io.File;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** Compares what this process has open, and which threads it has, with what it had before. */
final class LeakCheck {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2); // threads that were told to stop need a moment

  private static boolean warm;

  private final Set<String> fds = openFds();
  private final Set<Thread> threads = threads();

  private LeakCheck() {}

  static LeakCheck begin() {
    openWhatTheJvmKeeps();
    return new LeakCheck();
  }

  /** The JVM opens some fds when they are first needed, and never closes them. */
  private static synchronized void openWhatTheJvmKeeps() {
    if (warm) {
      return;
    }
    warm = true;
    try (Epollo epollo = Epollo.start()) {
      epollo.call(() -> {});
      SocketChannel.open().close();
    } catch (IOException e) {
      throw new IllegalStateException("cannot open a socket", e);
    }
  }

  /**
   * Ends the comparison.
   *
   * @throws AssertionError if there is more than at the beginning
   */
  void end() {
    long end = System.nanoTime() + PATIENCE_NANOS;
    String left = left();
    while (!left.isEmpty() && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(1_000_000);
      left = left();
    }
    if (!left.isEmpty()) {
      throw new AssertionError("left by the test: " + left);
    }
  }

  private String left() {
    Set<String> newFds = openFds();
    newFds.removeAll(fds);
    Set<Thread> newThreads = threads();
    newThreads.removeAll(threads);
    return (newFds.isEmpty() ? "" : "file descriptors " + newFds)
        + (newThreads.isEmpty() ? "" : " threads " + newThreads);
  }

  /** Threads of Epollo, and all that would keep the JVM alive. */
  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> !t.isDaemon() || t.getName().startsWith("epollo"))
        .collect(Collectors.toSet());
  }

  /** Sockets, pipes, and anonymous files such as epoll instances, each as "number -> target". */
  private static Set<String> openFds() {
    Set<String> open = new TreeSet<>();
    String[] numbers = new File("/proc/self/fd").list();
    for (String number : numbers == null ? List.<String>of() : List.of(numbers)) {
      try {
        String target = Files.readSymbolicLink(Path.of("/proc/self/fd", number)).toString();
        if (target.startsWith("socket:") || target.startsWith("pipe:") || target.startsWith("anon_inode:")) {
          open.add(number + " -> " + target);
        }
      } catch (IOException e) {
        // closed since it was listed
      }
    }
    return open;
  }
}
