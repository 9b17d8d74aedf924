package io.github.epollo.testkit.sim;

import io.github.epollo.runtime.kernel.Epoll;

/** One fd in an epoll instance. */
final class EpollItem {
  /** Reports once and is then disarmed until it is modified. */
  static final int ONESHOT = 1 << 30;

  /** Of several instances that watch a file, one is enough. */
  static final int EXCLUSIVE = 1 << 28;

  private static final int WAKEUP = 1 << 29;
  private static final int PRIVATE = Epoll.ET | ONESHOT | EXCLUSIVE | WAKEUP;

  private final SimEpoll epoll;
  private final OpenFile file;
  private final int fd;
  private int interest;
  private long data;

  EpollItem(SimEpoll epoll, OpenFile file, int fd, int interest, long data) {
    this.epoll = epoll;
    this.file = file;
    this.fd = fd;
    set(interest, data);
  }

  void set(int interest, long data) {
    this.interest = interest | Epoll.ERR | Epoll.HUP;
    this.data = data;
  }

  SimEpoll epoll() {
    return epoll;
  }

  OpenFile file() {
    return file;
  }

  int fd() {
    return fd;
  }

  long data() {
    return data;
  }

  boolean isExclusive() {
    return (interest & EXCLUSIVE) != 0;
  }

  boolean isEdgeTriggered() {
    return (interest & Epoll.ET) != 0;
  }

  /** After a report: a one-shot item sleeps. */
  boolean disarm() {
    if ((interest & ONESHOT) == 0) {
      return false;
    }
    interest &= PRIVATE;
    return true;
  }

  /** What of its interest holds now. */
  int ready() {
    return (interest & ~PRIVATE) == 0 ? 0 : file.poll() & interest & ~PRIVATE;
  }

  /** Something happened to the file; returns whether that ends somebody's wait. */
  boolean wake(int key) {
    if ((interest & ~PRIVATE) == 0 || (key != 0 && (key & interest) == 0)) {
      return false;
    }
    boolean ends = epoll.isWaitedFor();
    epoll.queue(this);
    return ends;
  }

  void remove() {
    epoll.remove(this);
  }
}
