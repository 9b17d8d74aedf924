package io.github.epollo.testkit.sim.files;

import io.github.epollo.runtime.kernel.Epoll;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.InotifyEvents;
import io.github.epollo.testkit.sim.OpenFile;
import io.github.epollo.testkit.sim.SimWorld;
import io.github.epollo.testkit.sim.UserMemory;
import io.github.epollo.testkit.sim.disk.Directory;
import io.github.epollo.testkit.sim.disk.Node;
import io.github.epollo.testkit.sim.disk.Watcher;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An inotify(7) instance: watches, and what they have seen. */
final class Inotify extends OpenFile {
  private static final int MOST_EVENTS = 16_384; // /proc/sys/fs/inotify/max_queued_events
  private static final int REPORTED = 0xfff;
  private static final int ADD = 0x20000000; // IN_MASK_ADD
  private static final int CREATE = 0x10000000; // IN_MASK_CREATE
  private static final int DO_NOT_FOLLOW = 0x02000000; // IN_DONT_FOLLOW
  private static final int ONCE = 0x80000000; // IN_ONESHOT
  private static final int KNOWN = REPORTED | ADD | CREATE | DO_NOT_FOLLOW | ONCE | InotifyEvents.ONLY_DIRECTORY
      | InotifyEvents.EXCLUDE_UNLINKED;

  private record Event(int watch, int mask, int cookie, String name) {
    byte[] nameBytes() {
      return name.getBytes(StandardCharsets.ISO_8859_1);
    }
  }

  /** One inode that is watched. */
  private final class Watch implements Watcher {
    final int number;
    final Node node;
    int mask;

    Watch(int number, Node node, int mask) {
      this.number = number;
      this.node = node;
      this.mask = mask;
    }

    @Override
    public void happened(int event, int cookie, String name) {
      int self = Watcher.DELETE_SELF;
      if ((event & mask & REPORTED) != 0) {
        add(new Event(number, event, cookie, name));
        if ((mask & ONCE) != 0) {
          end(this);
          return;
        }
      }
      if ((event & self) != 0) {
        end(this);
      }
    }
  }

  private final Map<Integer, Watch> watches = new TreeMap<>();
  private final ArrayDeque<Event> events = new ArrayDeque<>();
  private int lastNumber;

  Inotify(SimWorld world, boolean nonBlocking) {
    super(world, nonBlocking);
  }

  /** Whether a link at the end of the path is to be followed. */
  static boolean follows(int mask) {
    return (mask & DO_NOT_FOLLOW) == 0;
  }

  /** inotify_add_watch(2). */
  int watch(Node node, int mask) {
    if ((mask & REPORTED) == 0 || (mask & ~KNOWN) != 0 || (mask & (ADD | CREATE)) == (ADD | CREATE)) {
      return -Errno.EINVAL;
    }
    if ((mask & InotifyEvents.ONLY_DIRECTORY) != 0 && !(node instanceof Directory)) {
      return -Errno.ENOTDIR;
    }
    Watch present = find(node);
    if (present != null) {
      if ((mask & CREATE) != 0) {
        return -Errno.EEXIST;
      }
      present.mask = (mask & ADD) != 0 ? present.mask | mask : mask;
      return present.number;
    }
    Watch watch = new Watch(++lastNumber, node, mask);
    watches.put(watch.number, watch);
    node.watch(watch);
    return watch.number;
  }

  private @Nullable Watch find(Node node) {
    for (Watch watch : watches.values()) {
      if (watch.node == node) {
        return watch;
      }
    }
    return null;
  }

  /** inotify_rm_watch(2). */
  int unwatch(int number) {
    Watch watch = watches.get(number);
    if (watch == null) {
      return -Errno.EINVAL;
    }
    end(watch);
    return 0;
  }

  private void end(Watch watch) {
    if (watches.remove(watch.number) != null) {
      watch.node.unwatch(watch);
      add(new Event(watch.number, InotifyEvents.IGNORED, 0, ""));
    }
  }

  /** An event that is as the last one is dropped; those for which there is no room leave one that says so. */
  private void add(Event event) {
    Event last = events.peekLast();
    if (event.equals(last) || (last != null && last.mask == InotifyEvents.QUEUE_OVERFLOW)) {
      return;
    }
    events.add(events.size() < MOST_EVENTS ? event : new Event(-1, InotifyEvents.QUEUE_OVERFLOW, 0, ""));
    wake(Epoll.IN);
  }

  @Override
  public int poll() {
    return events.isEmpty() ? 0 : Epoll.IN;
  }

  /** As many events as have room. */
  @Override
  public long read(UserMemory target) {
    if (events.isEmpty()) {
      return wouldBlock(false);
    }
    List<Event> taken = new ArrayList<>();
    int size = 0;
    while (!events.isEmpty() && size + InotifyEvents.size(events.getFirst().nameBytes()) <= target.length()) {
      Event event = events.removeFirst();
      size += InotifyEvents.size(event.nameBytes());
      taken.add(event);
    }
    if (taken.isEmpty()) {
      return -Errno.EINVAL;
    }
    target.write(bytes(taken, size));
    return size;
  }

  private static byte[] bytes(List<Event> events, int size) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(size);
    try (Arena arena = Arena.ofConfined()) {
      for (Event event : events) {
        byte[] name = event.nameBytes();
        UserMemory memory = UserMemory.of(arena.allocate(InotifyEvents.LONGEST, Long.BYTES).address(),
            InotifyEvents.size(name));
        InotifyEvents.write(memory.address(), event.watch, event.mask, event.cookie, name);
        bytes.writeBytes(memory.read(InotifyEvents.size(name)));
      }
    }
    return bytes.toByteArray();
  }

  @Override
  public long write(UserMemory source) {
    return -Errno.EBADF;
  }

  @Override
  protected void released() {
    watches.values().forEach(watch -> watch.node.unwatch(watch));
    watches.clear();
  }

  @Override
  public int statusFlags() {
    return super.statusFlags() & ~3;
  }

  @Override
  public String toString() {
    return "an inotify instance";
  }
}
