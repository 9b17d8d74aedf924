package io.github.epollo.testkit.sim.disk;

import io.github.epollo.runtime.kernel.Errno;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * A file system, and the device under it.
 *
 * <p><b>What a crash leaves.</b> Of a file: its content as of the last fsync(2) or fdatasync(2) of it, but each sector of 512 bytes that was written since may hold
 * anything that it held since, and the size may be any that the file had since, each by itself. Of names: those as of the last fsync(2) of their directory, and of the changes since then any may be
 * lost, each as a whole, as {@link Journal} says; syncing a file makes no name of it stay. A move from one directory to another stays for sure when both are synced. Modes and times stay
 * as they were. That is what POSIX promises and less than ext4 does.
 */
public final class Disk {
  /** Bytes of a page, which is also a block. */
  public static final int PAGE = 4096;

  private static final long DEFAULT_CAPACITY = 1L << 40;
  private static final long DEFAULT_LATENCY = 100_000; // of a solid-state disk

  private LongSupplier clock;
  private final Directory root;
  private final Journal journal = new Journal();
  private long pages = DEFAULT_CAPACITY / PAGE;
  private long used;
  private long numbers = 2; // of the root, as everywhere
  private long latency = DEFAULT_LATENCY;
  private int watches;
  private int cookies;
  private long changes;
  private long seenChanges;
  private Runnable observer = () -> {};

  /** An empty file system, but for {@code /tmp}; {@code clock} tells the nanoseconds since 1970. */
  public Disk(LongSupplier clock) {
    this(clock, true);
  }

  private Disk(LongSupplier clock, boolean fresh) {
    this.clock = clock;
    this.root = new Directory(this, 0755, null);
    root.links(1); // nobody's entry, but it is never removed
    if (fresh) {
      Directory tmp = new Directory(this, 01777, root);
      root.put("tmp", tmp);
      root.durable.put("tmp", tmp);
    }
  }

  long now() {
    return clock.getAsLong();
  }

  long nextNumber() {
    return numbers++;
  }

  int nextCookie() {
    return ++cookies;
  }

  /** Notes a change of names. */
  void remember(Node subject, Journal.Effect... effects) {
    journal.add(subject, effects);
    changed();
  }

  /** The top of the tree. */
  public Directory root() {
    return root;
  }

  /** Walks along a path, a byte in each char. {@code follow}: whether a link at its end is followed. */
  public Place find(Directory start, String path, boolean follow) {
    return new Lookup(root, start, path, follow, false).walk();
  }

  /** As {@link #find}, whatever a path that ends with a slash leads to. */
  public Place findToCreate(Directory start, String path, boolean follow) {
    return new Lookup(root, start, path, follow, true).walk();
  }

  /** As {@link #find}, for calls that make, move or remove the name at the end, whatever it stands for. */
  public Place findName(Directory start, String path) {
    return new Lookup(root, start, path, false, true).walk();
  }

  // ---- space

  /** Sets how much fits. */
  public void capacity(long bytes) {
    pages = bytes / PAGE;
  }

  /** Pages in all. */
  public long totalPages() {
    return pages;
  }

  /** Pages that are free. */
  public long freePages() {
    return Math.max(0, pages - used);
  }

  boolean isFull() {
    return freePages() == 0;
  }

  void requireRoom(long count) {
    if (count > freePages()) {
      throw new FileError(Errno.ENOSPC);
    }
  }

  void take(long count) {
    requireRoom(count);
    used += count;
  }

  void give(long count) {
    used -= count;
  }

  // ---- the device

  /** Nanoseconds that the device takes for a page. */
  public long latency() {
    return latency;
  }

  /** See {@link #latency()}. */
  public void latency(long nanos) {
    latency = nanos;
  }

  /** Empties the page cache and that of names. */
  public void evict() {
    for (Node node : all()) {
      if (node instanceof RegularFile file) {
        file.evict();
      }
      node.cached(false);
    }
  }

  private List<Node> all() {
    Set<Node> seen = new HashSet<>();
    List<Node> nodes = new ArrayList<>();
    collect(root, seen, nodes);
    return nodes;
  }

  private static void collect(Node node, Set<Node> seen, List<Node> nodes) {
    if (seen.add(node)) {
      nodes.add(node);
      if (node instanceof Directory directory) {
        directory.entries().forEach(e -> collect(e.node(), seen, nodes));
      }
    }
  }

  // ---- watches

  void watches(int change) {
    watches += change;
  }

  boolean isWatched() {
    return watches > 0;
  }

  /** Every name of {@code node}. */
  public List<Directory.Entry> namesOf(Node node) {
    List<Directory.Entry> names = new ArrayList<>();
    for (Node each : all()) {
      if (each instanceof Directory directory) {
        directory.entries().forEach(e -> {
          if (e.node() == node) {
            names.add(e);
          }
        });
      }
    }
    return names;
  }

  /** A path of {@code node}, as /proc tells it. */
  public String pathOf(Node node) {
    if (node == root) {
      return "/";
    }
    List<Directory.Entry> names = namesOf(node);
    if (names.isEmpty()) {
      return "/#" + node.number() + " (deleted)";
    }
    Directory.Entry first = names.getFirst();
    return (first.directory() == root ? "" : pathOf(first.directory())) + "/" + first.name();
  }

  // ---- crashes

  /** Has time told by another clock. */
  public void clock(LongSupplier other) {
    clock = other;
  }

  /** What a crash would leave is another from now on. */
  void changed() {
    changes++;
  }

  /** Has {@code newObserver} called after each call that changed what a crash would leave. */
  public void observe(Runnable newObserver) {
    observer = newObserver;
    seenChanges = changes;
  }

  /** A call has ended. */
  public void settled() {
    if (changes != seenChanges) {
      seenChanges = changes;
      observer.run();
    }
  }

  /** fsync(2) of a directory. */
  public void sync(Directory directory) {
    journal.sync(directory);
    changed();
  }

  /** sync(2). */
  public void syncAll() {
    journal.syncAll();
    for (Node node : all()) {
      if (node instanceof RegularFile file) {
        file.sync();
      }
    }
  }

  /** What is on it: names and content, as a text that tells two disks apart. */
  public String describe() {
    StringBuilder text = new StringBuilder();
    describe(root, "", text);
    return text.toString();
  }

  private static void describe(Directory directory, String path, StringBuilder text) {
    Map<String, Node> names = new TreeMap<>();
    directory.entries().forEach(e -> names.put(e.name(), e.node()));
    names.forEach((name, node) -> {
      text.append(path).append('/').append(name);
      switch (node) {
        case RegularFile file -> text.append(" (").append(file.size()).append(" bytes, checksum ")
            .append(Long.toHexString(file.checksum())).append(")\n");
        case SymbolicLink link -> text.append(" -> ").append(link.target()).append('\n');
        case Fifo _ -> text.append(" (FIFO)\n");
        case Directory child -> {
          text.append("/\n");
          describe(child, path + "/" + name, text);
        }
      }
    });
  }

  /** What a crash leaves, as a file system of its own that was just mounted; this one is as before. */
  public Disk crashed(CrashChoice choice) {
    Disk left = new Disk(clock, false);
    left.pages = pages;
    left.latency = latency;
    copy(journal.crashed(choice), root, left, left.root, new HashMap<>(), choice);
    left.syncAll();
    return left;
  }

  private static void copy(Journal.Names names, Directory from, Disk left, Directory to, Map<Node, Node> copies,
      CrashChoice choice) {
    from.copyTo(to);
    names.in(from).forEach((name, node) -> {
      Node copy = copies.get(node);
      if (copy == null) {
        copy = switch (node) {
          case RegularFile file -> file.crashed(left, choice);
          case Directory _ -> new Directory(left, 0, to);
          case SymbolicLink link -> new SymbolicLink(left, link.target());
          case Fifo _ -> new Fifo(left, 0);
        };
        copies.put(node, copy);
        node.copyTo(copy);
        to.put(name, copy);
        to.durable.put(name, copy);
        if (node instanceof Directory directory && copy instanceof Directory target) {
          copy(names, directory, left, target, copies, choice);
        }
      } else if (!(copy instanceof Directory)) { // fsck leaves a directory one name
        to.put(name, copy);
        to.durable.put(name, copy);
      }
    });
    from.copyTo(to);
  }
}
