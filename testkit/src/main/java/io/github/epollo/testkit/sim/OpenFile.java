package io.github.epollo.testkit.sim;

import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileFlags;
import java.util.ArrayList;
import java.util.List;

/**
 * An open file description: what one or several fds stand for. It lives until the last of them is closed, and so do the epoll items that watch it (hazard 4).
 */
public abstract class OpenFile {
  /** File status flag, answered by F_GETFL: everything here is readable and writable. */
  static final int O_RDWR = 2;

  /** Where it is. */
  protected final SimWorld world;
  final long id;
  private final List<EpollItem> watchers = new ArrayList<>();
  private final List<Runnable> listeners = new ArrayList<>();
  private boolean nonBlocking;
  private int fds;

  /** One without a fd yet. */
  protected OpenFile(SimWorld world, boolean nonBlocking) {
    this.world = world;
    this.id = world.nextId();
    this.nonBlocking = nonBlocking;
  }

  /** A number that no other open file has. */
  public final long id() {
    return id;
  }

  /** The events that hold now: constants of {@link io.github.epollo.runtime.kernel.Epoll}. */
  public abstract int poll();

  /** read(2). */
  public abstract long read(UserMemory target);

  /** write(2). */
  public abstract long write(UserMemory source);

  /** The last fd was closed. */
  protected abstract void released();

  /** Whether epoll watches it: all but files on disks. */
  public boolean isPollable() {
    return true;
  }

  /** Whether loops have such files for themselves, and users have none. */
  public boolean isForLoops() {
    return false;
  }

  /** fcntl(2) with a command that only some files know. */
  public int control(int command, int argument) {
    return command == FileFlags.F_GETPIPE_SZ || command == FileFlags.F_SETPIPE_SZ ? -Errno.EBADF : -Errno.EINVAL;
  }

  /** Whether it was opened, or set, with O_NONBLOCK. */
  public final boolean isNonBlocking() {
    return nonBlocking;
  }

  /** F_GETFL. */
  public int statusFlags() {
    return O_RDWR | (nonBlocking ? FileFlags.O_NONBLOCK : 0);
  }

  /** F_SETFL. */
  public void setStatusFlags(int flags) {
    nonBlocking = (flags & FileFlags.O_NONBLOCK) != 0;
  }

  /** What a call answers that Linux would let wait. */
  protected final int wouldBlock(boolean dontWait) {
    if (nonBlocking || dontWait) {
      return -Errno.EAGAIN;
    }
    throw new WouldWait("open " + this + " with O_NONBLOCK");
  }

  /** One more fd, or one more call that is on its way. */
  public final void retain() {
    fds++;
  }

  /** One less. */
  public final void release() {
    if (--fds == 0) {
      for (EpollItem watcher : List.copyOf(watchers)) {
        watcher.remove();
      }
      released();
    }
  }

  /** How many fds and calls on their way there are. */
  final int holds() {
    return fds;
  }

  /** Whether any fd is left. */
  public final boolean isOpen() {
    return fds > 0;
  }

  /** As in Linux, who came last is told first; those that are exclusive come after all others, in the order in which they came. */
  final void watch(EpollItem item) {
    if (item.isExclusive()) {
      watchers.addLast(item);
    } else {
      watchers.addFirst(item);
    }
  }

  final void unwatch(EpollItem item) {
    watchers.remove(item);
  }

  /**
   * Tells the watchers that something happened; of those that are exclusive, none after the first that ends somebody's wait.
   *
   * @param key the events that it may have been, or 0 for any
   */
  protected final void wake(int key) {
    boolean taken = false;
    for (int i = 0; i < watchers.size(); i++) {
      EpollItem item = watchers.get(i);
      if (!item.isExclusive()) {
        item.wake(key);
      } else if (!taken) {
        taken = item.wake(key);
      }
    }
    List.copyOf(listeners).forEach(Runnable::run);
  }

  /** Has {@code listener} called whenever something happened, until {@link #unlisten}. */
  public final void listen(Runnable listener) {
    listeners.add(listener);
  }

  /** Ends {@link #listen}. */
  public final void unlisten(Runnable listener) {
    listeners.remove(listener);
  }

  /** For the search of cycles among epoll instances: those that watch this file. */
  final boolean isWatchedBy(OpenFile other) {
    for (EpollItem item : watchers) {
      if (item.epoll() == other || item.epoll().isWatchedBy(other)) {
        return true;
      }
    }
    return false;
  }
}
