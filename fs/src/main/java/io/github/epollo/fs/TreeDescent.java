package io.github.epollo.fs;

import io.github.epollo.fs.engine.Name;
import io.github.epollo.runtime.kernel.Fd;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A way down a tree of directories: each is opened by its name in the one above, so that nothing that others do to the tree leads anywhere else. Of a deep one, only the last {@link #MAX_OPEN} or so
 * directories are open; one that was closed is found again by {@code ..}, and recognised.
 *
 * <p>Used by one thread at a time.
 */
final class TreeDescent implements AutoCloseable {
  static final int MAX_OPEN = 32;

  private static final Object PARENT = "the directory above";

  private final Names names;
  private final List<TreeLevel> levels = new ArrayList<>();
  private int open;

  TreeDescent(Names names) {
    this.names = names;
  }

  /** Goes down. The level's directory is the descent's from here on. */
  void push(TreeLevel level) {
    levels.add(level);
    open++;
  }

  /** The directory it is at; null if it has left the first. */
  @Nullable
  TreeLevel last() {
    return levels.isEmpty() ? null : levels.getLast();
  }

  int depth() {
    return levels.size();
  }

  TreeLevel level(int index) {
    return levels.get(index);
  }

  /** The level to {@link #shed} before the next one is pushed; null if there is room. */
  @Nullable
  TreeLevel tooMany() {
    if (open < MAX_OPEN) {
      return null;
    }
    for (int i = 0; i + 1 < levels.size(); i++) {
      if (levels.get(i).fd != null && !levels.get(i + 1).throughLink) {
        return levels.get(i);
      }
    }
    return null;
  }

  /** Closes the directory of a level that is not the last, until it is the last again. */
  void shed(TreeLevel level) throws IOException {
    identify(level);
    close(level);
  }

  /** Asks which directory a level is, if that is not known. */
  FileIdentity identify(TreeLevel level) throws IOException {
    FileIdentity known = level.identity;
    if (known == null) {
      known = names.status(Name.itself(level.open(), level), true, FileIdentity::of);
      level.identity = known;
    }
    return known;
  }

  /** Goes up, and answers the level that it was at, which is closed. */
  TreeLevel pop() throws IOException {
    TreeLevel left = levels.removeLast();
    try {
      TreeLevel now = last();
      if (now != null && now.fd == null) {
        reopen(now, left);
      }
    } finally {
      close(left);
    }
    return left;
  }

  private void reopen(TreeLevel level, TreeLevel below) throws IOException {
    Fd parent = names.openDirectory(new Name(below.open(), new byte[]{'.', '.'}, PARENT), false);
    level.fd = parent;
    open++;
    FileIdentity found = names.status(Name.itself(parent, level), true, FileIdentity::of);
    if (!found.equals(level.identity)) {
      throw new FileSystemException(level.toString(), null,
          below + " is not in it any more: it was moved while the tree was traversed");
    }
  }

  private void close(TreeLevel level) {
    Fd fd = level.fd;
    if (fd != null) {
      fd.close();
      level.fd = null;
      open--;
    }
  }

  /** Closes all. */
  @Override
  public void close() {
    levels.forEach(this::close);
    levels.clear();
  }
}
