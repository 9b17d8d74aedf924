package io.github.epollo.testkit.sim.disk;

import io.github.epollo.runtime.kernel.FileFlags;
import java.util.ArrayList;
import java.util.List;

/** An inode: what names stand for. It lives until it has no name and nobody has it open. */
public abstract sealed class Node permits RegularFile, Directory, SymbolicLink, Fifo {
  private static final long DAY_NANOS = 86_400_000_000_000L;

  final Disk disk;
  private final long number;
  private final List<Watcher> watchers = new ArrayList<>();
  private int mode;
  private int links;
  private int opens;
  private boolean cached = true;
  private long accessed;
  private long modified;
  private long changed;
  private final long born;

  Node(Disk disk, int mode) {
    this.disk = disk;
    this.number = disk.nextNumber();
    this.mode = mode;
    this.born = disk.now();
    this.accessed = born;
    this.modified = born;
    this.changed = born;
  }

  /** The inode's number. */
  public final long number() {
    return number;
  }

  /** Type and permissions. */
  public final int mode() {
    return mode;
  }

  /** Changes the permissions. */
  public final void permissions(int permissions) {
    mode = (mode & FileFlags.S_IFMT) | (permissions & 07777);
    changed = disk.now();
  }

  /** How many names it has. */
  public final int links() {
    return links;
  }

  final void links(int change) {
    links += change;
    changed = disk.now();
    freeIfUnused();
  }

  /** Somebody opens it. */
  public final void open() {
    opens++;
  }

  /** Somebody closes it. */
  public final void close() {
    opens--;
    freeIfUnused();
  }

  private void freeIfUnused() {
    if (links == 0 && opens == 0) {
      tell(Watcher.DELETE_SELF, 0, "");
      free();
    }
  }

  /** Gives its space back. */
  void free() {}

  /** Bytes of content, as statx(2) tells. */
  public abstract long size();

  /** Pages on the disk. */
  public long pages() {
    return 0;
  }

  /** Whether it is in memory, so that a look-up need not wait. */
  public final boolean isCached() {
    return cached;
  }

  /** Sets whether it is in memory. */
  final void cached(boolean isCached) {
    cached = isCached;
  }

  /** Brings it into memory. */
  public final void cache() {
    cached = true;
  }

  /** When it was last read, in nanoseconds since 1970; as by the mount option relatime. */
  public final long accessed() {
    return accessed;
  }

  /** When its content last changed. */
  public final long modified() {
    return modified;
  }

  /** When it last changed in any way. */
  public final long changed() {
    return changed;
  }

  /** When it was made. */
  public final long born() {
    return born;
  }

  /** It was read. */
  public final void touchAccessed() {
    long now = disk.now();
    if (accessed - modified <= 0 || accessed - changed <= 0 || now - accessed >= DAY_NANOS) {
      accessed = now;
    }
  }

  final void touchModified() {
    modified = disk.now();
    changed = modified;
  }

  /** Sets the times of access and modification. */
  public final void times(long accessedAt, long modifiedAt) {
    accessed = accessedAt;
    modified = modifiedAt;
    changed = disk.now();
  }

  final void copyTo(Node copy) {
    copy.mode = mode;
    copy.accessed = accessed;
    copy.modified = modified;
    copy.changed = changed;
    copy.cached = false;
  }

  /** Has {@code watcher} told what happens here. */
  public final void watch(Watcher watcher) {
    watchers.add(watcher);
    disk.watches(1);
  }

  /** Ends that. */
  public final void unwatch(Watcher watcher) {
    if (watchers.remove(watcher)) {
      disk.watches(-1);
    }
  }

  final void tell(int event, int cookie, String name) {
    for (Watcher watcher : List.copyOf(watchers)) {
      watcher.happened(event, cookie, name);
    }
  }

  /** Tells those who watch this, and those who watch the directories that it is in. */
  public final void happened(int event) {
    if (!disk.isWatched()) {
      return;
    }
    int directory = this instanceof Directory ? Watcher.IS_DIRECTORY : 0;
    tell(event | directory, 0, "");
    disk.namesOf(this).forEach(entry -> entry.directory().tell(event | directory, 0, entry.name()));
  }
}
