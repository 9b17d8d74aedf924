package io.github.epollo.fs;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.epollo.fs.engine.FileCall;
import io.github.epollo.fs.engine.FileContext;
import io.github.epollo.fs.engine.NativeBuffer;
import io.github.epollo.fs.engine.PathBytes;
import io.github.epollo.runtime.kernel.DirectoryEntries;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.Fd;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.FileKernel;
import io.github.epollo.runtime.kernel.FileStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Has a directory watched, and then lists it, so that nothing can come between. The result is the watch.
 *
 * <p>The directory is opened first, and watched by the name that its descriptor has in procfs: somebody may move it and put another in its place at any time. Where there is no procfs, it is watched by its path.
 */
final class WatchCall extends FileCall {
  /** A name in the directory. */
  record Entry(Path name, boolean directory) {}

  private static final int SECOND_NAME = 8192; // in the buffer for names, behind the path
  private static final int STATUS = FileContext.DATA_SIZE - FileStatus.SIZE; // in the buffer for entries, behind them

  private final FileContext context;
  private final Fd inotify;
  private final NativeBuffer names;
  private final NativeBuffer data;
  private final WatchedDirectory directory;
  private final int openFlags;
  private final int mask;
  private final boolean lists;
  private final int limit;
  private final List<Entry> entries = new ArrayList<>(); // by the thread that makes the call, until it is done
  private boolean cut;

  /**
   * A call for {@code directory}.
   *
   * @param lists whether it is listed
   * @param limit how many entries that are no directories are kept
   */
  WatchCall(FileContext context, Fd inotify, WatchedDirectory directory, int mask, boolean lists, int limit)
      throws IOException {
    super(context.engine(), context.kernel());
    this.context = context;
    this.inotify = inotify;
    this.directory = directory;
    this.openFlags = FileFlags.O_RDONLY | FileFlags.O_DIRECTORY | FileFlags.O_NONBLOCK | FileFlags.O_CLOEXEC
        | (directory.parent == null ? 0 : FileFlags.O_NOFOLLOW);
    this.mask = mask;
    this.lists = lists;
    this.limit = limit;
    this.names = PathMemory.of(context, directory.path());
    this.data = context.data().take();
    if (!inotify.acquire()) {
      free();
      throw new IllegalStateException("the watcher is closed: " + directory.path());
    }
  }

  WatchedDirectory directory() {
    return directory;
  }

  /** What is in the directory; {@code .} and {@code ..} are not. */
  List<Entry> entries() {
    return entries;
  }

  /** Whether entries were left out because there are too many. */
  boolean isCut() {
    return cut;
  }

  @Override
  protected long call(FileKernel kernel) {
    int number = kernel.openat(FileFlags.AT_FDCWD, names.address(), openFlags, 0);
    if (number < 0) {
      return number;
    }
    try {
      int watch = kernel.inotifyAddWatch(inotify.number(), secondName("/proc/self/fd/" + number), mask);
      if (watch == -Errno.ENOENT || watch == -Errno.ENOTDIR) {
        watch = kernel.inotifyAddWatch(inotify.number(), names.address(), mask);
      }
      long result = watch >= 0 && lists ? list(kernel, number) : 0;
      return result < 0 ? result : watch;
    } finally {
      int _ = context.loop().kernel().close(number);
    }
  }

  private long secondName(String text) {
    return secondName(text.getBytes(US_ASCII));
  }

  private long secondName(byte[] text) {
    names.bytes().put(SECOND_NAME, text).put(SECOND_NAME + text.length, (byte) 0);
    return names.address() + SECOND_NAME;
  }

  private long list(FileKernel kernel, int number) {
    while (true) {
      long filled = kernel.getdents(number, data.address(), STATUS);
      if (filled <= 0) {
        return filled;
      }
      DirectoryEntries batch = new DirectoryEntries(data.memory(), filled);
      while (batch.advance()) {
        byte[] name = batch.name();
        if (name[0] != '.' || name.length > 2 || (name.length == 2 && name[1] != '.')) {
          add(PathBytes.toPath(name), isDirectory(kernel, number, batch.type(), name));
        }
      }
    }
  }

  private void add(Path name, boolean isDirectory) {
    if (!isDirectory && entries.size() >= limit) {
      cut = true;
    } else {
      entries.add(new Entry(name, isDirectory));
    }
  }

  private boolean isDirectory(FileKernel kernel, int number, int type, byte[] name) {
    if (type != DirectoryEntries.UNKNOWN) {
      return type == FileFlags.S_IFDIR;
    }
    long status = data.address() + STATUS;
    int flags = FileFlags.AT_SYMLINK_NOFOLLOW | FileFlags.AT_NO_AUTOMOUNT;
    return kernel.statx(number, secondName(name), flags, FileStatus.BASIC, status) >= 0
        && (FileStatus.at(status).mode() & FileFlags.S_IFMT) == FileFlags.S_IFDIR;
  }

  @Override
  protected void release() {
    inotify.release();
    free();
  }

  private void free() {
    context.names().give(names);
    context.data().give(data);
  }
}
