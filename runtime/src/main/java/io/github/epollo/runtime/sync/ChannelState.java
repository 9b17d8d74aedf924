package io.github.epollo.runtime.sync;

import io.github.epollo.runtime.future.Waker;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a channel holds, and who waits for it.
 *
 * <p>All of it is under one lock, which is taken once for each operation and costs what the one compare-and-set of a lock-free queue costs: such a queue would need a full
 * fence besides, to see who waits, and could tell neither how many values there were when it was closed nor how many places are reserved.
 *
 * @param <T> the type of the values
 */
final class ChannelState<T> {
  /** What {@link #take} answers when nothing will come any more. */
  static final Object END = new Object();

  // Capacities that are none; all others are positive.
  static final int RENDEZVOUS = 0;
  static final int LATEST = -1;

  private static final int LONGEST_CHUNK = 64;

  /*
   *   OPEN     -> DRAINING // close
   *   OPEN     -> DROPPED  // closeNow
   *   DRAINING -> DROPPED  // closeNow
   *
   * A channel that is draining ends for its receivers when it holds neither a value nor a place that is reserved; one that was dropped has ended.
   */
  private enum Phase {
    OPEN, DRAINING, DROPPED
  }

  final int capacity;
  private final SpinLock lock = new SpinLock(); // guards all that follows
  private final ValueQueue<T> values;
  private final WaitLine senders = new WaitLine(); // for room
  private final WaitLine receivers = new WaitLine(); // for values
  private final WaitQueue watchers = new WaitQueue(); // for the channel to be closed
  private final Waker others = this::callOthers;
  private int reserved;
  private Phase phase = Phase.OPEN;
  private @Nullable Throwable failure;

  ChannelState(int capacity) {
    this.capacity = capacity;
    this.values = new ValueQueue<>(Math.clamp(capacity, 1, LONGEST_CHUNK));
  }

  /** Puts {@code value} in, if there is room. Else {@code waiter}, if there is one, waits. */
  SendResult send(T value, @Nullable LineWaiter<?> waiter, @Nullable Waker waker) {
    Waker wake;
    lock.lock();
    try {
      SendResult result = admit(waiter, waker);
      if (result != SendResult.SENT) {
        return result;
      }
      wake = put(value);
    } finally {
      lock.release();
    }
    Wakers.wake(wake);
    return SendResult.SENT;
  }

  /** Sets a place aside, if there is one. Else {@code waiter}, if there is one, waits. */
  SendResult reserve(@Nullable LineWaiter<?> waiter, @Nullable Waker waker) {
    lock.lock();
    try {
      SendResult result = admit(waiter, waker);
      if (result == SendResult.SENT) {
        reserved++;
      }
      return result;
    } finally {
      lock.release();
    }
  }

  private SendResult admit(@Nullable LineWaiter<?> waiter, @Nullable Waker waker) {
    if (phase != Phase.OPEN) {
      senders.leave(waiter);
      return SendResult.CLOSED;
    }
    if (room() <= 0) {
      if (waiter != null && waker != null) {
        senders.join(waiter, waker);
      }
      return SendResult.FULL;
    }
    senders.leave(waiter);
    return SendResult.SENT;
  }

  /** How many values could be put in; a rendezvous has room for as many as are waited for. */
  private int room() {
    int limit = capacity;
    if (limit <= 0) {
      limit = limit == RENDEZVOUS ? receivers.size() : Integer.MAX_VALUE;
    }
    return limit - values.size() - reserved;
  }

  private @Nullable Waker put(T value) {
    if (capacity == LATEST) {
      T _ = values.poll();
    }
    values.add(value);
    return receivers.call(values.size());
  }

  /** Puts {@code value} into the place of {@code permit}; full if that has none any more, closed if the channel was dropped. */
  SendResult sendReserved(SendPermit<T> permit, T value) {
    Waker wake;
    lock.lock();
    try {
      if (phase == Phase.DROPPED) {
        return SendResult.CLOSED;
      }
      if (permit.used) {
        return SendResult.FULL;
      }
      wake = put(value); // first, for there may be no memory
      permit.used = true;
      reserved--;
    } finally {
      lock.release();
    }
    Wakers.wake(wake);
    return SendResult.SENT;
  }

  /** Gives the place of {@code permit} back, unless it was used. */
  void giveBack(SendPermit<T> permit) {
    Waker wake;
    lock.lock();
    try {
      if (permit.used) {
        return;
      }
      permit.used = true;
      reserved--;
      wake = removed();
    } finally {
      lock.release();
    }
    Wakers.wake(wake);
  }

  /** The next value, or {@link #END}. Null if there is none now: then {@code waiter}, if there is one, waits. */
  @Nullable
  Object take(@Nullable LineWaiter<?> waiter, @Nullable Waker waker) {
    Object taken;
    Waker wake;
    lock.lock();
    try {
      taken = values.poll();
      if (taken != null) {
        receivers.leave(waiter);
        wake = removed();
      } else {
        taken = endOrJoin(waiter, waker);
        wake = taken == null ? senders.call(room()) : null; // a rendezvous may have room now
      }
    } finally {
      lock.release();
    }
    Wakers.wake(wake);
    return taken;
  }

  /** At most {@code limit} values, none at the end. Null if there is none now: then {@code waiter} waits. */
  @Nullable
  List<T> takeMany(int limit, LineWaiter<?> waiter, Waker waker) {
    List<T> taken = null;
    Waker wake = null;
    lock.lock();
    try {
      if (values.size() > 0) {
        taken = takeNow(limit);
        receivers.leave(waiter);
        wake = others;
      } else if (endOrJoin(waiter, waker) != null) {
        taken = List.of();
      } else {
        wake = senders.call(room()); // a rendezvous may have room now
      }
    } finally {
      lock.release();
    }
    Wakers.wake(wake);
    return taken;
  }

  private List<T> takeNow(int limit) {
    int count = Math.min(limit, values.size());
    List<T> taken = new ArrayList<>(count); // before anything is taken, for there may be no memory
    for (int i = 0; i < count; i++) {
      T value = values.poll();
      if (value != null) {
        taken.add(value);
      }
    }
    return taken;
  }

  private @Nullable Object endOrJoin(@Nullable LineWaiter<?> waiter, @Nullable Waker waker) {
    if (hasEnded()) {
      receivers.leave(waiter);
      return END;
    }
    if (waiter != null && waker != null) {
      receivers.join(waiter, waker);
    }
    return null;
  }

  private boolean hasEnded() {
    return phase == Phase.DROPPED || (phase == Phase.DRAINING && values.size() == 0 && reserved == 0);
  }

  /** Whom to wake after a value or a reservation has gone. */
  private @Nullable Waker removed() {
    if (phase == Phase.OPEN) {
      return senders.call(room());
    }
    return hasEnded() ? others : null;
  }

  /** Calls all who can go on as things are, one by one. */
  private void callOthers() {
    Waker waker;
    do {
      lock.lock();
      try {
        waker = callAny();
      } finally {
        lock.release();
      }
      Wakers.wake(waker);
    } while (waker != null);
  }

  private @Nullable Waker callAny() {
    if (phase == Phase.OPEN) {
      return senders.call(room());
    }
    Waker waker = senders.callNext();
    if (waker == null) {
      waker = watchers.pollWaker();
    }
    return waker == null && hasEnded() ? receivers.callNext() : waker;
  }

  /** Takes {@code waiter} out of the line for room; whoever was called passes it on. */
  void forgetSender(LineWaiter<?> waiter) {
    Waker wake;
    lock.lock();
    try {
      senders.leave(waiter);
      wake = phase == Phase.OPEN ? senders.call(room()) : null;
    } finally {
      lock.release();
    }
    Wakers.wake(wake);
  }

  /** Takes {@code waiter} out of the line for values; whoever was called passes it on. */
  void forgetReceiver(LineWaiter<?> waiter) {
    Waker wake;
    lock.lock();
    try {
      receivers.leave(waiter);
      wake = receivers.call(values.size());
    } finally {
      lock.release();
    }
    Wakers.wake(wake);
  }

  /** Whether the channel is closed. Else {@code waiter} waits for that. */
  boolean watchClosed(Waiter<?> waiter, Waker waker) {
    lock.lock();
    try {
      if (phase == Phase.OPEN) {
        watchers.join(waiter, waker);
        return false;
      }
      return true;
    } finally {
      lock.release();
    }
  }

  void forgetWatcher(Waiter<?> waiter) {
    lock.lock();
    try {
      boolean _ = watchers.leave(waiter);
    } finally {
      lock.release();
    }
  }

  /** Lets nothing in any more. */
  void close(@Nullable Throwable cause) {
    lock.lock();
    try {
      if (phase == Phase.OPEN) {
        failure = cause;
        phase = Phase.DRAINING;
      }
    } finally {
      lock.release();
    }
    callOthers();
  }

  /** Lets nothing in or out any more; returns what nobody will receive. */
  List<T> drop() {
    List<T> dropped;
    lock.lock();
    try {
      dropped = takeNow(Integer.MAX_VALUE);
      phase = Phase.DROPPED;
    } finally {
      lock.release();
    }
    callOthers();
    return dropped;
  }

  int size() {
    lock.lock();
    try {
      return values.size();
    } finally {
      lock.release();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return phase != Phase.OPEN;
    } finally {
      lock.release();
    }
  }

  /** What the channel was closed with, if anything. */
  @Nullable
  Throwable failure() {
    lock.lock();
    try {
      return failure;
    } finally {
      lock.release();
    }
  }
}
