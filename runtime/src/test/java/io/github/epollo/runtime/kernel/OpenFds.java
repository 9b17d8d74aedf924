package io.github.epollo.runtime.kernel;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The fds of this process that a kernel test can leave behind: sockets, event fds, timers, epolls. */
final class OpenFds {
  private OpenFds() {}

  /** Each as {@code number -> target}. */
  static Set<String> list() {
    Set<String> fds = new TreeSet<>();
    for (String name : List.of(new File("/proc/self/fd").list())) {
      try {
        String target = Files.readSymbolicLink(Path.of("/proc/self/fd", name)).toString();
        if (target.startsWith("socket:") || target.startsWith("anon_inode:")) {
          fds.add(name + " -> " + target);
        }
      } catch (IOException e) {
        // Closed since it was listed: the fd of the listing itself.
      }
    }
    return fds;
  }
}
