package io.github.epollo.testkit.sim.files;

import io.github.epollo.runtime.kernel.Clocks;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.FileSystemStatus;
import io.github.epollo.runtime.kernel.FileTimes;
import io.github.epollo.testkit.sim.OpenFile;
import io.github.epollo.testkit.sim.SimHost;
import io.github.epollo.testkit.sim.UserMemory;
import io.github.epollo.testkit.sim.disk.Directory;
import io.github.epollo.testkit.sim.disk.Disk;
import io.github.epollo.testkit.sim.disk.FileError;
import io.github.epollo.testkit.sim.disk.Node;
import io.github.epollo.testkit.sim.disk.Place;
import io.github.epollo.testkit.sim.disk.SymbolicLink;
import io.github.epollo.testkit.sim.disk.Tree;
import io.github.epollo.testkit.sim.disk.Watcher;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The calls that look names up; a name is a byte in each char. They answer, or throw a {@link FileError}. Whoever asks is root: permissions are kept, and stop nobody. */
public final class PathCalls {
  private static final long EXT4 = 0xef53;
  private static final long SECOND = 1_000_000_000;

  private final SimHost host;
  private final Paths paths;

  PathCalls(SimHost host, Paths paths) {
    this.host = host;
    this.paths = paths;
  }

  private Tree tree() {
    return paths.tree();
  }

  /** openat(2). */
  public int openat(int directoryFd, String path, int flags, int mode) {
    return new Opening(host, paths, flags, mode).open(directoryFd, path);
  }

  /** openat2(2). */
  public int openat2(int directoryFd, String path, long flags, long mode, long resolve) {
    if ((resolve & ~FileFlags.RESOLVE_CACHED) != 0) {
      throw new UnsupportedOperationException("the simulated kernel knows RESOLVE_CACHED only: " + resolve);
    }
    if ((flags >>> 32) != 0 || (mode & ~07777L) != 0
        || (mode != 0 && (flags & (FileFlags.O_CREAT | (FileFlags.O_TMPFILE & ~FileFlags.O_DIRECTORY))) == 0)) {
      return -Errno.EINVAL;
    }
    if (resolve != 0) {
      int changing = FileFlags.O_CREAT | FileFlags.O_TRUNC | (FileFlags.O_TMPFILE & ~FileFlags.O_DIRECTORY);
      if ((flags & changing) != 0) {
        return -Errno.EAGAIN;
      }
      Place place = paths.find(directoryFd, path, (flags & FileFlags.O_NOFOLLOW) == 0);
      Node node = place.node() == null ? place.directory() : place.node();
      if (!node.isCached()) {
        return -Errno.EAGAIN;
      }
    }
    return openat(directoryFd, path, (int) flags, (int) mode);
  }

  /** statx(2). */
  public int statx(int directoryFd, @Nullable String path, int flags, long statusAddress) {
    if (path == null || path.isEmpty()) {
      if ((flags & FileFlags.AT_EMPTY_PATH) == 0) {
        return -Errno.ENOENT;
      }
      if (directoryFd == FileFlags.AT_FDCWD) {
        Status.write(statusAddress, paths.disk().root());
      } else {
        Node node = paths.node(directoryFd);
        if (node == null) {
          Status.write(statusAddress, host.file(directoryFd));
        } else {
          Status.write(statusAddress, node);
        }
      }
      return 0;
    }
    Status.write(statusAddress, paths.existing(directoryFd, path, (flags & FileFlags.AT_SYMLINK_NOFOLLOW) == 0));
    return 0;
  }

  /** Whether the inode that a path stands for is in memory. */
  public boolean isCached(int directoryFd, @Nullable String path) {
    Node node = path == null || path.isEmpty() ? null : paths.find(directoryFd, path, true).node();
    return node == null || node.isCached();
  }

  /** fchmodat(2). */
  public int fchmodat(int directoryFd, String path, int mode) {
    Node node = paths.existing(directoryFd, path, true);
    node.permissions(mode);
    node.happened(Watcher.ATTRIBUTES);
    return 0;
  }

  /** utimensat(2); without a path, of the fd. */
  public int utimensat(int directoryFd, @Nullable String path, long timesAddress, int flags) {
    Node node = path == null
        ? paths.node(directoryFd)
        : paths.existing(directoryFd, path, (flags & FileFlags.AT_SYMLINK_NOFOLLOW) == 0);
    if (path == null && host.file(directoryFd) instanceof NodeFile file && file.isPath()) {
      return -Errno.EBADF;
    }
    if (node == null) {
      return 0;
    }
    FileTimes times = FileTimes.at(timesAddress);
    node.times(time(times, FileTimes.ACCESS, node.accessed()), time(times, FileTimes.MODIFICATION, node.modified()));
    node.happened(Watcher.ATTRIBUTES);
    return 0;
  }

  private long time(FileTimes times, int index, long present) {
    long nanos = times.nanos(index);
    if (nanos == FileTimes.OMIT) {
      return present;
    }
    if (nanos == FileTimes.NOW) {
      return host.clockGettime(Clocks.REALTIME);
    }
    if (nanos < 0 || nanos >= SECOND) {
      throw new FileError(Errno.EINVAL);
    }
    return times.seconds(index) * SECOND + nanos;
  }

  /** unlinkat(2). */
  public int unlinkat(int directoryFd, String path, int flags) {
    if ((flags & ~FileFlags.AT_REMOVEDIR) != 0) {
      return -Errno.EINVAL;
    }
    Place place = paths.findName(directoryFd, path);
    if (flags != 0) {
      tree().removeDirectory(place);
    } else {
      tree().remove(place);
    }
    return 0;
  }

  /** mkdirat(2). */
  public int mkdirat(int directoryFd, String path, int mode) {
    Directory _ = tree().createDirectory(paths.findName(directoryFd, path), mode & 01777 & ~Paths.UMASK);
    return 0;
  }

  /** mkfifoat(3). */
  public int mkfifoat(int directoryFd, String path, int mode) {
    tree().createFifo(paths.findName(directoryFd, path), mode & 07777 & ~Paths.UMASK);
    return 0;
  }

  /** renameat2(2). */
  public int renameat2(int sourceDirectoryFd, String source, int targetDirectoryFd, String target, int flags) {
    tree().rename(paths.findName(sourceDirectoryFd, source), paths.findName(targetDirectoryFd, target), flags);
    return 0;
  }

  /** linkat(2). */
  public int linkat(int sourceDirectoryFd, String source, int targetDirectoryFd, String target, int flags) {
    if ((flags & ~(FileFlags.AT_SYMLINK_FOLLOW | FileFlags.AT_EMPTY_PATH)) != 0) {
      return -Errno.EINVAL;
    }
    Node node = source.isEmpty() && (flags & FileFlags.AT_EMPTY_PATH) != 0
        ? paths.node(sourceDirectoryFd)
        : paths.existing(sourceDirectoryFd, source, (flags & FileFlags.AT_SYMLINK_FOLLOW) != 0);
    if (node == null) {
      return -Errno.EXDEV; // a pipe, a socket
    }
    tree().link(node, paths.findName(targetDirectoryFd, target));
    return 0;
  }

  /** symlinkat(2). */
  public int symlinkat(String target, int directoryFd, String path) {
    if (target.isEmpty()) {
      return -Errno.ENOENT;
    }
    tree().createLink(paths.findName(directoryFd, path), target);
    return 0;
  }

  /** readlinkat(2). */
  public long readlinkat(int directoryFd, String path, long bufferAddress, long length) {
    if (length <= 0) {
      return -Errno.EINVAL;
    }
    Node own = paths.ownFile(path);
    String target;
    if (own != null) {
      target = paths.disk().pathOf(own);
    } else {
      Node node = path.isEmpty() ? paths.node(directoryFd) : paths.existing(directoryFd, path, false);
      if (!(node instanceof SymbolicLink link)) {
        return path.isEmpty() ? -Errno.ENOENT : -Errno.EINVAL;
      }
      target = link.target();
    }
    byte[] bytes = target.substring(0, (int) Math.min(target.length(), length)).getBytes(StandardCharsets.ISO_8859_1);
    UserMemory.of(bufferAddress, length).write(bytes);
    return bytes.length;
  }

  /** inotify_init1(2). */
  public int inotifyInit(int flags) {
    return (flags & ~(FileFlags.O_CLOEXEC | FileFlags.O_NONBLOCK)) != 0
        ? -Errno.EINVAL
        : host.open(new Inotify(host.world(), (flags & FileFlags.O_NONBLOCK) != 0),
            (flags & FileFlags.O_CLOEXEC) != 0);
  }

  /** inotify_add_watch(2). */
  public int inotifyAddWatch(int fd, String path, int mask) {
    OpenFile file = host.file(fd);
    if (file == null) {
      return -Errno.EBADF;
    }
    if (!(file instanceof Inotify inotify)) {
      return -Errno.EINVAL;
    }
    return inotify.watch(paths.existing(FileFlags.AT_FDCWD, path, Inotify.follows(mask)), mask);
  }

  /** inotify_rm_watch(2). */
  public int inotifyRemoveWatch(int fd, int watch) {
    OpenFile file = host.file(fd);
    return file == null ? -Errno.EBADF : file instanceof Inotify inotify ? inotify.unwatch(watch) : -Errno.EINVAL;
  }

  /** statfs(2). */
  public int statfs(String path, long statusAddress) {
    Node _ = paths.existing(FileFlags.AT_FDCWD, path, true);
    Disk disk = paths.disk();
    FileSystemStatus.at(statusAddress).put(EXT4, Disk.PAGE, disk.totalPages(), disk.freePages(), disk.freePages());
    return 0;
  }
}
