package io.github.epollo.testkit.sim.disk;

import io.github.epollo.runtime.kernel.FileFlags;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A directory: names, a byte in each char, in the order in which they came. */
public final class Directory extends Node {
  /** Positions up to this one stand for {@code .} and {@code ..}. */
  public static final long DOTS = 2;

  /** A name in a directory. */
  public record Entry(Directory directory, String name, Node node, long position) {}

  private final Map<String, Entry> byName = new HashMap<>();
  private final TreeMap<Long, Entry> byPosition = new TreeMap<>();
  final TreeMap<String, Node> durable = new TreeMap<>(); // what a crash would leave, but for changes in the journal
  private Directory parent;
  private long next = DOTS + 1;

  Directory(Disk disk, int permissions, @Nullable Directory parent) {
    super(disk, FileFlags.S_IFDIR | permissions);
    this.parent = parent == null ? this : parent;
    links(1); // its own "."
  }

  /** The directory above; the root is above itself. */
  public Directory parent() {
    return parent;
  }

  /** What {@code name} stands for, or null. */
  @Nullable
  Node find(String name) {
    Entry entry = byName.get(name);
    return entry == null ? null : entry.node();
  }

  /** Whether there is nothing in it. */
  boolean isEmpty() {
    return byName.isEmpty();
  }

  /** Whether it was removed: then nothing can be made in it. */
  public boolean isRemoved() {
    return links() == 0;
  }

  /** The entries behind a position, in order. */
  public SortedMap<Long, Entry> after(long position) {
    return byPosition.tailMap(position, false);
  }

  /** Every entry, in order. */
  Iterable<Entry> entries() {
    return byPosition.values();
  }

  void put(String name, Node node) {
    remove(name);
    Entry entry = new Entry(this, name, node, next++);
    byName.put(name, entry);
    byPosition.put(entry.position(), entry);
    node.links(1);
    if (node instanceof Directory child) {
      child.parent = this;
      links(1); // its ".."
    }
    touchModified();
  }

  void remove(String name) {
    Entry entry = byName.remove(name);
    if (entry == null) {
      return;
    }
    byPosition.remove(entry.position());
    if (entry.node() instanceof Directory) {
      links(-1);
    }
    entry.node().links(-1);
    touchModified();
  }

  /** For a directory without a name: it loses its own ".", too. */
  void removed() {
    links(-1);
  }

  /** Whether this is {@code other}, or stands somewhere below it. */
  boolean isWithin(Directory other) {
    for (Directory d = this;; d = d.parent) {
      if (d == other) {
        return true;
      }
      if (d.parent == d) {
        return false;
      }
    }
  }

  @Override
  public long size() {
    return Disk.PAGE;
  }

  @Override
  public long pages() {
    return 1;
  }
}
