package io.github.epollo.fs.engine;

import io.github.epollo.runtime.kernel.DirectoryEntries;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.Fd;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.FileKernel;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of the entries of an open directory are read, and those that are no directories removed, by names within it: many system calls as one, for a thread, since each alone costs less than a way to
 * the thread and back.
 *
 * <p>The result is how many bytes of entries there were, 0 at the end, or {@code -errno}, of {@link #culprit} if that is not null.
 */
public final class DirectoryPurge extends FileCall {
  private static final int LENGTH = 32 * 1024;

  private final FileContext context;
  private final Fd directory;
  private final NativeBuffer entries;
  private final NativeBuffer names;

  // written by the thread, read when the call is done
  private final List<DirectoryRead.Entry> directories = new ArrayList<>();
  private byte @Nullable [] culprit;

  /**
   * A call that is not made yet.
   *
   * @throws ClosedChannelException if the directory was closed
   * @throws IOException if a ring is asked for and cannot be had
   */
  public DirectoryPurge(FileContext context, Fd directory) throws IOException {
    super(context.engine(), context.kernel());
    this.context = context;
    this.directory = directory;
    if (!directory.acquire()) {
      throw new ClosedChannelException();
    }
    this.entries = context.data().take();
    this.names = context.names().take();
  }

  @Override
  protected long call(FileKernel kernel) {
    long length = kernel.getdents(directory.number(), entries.address(), LENGTH);
    DirectoryEntries read = new DirectoryEntries(entries.memory(), Math.max(length, 0));
    while (!isCancelled() && read.advance()) {
      byte[] name = read.name();
      if (DirectoryRead.isSelfOrParent(name)) {
        continue;
      }
      int result = read.type() == FileFlags.S_IFDIR ? -Errno.EISDIR : unlink(kernel, name);
      if (result == -Errno.EISDIR) {
        directories.add(new DirectoryRead.Entry(name, FileFlags.S_IFDIR));
      } else if (result < 0 && result != -Errno.ENOENT) { // gone is what was asked for
        culprit = name;
        return result;
      }
    }
    return length;
  }

  private int unlink(FileKernel kernel, byte[] name) {
    MemorySegment.copy(name, 0, names.memory(), ValueLayout.JAVA_BYTE, 0, name.length);
    names.memory().set(ValueLayout.JAVA_BYTE, name.length, (byte) 0);
    return kernel.unlinkat(directory.number(), names.address(), 0);
  }

  @Override
  protected void release() {
    context.data().give(entries);
    context.names().give(names);
    directory.release();
  }

  /** The directories that were among them, and are there still. */
  public List<DirectoryRead.Entry> directories() {
    return directories;
  }

  /** The name that could not be removed; null if it is not that which has failed. */
  public byte @Nullable [] culprit() {
    return culprit;
  }

  @Override
  public String toString() {
    return "purge " + directory;
  }
}
