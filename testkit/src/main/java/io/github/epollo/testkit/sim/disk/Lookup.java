package io.github.epollo.testkit.sim.disk;

import io.github.epollo.runtime.kernel.Errno;
import java.util.ArrayDeque;
import java.util.Deque;

/** One walk along a path, see path_resolution(7). */
final class Lookup {
  private static final int LONGEST_NAME = 255;
  private static final int LONGEST_PATH = 4095;
  private static final int MOST_LINKS = 40;

  private final Directory root;
  private final boolean follow;
  private final boolean nameOnly;
  private final Deque<String> left = new ArrayDeque<>();
  private Directory at;
  private boolean slash;
  private int links;

  /** {@code follow}: whether a link at the end is followed; else, unless {@code nameOnly}, it is before a slash. */
  Lookup(Directory root, Directory start, String path, boolean follow, boolean nameOnly) {
    if (path.isEmpty()) {
      throw new FileError(Errno.ENOENT);
    }
    if (path.length() > LONGEST_PATH) {
      throw new FileError(Errno.ENAMETOOLONG);
    }
    this.root = root;
    this.follow = follow;
    this.nameOnly = nameOnly;
    this.at = start;
    this.slash = path.endsWith("/");
    begin(path);
  }

  private void begin(String path) {
    String[] parts = path.split("/", -1);
    for (int i = parts.length - 1; i >= 0; i--) {
      if (!parts[i].isEmpty()) {
        left.addFirst(parts[i]);
      }
    }
    if (path.startsWith("/")) {
      at = root;
    }
  }

  Place walk() {
    while (!left.isEmpty()) {
      String name = left.removeFirst();
      boolean last = left.isEmpty();
      if (name.length() > LONGEST_NAME) {
        throw new FileError(Errno.ENAMETOOLONG);
      }
      if (name.equals(".") || name.equals("..")) {
        at = name.equals(".") ? at : at.parent();
        if (last) {
          return new Place(at, name, at, slash);
        }
        continue;
      }
      Node node = at.find(name);
      if (node instanceof SymbolicLink link && (!last || (slash ? !nameOnly : follow))) {
        follow(link, last);
      } else if (last) {
        if (slash && !nameOnly && node != null && !(node instanceof Directory)) {
          throw new FileError(Errno.ENOTDIR);
        }
        return new Place(at, name, node, slash);
      } else if (node == null) {
        throw new FileError(Errno.ENOENT);
      } else if (node instanceof Directory directory) {
        at = directory;
      } else {
        throw new FileError(Errno.ENOTDIR);
      }
    }
    return new Place(at, "", at, slash);
  }

  private void follow(SymbolicLink link, boolean last) {
    if (++links > MOST_LINKS) {
      throw new FileError(Errno.ELOOP);
    }
    slash |= last && link.target().endsWith("/");
    begin(link.target());
  }
}
