package io.github.epollo.net;

import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.Kernel;
import io.github.epollo.runtime.loop.Loop;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A socket that systemd opened and handed to this process (socket activation, sd_listen_fds(3)). For a socket of inetd, see {@link
 * System#inheritedChannel()} and {@link TcpListener#adopt(java.nio.channels.ServerSocketChannel)}.
 *
 * {@snippet file="io/github/epollo/net/AdoptionTest.java" region="systemd"}
 *
 * @param name the name from the unit file ({@code FileDescriptorName=}); "unknown" if there is none
 * @param fd its number; whoever makes a listener or a stream of it hands the ownership over, once
 */
public record InheritedSocket(String name, int fd) {
  private static final int FIRST_FD = 3; // SD_LISTEN_FDS_START

  /**
   * The sockets that systemd handed to this process, in order; none if it was started in another way. They are not passed on to child processes.
   *
   * @throws IllegalStateException outside any runtime, or if the environment contradicts itself
   * @throws IOException if one of the descriptors is not open
   */
  public static List<InheritedSocket> all() throws IOException {
    return all(Loop.current().kernel(), System.getenv(), ProcessHandle.current().pid(), FIRST_FD);
  }

  static List<InheritedSocket> all(Kernel kernel, Map<String, String> environment, long pid, int firstFd)
      throws IOException {
    String count = environment.get("LISTEN_FDS");
    String addressee = environment.get("LISTEN_PID");
    if (count == null || addressee == null || number("LISTEN_PID", addressee) != pid) {
      return List.of();
    }
    String[] names = environment.getOrDefault("LISTEN_FDNAMES", "").split(":", -1);
    List<InheritedSocket> sockets = new ArrayList<>();
    for (int i = 0; i < number("LISTEN_FDS", count); i++) {
      int fd = firstFd + i;
      int result = kernel.fcntl(fd, FileFlags.F_SETFD, FileFlags.FD_CLOEXEC);
      if (result < 0) {
        throw Errno.toIOException("fcntl", "fd " + fd + " of LISTEN_FDS=" + count, -result);
      }
      sockets.add(new InheritedSocket(i < names.length && !names[i].isEmpty() ? names[i] : "unknown", fd));
    }
    return List.copyOf(sockets);
  }

  private static long number(String variable, String value) {
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new IllegalStateException(
          "not a number in the environment: " + variable + "=" + value + "; systemd sets it, unset it otherwise", e);
    }
  }

  /** Makes a listener of it: {@link TcpListener#adopt(int)}. */
  public TcpListener listener() throws IOException {
    return TcpListener.adopt(fd);
  }

  /** Makes a stream of it: {@link TcpStream#adopt(int)}. */
  public TcpStream stream() throws IOException {
    return TcpStream.adopt(fd);
  }
}
