package io.github.epollo.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.kernel.LinuxKernel;
import io.github.epollo.runtime.loop.CarrierChoice;
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
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test class that leaves an fd or a thread behind. What the JVM opens once and keeps is opened before. */
public final class NoLeaks implements BeforeAllCallback, AfterAllCallback {
  private Set<String> fds = Set.of();
  private Set<Thread> threads = Set.of();

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    LinuxKernel.get();
    Class.forName("sun.nio.ch.Poller"); // the JDK's own epoll instances
    SocketChannel.open().close(); // sun.nio.ch.UnixDispatcher keeps half a socket pair
    for (CarrierChoice carrier : List.of(CarrierChoice.AUTOMATIC, CarrierChoice.SHARED)) {
      try (Epollo epollo = Epollo.start(EpolloOptions.defaults().withCarrier(carrier))) {
        epollo.call(() -> {});
      }
    }
    fds = openFds();
    threads = remaining();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    // Threads that were told to stop may need a moment to do so.
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    while (System.nanoTime() - end < 0 && !(newFds().isEmpty() && newThreads().isEmpty())) {
      LockSupport.parkNanos(1_000_000);
    }
    assertThat(newFds()).as("fds left by %s", context.getDisplayName()).isEmpty();
    assertThat(newThreads()).as("threads left by %s", context.getDisplayName()).isEmpty();
  }

  private Set<String> newFds() {
    Set<String> left = openFds();
    left.removeAll(fds);
    return left;
  }

  private Set<Thread> newThreads() {
    return remaining().stream().filter(t -> !threads.contains(t)).collect(Collectors.toSet());
  }

  /** Threads of Epollo, and all that would keep the JVM alive. */
  private static Set<Thread> remaining() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> !t.isDaemon() || t.getName().startsWith("epollo")
            || t.getName().startsWith("test-"))
        .filter(t -> !t.getName().startsWith("junit-"))
        .collect(Collectors.toSet());
  }

  /** Sockets, epolls, eventfds and pipes, each as {@code number -> target}. */
  public static Set<String> openFds() {
    Set<String> open = new TreeSet<>();
    for (String number : List.of(new File("/proc/self/fd").list())) {
      try {
        String target = Files.readSymbolicLink(Path.of("/proc/self/fd", number)).toString();
        if (target.startsWith("socket:") || target.startsWith("anon_inode:") || target.startsWith("pipe:")) {
          open.add(number + " -> " + target);
        }
      } catch (IOException e) {
        // Closed since it was listed.
      }
    }
    return open;
  }
}
