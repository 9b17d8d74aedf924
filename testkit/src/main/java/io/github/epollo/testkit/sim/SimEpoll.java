package io.github.epollo.testkit.sim;

import io.github.epollo.runtime.kernel.Epoll;
import io.github.epollo.runtime.kernel.EpollEvents;
import io.github.epollo.runtime.kernel.Errno;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * An epoll instance, as Linux has it: an item goes onto the ready list when its file wakes it, whatever state the file is in by the time somebody asks; asking reads that state.
 */
final class SimEpoll extends OpenFile {
  private static final int EXCLUSIVE_ALLOWED = Epoll.IN | Epoll.OUT | Epoll.ERR | Epoll.HUP | Epoll.ET
      | EpollItem.EXCLUSIVE | (1 << 29);
  private static final int MAX_NESTING = 5;

  private record Key(int fd, long file) {}

  private final Map<Key, EpollItem> items = new LinkedHashMap<>();
  private final LinkedHashSet<EpollItem> ready = new LinkedHashSet<>();

  SimEpoll(SimWorld world) {
    super(world, false);
    world.loops().created(this);
  }

  /** epoll_ctl(2), once both fds are known to be open. */
  int control(int operation, int fd, OpenFile file, int events, long data) {
    boolean exclusive = (events & EpollItem.EXCLUSIVE) != 0;
    if (file == this || (exclusive && operation == Epoll.CTL_MOD)) {
      return -Errno.EINVAL;
    }
    if (exclusive && operation == Epoll.CTL_ADD
        && (file instanceof SimEpoll || (events & ~EXCLUSIVE_ALLOWED) != 0)) {
      return -Errno.EINVAL;
    }
    if (operation == Epoll.CTL_ADD && file instanceof SimEpoll inner
        && (isWatchedBy(inner) || inner.depth() >= MAX_NESTING)) {
      return -Errno.ELOOP;
    }
    EpollItem item = items.get(new Key(fd, file.id));
    return switch (operation) {
      case Epoll.CTL_ADD -> item != null ? -Errno.EEXIST : add(fd, file, events, data);
      case Epoll.CTL_MOD -> item == null ? -Errno.ENOENT : modify(item, events, data);
      case Epoll.CTL_DEL -> {
        if (item == null) {
          yield -Errno.ENOENT;
        }
        remove(item);
        yield 0;
      }
      default -> -Errno.EINVAL;
    };
  }

  private int depth() {
    int deepest = 0;
    for (EpollItem item : items.values()) {
      deepest = item.file() instanceof SimEpoll inner ? Math.max(deepest, inner.depth()) : deepest;
    }
    return deepest + 1;
  }

  private int add(int fd, OpenFile file, int events, long data) {
    EpollItem item = new EpollItem(this, file, fd, events, data);
    items.put(new Key(fd, file.id), item);
    file.watch(item);
    if (file instanceof SimEpoll inner) {
      world.loops().nested(inner);
    }
    if (item.ready() != 0) {
      queue(item);
    }
    return 0;
  }

  private int modify(EpollItem item, int events, long data) {
    if (item.isExclusive()) {
      return -Errno.EINVAL;
    }
    item.set(events, data);
    if (item.ready() != 0) {
      queue(item);
    }
    return 0;
  }

  void remove(EpollItem item) {
    items.remove(new Key(item.fd(), item.file().id));
    ready.remove(item);
    item.file().unwatch(item);
  }

  /** Whether somebody waits, and has had no reason yet to go on. */
  boolean isWaitedFor() {
    return ready.isEmpty() && world.loops().isWaitedFor(this);
  }

  /** Puts {@code item} at the end of the ready list, if it is not on it. */
  void queue(EpollItem item) {
    if (ready.add(item)) {
      wake(Epoll.IN); // of those that watch this instance
    }
  }

  /** Whether epoll_wait(2) would report something; drops what is not ready any more. */
  boolean hasReady() {
    while (!ready.isEmpty()) {
      EpollItem first = ready.getFirst();
      if (first.ready() != 0) {
        return true;
      }
      ready.removeFirst();
    }
    return false;
  }

  /** Fills {@code events} from the ready list: level-triggered items go to its end, the others leave it. */
  int collect(EpollEvents events) {
    List<EpollItem> again = new ArrayList<>();
    int count = 0;
    while (count < events.capacity() && !ready.isEmpty()) {
      EpollItem item = ready.removeFirst();
      int happened = item.ready();
      if (happened != 0) {
        events.put(count++, happened, item.data());
        if (!item.disarm() && !item.isEdgeTriggered()) {
          again.add(item);
        }
      }
    }
    ready.addAll(again);
    return count;
  }

  @Override
  public int poll() {
    return hasReady() ? Epoll.IN : 0;
  }

  @Override
  public long read(UserMemory target) {
    return -Errno.EINVAL;
  }

  @Override
  public long write(UserMemory source) {
    return -Errno.EINVAL;
  }

  @Override
  protected void released() {
    for (EpollItem item : List.copyOf(items.values())) {
      remove(item);
    }
    world.loops().closed(this);
  }

  @Override
  public boolean isForLoops() {
    return true;
  }

  @Override
  public String toString() {
    return "an epoll instance";
  }
}
