package io.github.epollo.testkit.sim.files;

import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.testkit.sim.OpenFile;
import io.github.epollo.testkit.sim.SimWorld;
import io.github.epollo.testkit.sim.UserMemory;
import io.github.epollo.testkit.sim.disk.Node;
import io.github.epollo.testkit.sim.disk.Watcher;

/** An open file on a disk. By itself it is one that was opened with O_PATH: a name that can be neither read nor written. */
class NodeFile extends OpenFile {
  private static final int CHANGEABLE = FileFlags.O_APPEND | FileFlags.O_DIRECT | FileFlags.O_NOATIME;

  final Node node;
  private int flags;

  NodeFile(SimWorld world, Node node, int flags) {
    super(world, (flags & FileFlags.O_NONBLOCK) != 0);
    this.node = node;
    this.flags = flags;
    node.open();
  }

  final boolean has(int flag) {
    return (flags & flag) == flag;
  }

  final boolean isPath() {
    return has(FileFlags.O_PATH);
  }

  final boolean isReadable() {
    return !isPath() && (flags & FileFlags.O_ACCMODE) != FileFlags.O_WRONLY;
  }

  final boolean isWritable() {
    return !isPath() && (flags & FileFlags.O_ACCMODE) != FileFlags.O_RDONLY;
  }

  @Override
  public final int statusFlags() {
    int creation = FileFlags.O_CREAT | FileFlags.O_EXCL | FileFlags.O_NOCTTY | FileFlags.O_TRUNC | FileFlags.O_CLOEXEC
        | FileFlags.O_NONBLOCK;
    return (flags & ~creation) | (isNonBlocking() ? FileFlags.O_NONBLOCK : 0);
  }

  @Override
  public final void setStatusFlags(int newFlags) {
    super.setStatusFlags(newFlags);
    flags = (flags & ~CHANGEABLE) | (newFlags & CHANGEABLE);
  }

  @Override
  public final boolean isPollable() {
    return false;
  }

  @Override
  public int poll() {
    return 0;
  }

  @Override
  public long read(UserMemory target) {
    return -Errno.EBADF;
  }

  @Override
  public long write(UserMemory source) {
    return -Errno.EBADF;
  }

  @Override
  protected void released() {
    if (!isPath()) {
      node.happened(isWritable() ? Watcher.CLOSE_WRITE : Watcher.CLOSE_NO_WRITE);
    }
    node.close();
  }

  @Override
  public String toString() {
    return "inode " + node.number();
  }
}
