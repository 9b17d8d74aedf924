package io.github.epollo.runtime.driver;

import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.kernel.EpollEvents;
import io.github.epollo.runtime.kernel.Kernel;
import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/**
 * Room for the events of one look, and for the wakers that they concern.
 *
 * <p><b>Threading:</b> for one thread at a time.
 */
public final class EventBatch {
  private static final int CAPACITY = 512;

  final EpollEvents events;
  private final @Nullable Waker[] wakers = new Waker[3 * CAPACITY];
  private int count; // of wakers
  private long looks; // read elsewhere as a statistic, as the next
  private long happened;

  /** Room in memory that the garbage collector frees. */
  public EventBatch() {
    this(Arena.ofAuto());
  }

  EventBatch(Arena arena) {
    this.events = new EpollEvents(arena, CAPACITY);
  }

  /** Waits for events, or looks for some; answers as epoll_wait(2). */
  int fill(Kernel kernel, int epoll, int timeoutMillis) {
    looks++; // a wait is counted when it begins
    int count = kernel.epollWait(epoll, events.address(), events.capacity(), timeoutMillis);
    happened += Math.max(0, count);
    return count;
  }

  void add(@Nullable Waker waker) {
    if (waker != null) {
      wakers[count++] = waker;
    }
  }

  /** Calls all wakers, by way of {@code driver}, and forgets them. */
  void wake(Driver driver) {
    for (int i = 0; i < count; i++) {
      Waker waker = wakers[i];
      wakers[i] = null;
      driver.wake(waker);
    }
    count = 0;
  }

  /** How often events were looked or waited for. */
  public long looks() {
    return looks;
  }

  /** How many events there were. */
  public long events() {
    return happened;
  }
}
