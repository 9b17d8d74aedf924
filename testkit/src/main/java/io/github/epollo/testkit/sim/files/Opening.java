package io.github.epollo.testkit.sim.files;

import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.testkit.sim.OpenFile;
import io.github.epollo.testkit.sim.SimHost;
import io.github.epollo.testkit.sim.WouldWait;
import io.github.epollo.testkit.sim.disk.Directory;
import io.github.epollo.testkit.sim.disk.Fifo;
import io.github.epollo.testkit.sim.disk.FileError;
import io.github.epollo.testkit.sim.disk.Node;
import io.github.epollo.testkit.sim.disk.Place;
import io.github.epollo.testkit.sim.disk.RegularFile;
import io.github.epollo.testkit.sim.disk.SymbolicLink;
import io.github.epollo.testkit.sim.disk.Watcher;

/** openat(2). */
final class Opening {
  private static final int PATH_FLAGS = FileFlags.O_PATH | FileFlags.O_DIRECTORY | FileFlags.O_NOFOLLOW
      | FileFlags.O_CLOEXEC;

  private final SimHost host;
  private final Paths paths;
  private final int flags;
  private final int mode;

  Opening(SimHost host, Paths paths, int flags, int mode) {
    this.host = host;
    this.paths = paths;
    this.flags = (flags & FileFlags.O_PATH) != 0 ? flags & PATH_FLAGS : flags;
    this.mode = mode & 07777 & ~Paths.UMASK;
  }

  private boolean has(int flag) {
    return (flags & flag) == flag;
  }

  /** The new fd. */
  int open(int directoryFd, String path) {
    if (host.isFull()) {
      throw new FileError(Errno.EMFILE);
    }
    if (has(FileFlags.O_CREAT) && has(FileFlags.O_DIRECTORY)) {
      throw new FileError(Errno.EINVAL);
    }
    OpenFile file = has(FileFlags.O_TMPFILE) ? unnamed(directoryFd, path) : named(directoryFd, path);
    return host.open(file, has(FileFlags.O_CLOEXEC));
  }

  private OpenFile unnamed(int directoryFd, String path) {
    if ((flags & FileFlags.O_ACCMODE) == FileFlags.O_RDONLY) {
      throw new FileError(Errno.EINVAL);
    }
    Directory directory = paths.directory(directoryFd, path);
    return new OpenRegular(host.world(), paths.tree().createUnnamed(directory, mode), flags);
  }

  private OpenFile named(int directoryFd, String path) {
    boolean exclusive = has(FileFlags.O_CREAT) && has(FileFlags.O_EXCL);
    boolean follow = !has(FileFlags.O_NOFOLLOW) && !exclusive;
    Place place = has(FileFlags.O_CREAT)
        ? paths.findToCreate(directoryFd, path, follow)
        : paths.find(directoryFd, path, follow);
    if (has(FileFlags.O_CREAT) && place.slash() && place.isName()) {
      throw new FileError(Errno.EISDIR);
    }
    Node node = place.node();
    if (node == null) {
      if (!has(FileFlags.O_CREAT)) {
        throw new FileError(Errno.ENOENT);
      }
      return opened(new OpenRegular(host.world(), paths.tree().create(place, mode), flags));
    }
    if (exclusive) {
      throw new FileError(Errno.EEXIST);
    }
    node.cache();
    if (has(FileFlags.O_DIRECTORY) && !(node instanceof Directory)) {
      throw new FileError(Errno.ENOTDIR);
    }
    if (has(FileFlags.O_PATH)) {
      return new NodeFile(host.world(), node, flags);
    }
    return switch (node) {
      case SymbolicLink _ -> throw new FileError(Errno.ELOOP);
      case Directory directory -> directory(directory);
      case RegularFile file -> regular(file);
      case Fifo fifo -> fifo(fifo);
    };
  }

  private OpenFile directory(Directory directory) {
    int writing = FileFlags.O_ACCMODE | FileFlags.O_CREAT | FileFlags.O_TRUNC;
    if ((flags & writing) != 0) {
      throw new FileError(Errno.EISDIR);
    }
    return opened(new OpenDirectory(host.world(), directory, flags));
  }

  private OpenFile regular(RegularFile file) {
    OpenRegular open = new OpenRegular(host.world(), file, flags);
    if (has(FileFlags.O_TRUNC)) {
      file.truncate(0);
      file.happened(Watcher.MODIFY);
    }
    return opened(open);
  }

  private static OpenFile opened(NodeFile file) {
    file.node.happened(Watcher.OPEN);
    return file;
  }

  private OpenFile fifo(Fifo fifo) {
    int access = flags & FileFlags.O_ACCMODE;
    boolean nonBlocking = has(FileFlags.O_NONBLOCK);
    Pipe pipe = fifo.pipe() instanceof Pipe present ? present : new Pipe();
    boolean ready = switch (access) {
      case FileFlags.O_RDONLY -> pipe.hasWriters();
      case FileFlags.O_WRONLY -> pipe.hasReaders();
      default -> true;
    };
    if (!ready && !nonBlocking) {
      throw new WouldWait("nobody has the other end of the FIFO open; open it with O_NONBLOCK or O_RDWR");
    }
    if (!ready && access == FileFlags.O_WRONLY) {
      throw new FileError(Errno.ENXIO);
    }
    fifo.pipe(pipe);
    PipeEnd end = new PipeEnd(host.world(), pipe, fifo, access, nonBlocking);
    pipe.wake(0);
    return end;
  }
}
