package io.github.epollo.runtime.driver;

import io.github.epollo.runtime.kernel.Epoll;

/** What a registration wants to hear of, said once when it is made. Errors and hang-ups are always reported. */
public enum Interest {
  /** Reading only: listeners, eventfd, timerfd. */
  READ(Epoll.IN),
  /** Writing only. */
  WRITE(Epoll.OUT),
  /** Both directions, a closed peer, and urgent data: stream sockets. */
  READ_WRITE(Epoll.IN | Epoll.OUT | Epoll.RDHUP | Epoll.PRI),
  /** Priority events only, beside errors and hang-ups: files of sysfs and procfs that announce changes, the end of a pipe whose reader may leave. */
  PRIORITY(Epoll.PRI);

  /** The bits for epoll_ctl(2); always edge-triggered. */
  final int events;

  Interest(int events) {
    this.events = events | Epoll.ET;
  }
}
