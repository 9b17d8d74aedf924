package io.github.epollo.testkit.sim;

import io.github.epollo.runtime.kernel.Epoll;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** The queue of connections that wait to be accepted. */
final class Listening {
  private final SimSocket listener;
  private final ArrayDeque<SimSocket> queue = new ArrayDeque<>();
  private int backlog;
  private boolean refusing;

  Listening(SimSocket listener) {
    this.listener = listener;
  }

  void backlog(int backlog) {
    this.backlog = backlog;
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  /** A filter drops the requests that come from here on. */
  void refuse() {
    refusing = true;
  }

  /** Whether a request for a connection is heard. Linux takes one more than the backlog. */
  boolean hears() {
    return !refusing && queue.size() <= backlog;
  }

  void add(SimSocket connection) {
    queue.add(connection);
    listener.wake(Epoll.IN | Epoll.PRI);
  }

  @Nullable
  SimSocket poll() {
    return queue.poll();
  }
}
