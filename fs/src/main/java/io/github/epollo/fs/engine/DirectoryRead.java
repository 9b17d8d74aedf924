package io.github.epollo.fs.engine;

import io.github.epollo.runtime.kernel.DirectoryEntries;
import io.github.epollo.runtime.kernel.Fd;
import io.github.epollo.runtime.kernel.FileKernel;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;

/** One getdents64(2): some of the entries of an open directory, from where the last one stopped. No ring knows it. */
public final class DirectoryRead extends FileCall {
  private static final int LENGTH = 32 * 1024; // about a thousand names

  private final FileContext context;
  private final Fd directory;
  private final NativeBuffer memory;

  /**
   * A call that is not made yet.
   *
   * @throws ClosedChannelException if the directory was closed
   * @throws IOException if a ring is asked for and cannot be had
   */
  public DirectoryRead(FileContext context, Fd directory) throws IOException {
    super(context.engine(), context.kernel());
    this.context = context;
    this.directory = directory;
    if (!directory.acquire()) {
      throw new ClosedChannelException();
    }
    this.memory = context.data().take();
  }

  @Override
  protected long call(FileKernel kernel) {
    return kernel.getdents(directory.number(), memory.address(), LENGTH);
  }

  @Override
  protected void release() {
    context.data().give(memory);
    directory.release();
  }

  /** The entries that it has read, {@code length} bytes of them, but for {@code .} and {@code ..}; until {@link #end}. */
  public List<Entry> entries(long length) {
    List<Entry> found = new ArrayList<>();
    DirectoryEntries entries = new DirectoryEntries(memory.memory(), length);
    while (entries.advance()) {
      byte[] name = entries.name();
      if (!isSelfOrParent(name)) {
        found.add(new Entry(name, entries.type()));
      }
    }
    return found;
  }

  /** Whether it is {@code .} or {@code ..}. */
  public static boolean isSelfOrParent(byte[] name) {
    return name[0] == '.' && (name.length == 1 || (name.length == 2 && name[1] == '.'));
  }

  /** An entry of a directory. */
  public static final class Entry {
    private final byte[] name;
    private final int type;

    Entry(byte[] name, int type) {
      this.name = name;
      this.type = type;
    }

    /** Its bytes. */
    public byte[] name() {
      return name;
    }

    /** The {@code S_IF} bits of its mode, or {@link DirectoryEntries#UNKNOWN}. */
    public int type() {
      return type;
    }
  }

  @Override
  public String toString() {
    return "getdents64 " + directory;
  }
}
