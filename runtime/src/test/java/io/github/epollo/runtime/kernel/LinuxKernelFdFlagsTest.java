package io.github.epollo.runtime.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fds are close-on-exec and non-blocking from the call that makes them (hazard 31). */
class LinuxKernelFdFlagsTest extends KernelTest {
  /** system(3): starts a child with all fds that are inherited. */
  private static final MethodHandle SYSTEM = CFunction.link("system");

  @Test
  void everyKindHasTheFlagsThatWereAskedFor() {
    int[] pair = tcpPair(Sockets.AF_INET);
    for (int fd : new int[]{eventfd(), timerfd(), tcpSocket(Sockets.AF_INET6), pair[0], pair[1]}) {
      assertThat(kernel.fcntl(fd, FileFlags.F_GETFD, 0)).isEqualTo(FileFlags.FD_CLOEXEC);
      assertThat(kernel.fcntl(fd, FileFlags.F_GETFL, 0) & FileFlags.O_NONBLOCK).isNotZero();
    }
    assertThat(kernel.fcntl(epoll(), FileFlags.F_GETFD, 0)).isEqualTo(FileFlags.FD_CLOEXEC);
  }

  @Test
  void withoutTheFlagsTheyHaveNeither() {
    int[] plain = {
      own(kernel.eventfd(0, 0)),
      own(kernel.timerfdCreate(Clocks.MONOTONIC, 0)),
      own(kernel.socket(Sockets.AF_INET, Sockets.SOCK_STREAM, 0)),
      own(kernel.epollCreate(0)),
    };
    for (int fd : plain) {
      assertThat(kernel.fcntl(fd, FileFlags.F_GETFD, 0)).isZero();
      assertThat(kernel.fcntl(fd, FileFlags.F_GETFL, 0) & FileFlags.O_NONBLOCK).isZero();
    }
  }

  /**
   * Children are started while another thread makes and closes fds of every kind. By system(3): ProcessBuilder closes
   * all fds in the child itself, so its children prove nothing.
   */
  @Test
  void aChildSeesNoneOfThem(@TempDir Path directory) throws Exception {
    Set<String> before = fdsOfAChild(directory);
    AtomicBoolean done = new AtomicBoolean();
    Thread maker = Thread.ofPlatform().start(() -> makeAndClose(done));
    try {
      for (int i = 0; i < 50; i++) {
        assertThat(fdsOfAChild(directory)).isEqualTo(before);
      }
    } finally {
      done.set(true);
      maker.join();
    }
  }

  @Test
  void aChildSeesAnFdWithoutTheFlag(@TempDir Path directory) throws Exception {
    int fd = own(kernel.eventfd(0, 0));
    assertThat(fdsOfAChild(directory)).anyMatch(line -> line.startsWith(fd + " -> anon_inode:[eventfd"));
  }

  private void makeAndClose(AtomicBoolean done) {
    while (!done.get()) {
      int[] fds = {
        kernel.eventfd(0, FileFlags.EFD_CLOEXEC),
        kernel.timerfdCreate(Clocks.MONOTONIC, FileFlags.TFD_CLOEXEC),
        kernel.epollCreate(Epoll.CLOEXEC),
        kernel.socket(Sockets.AF_INET, Sockets.SOCK_STREAM | Sockets.SOCK_CLOEXEC, 0),
      };
      for (int fd : fds) {
        kernel.close(fd);
      }
    }
  }

  /** The sockets and anonymous inodes that a child inherits, each as {@code number -> target}. */
  private Set<String> fdsOfAChild(Path directory) throws IOException {
    Path output = directory.resolve("fds");
    MemorySegment command = arena.allocateFrom("ls -l /proc/self/fd > '" + output + "'");
    assertThat(CFunction.intCall(SYSTEM, command.address(), 0, 0, 0, 0)).isZero();
    Set<String> fds = new TreeSet<>();
    for (String line : Files.readAllLines(output)) {
      int arrow = line.indexOf(" -> ");
      if (arrow > 0 && (line.contains("socket:") || line.contains("anon_inode:"))) {
        fds.add(line.substring(line.lastIndexOf(' ', arrow - 1) + 1));
      }
    }
    return fds;
  }
}
