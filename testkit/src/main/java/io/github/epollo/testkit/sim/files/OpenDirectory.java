package io.github.epollo.testkit.sim.files;

import io.github.epollo.runtime.kernel.DirectoryEntries;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.testkit.sim.SimWorld;
import io.github.epollo.testkit.sim.UserMemory;
import io.github.epollo.testkit.sim.disk.Directory;
import io.github.epollo.testkit.sim.disk.Node;
import java.nio.charset.StandardCharsets;

/** A directory that is being listed. An entry that comes or goes meanwhile is listed or not; each of the others is, once. */
final class OpenDirectory extends NodeFile {
  private final Directory directory;
  private long position;

  OpenDirectory(SimWorld world, Directory directory, int flags) {
    super(world, directory, flags);
    this.directory = directory;
  }

  @Override
  public long read(UserMemory target) {
    return -Errno.EISDIR;
  }

  /** getdents64(2). */
  long list(long address, long length) {
    if (directory.isRemoved()) {
      return -Errno.ENOENT;
    }
    directory.touchAccessed();
    Filling filling = new Filling(address, length);
    if (position < 1 && filling.put(directory, 1, ".")) {
      position = 1;
    }
    if (position == 1 && filling.put(directory.parent(), Directory.DOTS, "..")) {
      position = Directory.DOTS;
    }
    if (position >= Directory.DOTS) {
      for (Directory.Entry entry : directory.after(position).values()) {
        if (!filling.put(entry.node(), entry.position(), entry.name())) {
          break;
        }
        position = entry.position();
      }
    }
    return filling.result();
  }

  /** Memory that entries are written into, as long as there is room. */
  private static final class Filling {
    private final long address;
    private final long length;
    private long filled;
    private boolean full;

    Filling(long address, long length) {
      this.address = address;
      this.length = length;
    }

    boolean put(Node node, long position, String name) {
      byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
      int size = DirectoryEntries.size(bytes);
      if (full || size > length - filled) {
        full = true;
        return false;
      }
      DirectoryEntries.write(address + filled, node.number(), position, node.mode() & FileFlags.S_IFMT, bytes);
      filled += size;
      return true;
    }

    long result() {
      return full && filled == 0 ? -Errno.EINVAL : filled;
    }
  }

  /** lseek(2): positions are those that getdents64(2) gave. */
  long seek(long offset, int whence) {
    if (whence != FileFlags.SEEK_SET && whence != FileFlags.SEEK_CUR) {
      return -Errno.EINVAL;
    }
    long target = whence == FileFlags.SEEK_CUR ? position + offset : offset;
    if (target < 0) {
      return -Errno.EINVAL;
    }
    position = target;
    return target;
  }

  @Override
  public String toString() {
    return "directory " + super.toString();
  }
}
