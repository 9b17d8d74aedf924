package io.github.epollo.testkit.sim.files;

import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.testkit.sim.OpenFile;
import io.github.epollo.testkit.sim.SimHost;
import io.github.epollo.testkit.sim.disk.Directory;
import io.github.epollo.testkit.sim.disk.Disk;
import io.github.epollo.testkit.sim.disk.FileError;
import io.github.epollo.testkit.sim.disk.Node;
import io.github.epollo.testkit.sim.disk.Place;
import io.github.epollo.testkit.sim.disk.Tree;
import org.jspecify.annotations.Nullable;

/** Paths of a process: relative ones start from a directory's fd, or from the root, which is its current directory. Of /proc there is {@code /proc/self/fd/N} alone. */
final class Paths {
  /** What a process takes away from the permissions of what it makes. */
  static final int UMASK = 022;

  private static final String OWN_FDS = "/proc/self/fd/";

  private final SimHost host;
  private final Disk disk;
  private final Tree tree;

  Paths(SimHost host, Disk disk) {
    this.host = host;
    this.disk = disk;
    this.tree = new Tree(disk);
  }

  Disk disk() {
    return disk;
  }

  Tree tree() {
    return tree;
  }

  /** Where a path leads. */
  Place find(int directoryFd, String path, boolean follow) {
    Node own = ownFile(path);
    if (own != null) {
      return new Place(disk.root(), "", own, false);
    }
    return disk.find(path.startsWith("/") || path.isEmpty() ? disk.root() : start(directoryFd), path, follow);
  }

  /** Where a file is to be opened, or made if there is none. */
  Place findToCreate(int directoryFd, String path, boolean follow) {
    if (ownFile(path) != null) {
      return find(directoryFd, path, follow);
    }
    Directory start = path.startsWith("/") || path.isEmpty() ? disk.root() : start(directoryFd);
    return disk.findToCreate(start, path, follow);
  }

  /** Where a name is to be made, moved or removed. */
  Place findName(int directoryFd, String path) {
    return disk.findName(path.startsWith("/") || path.isEmpty() ? disk.root() : start(directoryFd), path);
  }

  private Directory start(int directoryFd) {
    if (directoryFd == FileFlags.AT_FDCWD) {
      return disk.root();
    }
    if (node(directoryFd) instanceof Directory directory) {
      return directory;
    }
    throw new FileError(Errno.ENOTDIR);
  }

  /** What is at a path; fails if nothing is. */
  Node existing(int directoryFd, String path, boolean follow) {
    Node node = find(directoryFd, path, follow).node();
    if (node == null) {
      throw new FileError(Errno.ENOENT);
    }
    node.cache();
    return node;
  }

  Directory directory(int directoryFd, String path) {
    if (existing(directoryFd, path, true) instanceof Directory directory) {
      return directory;
    }
    throw new FileError(Errno.ENOTDIR);
  }

  /** The open file, or null for one that is not on the disk. */
  @Nullable
  Node node(int fd) {
    OpenFile file = host.file(fd);
    if (file == null) {
      throw new FileError(Errno.EBADF);
    }
    return file instanceof NodeFile open ? open.node : file instanceof PipeEnd end ? end.fifo() : null;
  }

  /** What {@code /proc/self/fd/N} stands for, or null if it is another path. */
  @Nullable
  Node ownFile(String path) {
    if (!path.startsWith(OWN_FDS)) {
      return null;
    }
    String number = path.substring(OWN_FDS.length());
    if (!number.matches("\\d{1,9}") || host.file(Integer.parseInt(number)) == null) {
      throw new FileError(Errno.ENOENT);
    }
    Node node = node(Integer.parseInt(number));
    if (node == null) {
      throw new UnsupportedOperationException("the simulated kernel has " + path + " only for files on its disk");
    }
    return node;
  }
}
