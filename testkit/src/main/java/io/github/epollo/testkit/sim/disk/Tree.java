package io.github.epollo.testkit.sim.disk;

import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.testkit.sim.disk.Journal.Effect;
import org.jspecify.annotations.Nullable;

/** The calls that make, move and remove names. */
public final class Tree {
  private static final int MOST_LINKS = 65_000; // as ext4

  private final Disk disk;

  /** Those of {@code disk}. */
  public Tree(Disk disk) {
    this.disk = disk;
  }

  /** A place where nothing is and something can be made. */
  private static Place free(Place place, boolean directory) {
    if (place.node() != null) {
      throw new FileError(Errno.EEXIST);
    }
    if (place.slash() && !directory) {
      throw new FileError(Errno.ENOENT);
    }
    requireLiving(place.directory());
    return place;
  }

  private static void requireLiving(Directory directory) {
    if (directory.isRemoved()) {
      throw new FileError(Errno.ENOENT);
    }
  }

  private <T extends Node> T add(Place place, T node) {
    place.directory().put(place.name(), node);
    disk.remember(node, new Effect(place.directory(), place.name(), node));
    place.directory().tell(Watcher.CREATE | (node instanceof Directory ? Watcher.IS_DIRECTORY : 0), 0, place.name());
    return node;
  }

  /** Makes a regular file. */
  public RegularFile create(Place place, int permissions) {
    return add(free(place, false), new RegularFile(disk, permissions));
  }

  /** Makes a regular file without a name. */
  public RegularFile createUnnamed(Directory directory, int permissions) {
    requireLiving(directory);
    return new RegularFile(disk, permissions);
  }

  /** mkdir(2). */
  public Directory createDirectory(Place place, int permissions) {
    Place free = free(place, true);
    return add(free, new Directory(disk, permissions, free.directory()));
  }

  /** symlink(2). */
  public void createLink(Place place, String target) {
    SymbolicLink _ = add(free(place, false), new SymbolicLink(disk, target));
  }

  /** mkfifo(3). */
  public void createFifo(Place place, int permissions) {
    Fifo _ = add(free(place, false), new Fifo(disk, permissions));
  }

  /** link(2). */
  public void link(Node node, Place place) {
    Place free = free(place, false);
    if (node instanceof Directory) {
      throw new FileError(Errno.EPERM);
    }
    if (node.links() >= MOST_LINKS) {
      throw new FileError(Errno.EMLINK);
    }
    Node _ = add(free, node);
    node.tell(Watcher.ATTRIBUTES, 0, "");
  }

  /** unlink(2). */
  public void remove(Place place) {
    if (!place.isName()) {
      throw new FileError(Errno.EISDIR);
    }
    Node node = require(place);
    if (node instanceof Directory || place.slash()) {
      throw new FileError(node instanceof Directory ? Errno.EISDIR : Errno.ENOTDIR);
    }
    remove(place, node);
  }

  /** rmdir(2). */
  public void removeDirectory(Place place) {
    if (!place.isName()) {
      throw new FileError(switch (place.name()) {
        case "." -> Errno.EINVAL;
        case ".." -> Errno.ENOTEMPTY;
        default -> Errno.EBUSY;
      });
    }
    if (!(require(place) instanceof Directory directory)) {
      throw new FileError(Errno.ENOTDIR);
    }
    if (!directory.isEmpty()) {
      throw new FileError(Errno.ENOTEMPTY);
    }
    remove(place, directory);
  }

  private static Node require(Place place) {
    Node node = place.node();
    if (node == null) {
      throw new FileError(Errno.ENOENT);
    }
    return node;
  }

  private void remove(Place place, Node node) {
    node.open(); // it must not go before it is told
    drop(place.directory(), place.name(), node);
    disk.remember(node, new Effect(place.directory(), place.name(), null));
    int kind = node instanceof Directory ? Watcher.IS_DIRECTORY : 0;
    place.directory().tell(Watcher.DELETE | kind, 0, place.name());
    if (kind == 0) {
      node.tell(Watcher.ATTRIBUTES, 0, "");
    }
    node.close();
  }

  private static void drop(Directory directory, String name, Node node) {
    directory.remove(name);
    if (node instanceof Directory removed) {
      removed.removed();
    }
  }

  /** renameat2(2). */
  public void rename(Place from, Place to, int flags) {
    if ((flags & ~(FileFlags.RENAME_NOREPLACE | FileFlags.RENAME_EXCHANGE)) != 0
        || flags == (FileFlags.RENAME_NOREPLACE | FileFlags.RENAME_EXCHANGE)) {
      throw new FileError(Errno.EINVAL);
    }
    if (!from.isName() || !to.isName()) {
      throw new FileError(from.isName() && flags == FileFlags.RENAME_NOREPLACE ? Errno.EEXIST : Errno.EBUSY);
    }
    Node node = require(from);
    Node other = to.node();
    boolean exchange = flags == FileFlags.RENAME_EXCHANGE;
    if (flags == FileFlags.RENAME_NOREPLACE && other != null) {
      throw new FileError(Errno.EEXIST);
    }
    if (exchange && other == null) {
      throw new FileError(Errno.ENOENT);
    }
    boolean file = !(node instanceof Directory);
    if ((exchange && to.slash() && !(other instanceof Directory))
        || (file && (from.slash() || (to.slash() && !exchange)))) {
      throw new FileError(Errno.ENOTDIR);
    }
    requireLiving(to.directory());
    if (node instanceof Directory moved && to.directory().isWithin(moved)) {
      throw new FileError(Errno.EINVAL);
    }
    if (other instanceof Directory moved && from.directory().isWithin(moved)) {
      throw new FileError(exchange ? Errno.EINVAL : Errno.ENOTEMPTY);
    }
    if (node == other) {
      return;
    }
    if (exchange) {
      exchange(from, node, to, require(to));
    } else {
      requireReplaceable(node, other);
      move(from, node, to, other);
    }
  }

  private static void requireReplaceable(Node node, @Nullable Node other) {
    if (other instanceof Directory target) {
      if (!(node instanceof Directory)) {
        throw new FileError(Errno.EISDIR);
      }
      if (!target.isEmpty()) {
        throw new FileError(Errno.ENOTEMPTY);
      }
    } else if (other != null && node instanceof Directory) {
      throw new FileError(Errno.ENOTDIR);
    }
  }

  private void move(Place from, Node node, Place to, @Nullable Node other) {
    node.open();
    if (other != null) {
      other.open();
      drop(to.directory(), to.name(), other);
    }
    from.directory().remove(from.name());
    to.directory().put(to.name(), node);
    disk.remember(node, new Effect(from.directory(), from.name(), null),
        new Effect(to.directory(), to.name(), node));
    tellMoved(from, to, node);
    if (other != null) {
      if (!(other instanceof Directory)) {
        other.tell(Watcher.ATTRIBUTES, 0, "");
      }
      other.close();
    }
    node.close();
  }

  private void exchange(Place from, Node node, Place to, Node other) {
    node.open();
    other.open();
    from.directory().remove(from.name());
    to.directory().remove(to.name());
    from.directory().put(from.name(), other);
    to.directory().put(to.name(), node);
    disk.remember(node, new Effect(from.directory(), from.name(), other),
        new Effect(to.directory(), to.name(), node));
    tellMoved(from, to, node);
    tellMoved(to, from, other);
    node.close();
    other.close();
  }

  private void tellMoved(Place from, Place to, Node node) {
    int kind = node instanceof Directory ? Watcher.IS_DIRECTORY : 0;
    int cookie = disk.nextCookie();
    from.directory().tell(Watcher.MOVED_FROM | kind, cookie, from.name());
    to.directory().tell(Watcher.MOVED_TO | kind, cookie, to.name());
    node.tell(Watcher.MOVE_SELF, 0, "");
  }
}
