package io.github.epollo.runtime.sync;

import io.github.epollo.runtime.future.Waker;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Values for everybody who listens: each receiver gets every value that is sent while it is subscribed. Sending never waits; a receiver that falls behind by more than the
 * capacity loses the oldest ones, and is told how many.
 *
 * {@snippet class="io.github.epollo.runtime.sync.ChannelSnippetsTest" region="broadcast"}
 *
 * <p>A value is kept until all who were subscribed when it was sent have received it or are closed, or until it is the oldest and room is needed. A broadcast that {@linkplain #bounded(int, int)
 * replays} keeps the newest ones besides, for those who come later.
 *
 * <p><b>Threading:</b> every method may be called from any thread, task or not.
 *
 * @param <T> the type of the values; null is none of them
 */
public final class Broadcast<T> implements AutoCloseable {
  /** What {@link #take} answers when nothing will come any more. */
  static final Object END = new Object();

  /** What {@link #take} answers to a receiver that was too slow. */
  record Missed(long values) {}

  private final int capacity;
  private final int replay;
  private final SpinLock lock = new SpinLock(); // guards all that follows, and where each receiver stands
  private final @Nullable Object[] ring;
  private final int[] unseen; // how many receivers have yet to get the value in the same place of the ring
  private final WaitQueue waiting = new WaitQueue();
  private long tail; // the number of the next value; those from tail - capacity on are in the ring
  private int receivers;
  private boolean closed;
  private @Nullable Throwable failure;

  private Broadcast(int capacity, int replay) {
    this.capacity = capacity;
    this.replay = replay;
    this.ring = new Object[capacity];
    this.unseen = new int[capacity];
  }

  /**
   * Creates a broadcast that keeps at most {@code capacity} values for those who have not received them yet.
   *
   * @throws IllegalArgumentException if {@code capacity} is not positive
   */
  public static <T> Broadcast<T> bounded(int capacity) {
    return bounded(capacity, 0);
  }

  /**
   * As {@link #bounded(int)}, and a new receiver begins with the last {@code replay} values, also with those that were sent when nobody was subscribed.
   *
   * {@snippet class="io.github.epollo.runtime.sync.ChannelSnippetsTest" region="replay"}
   *
   * @throws IllegalArgumentException if {@code capacity} is not positive, or {@code replay} is negative or more than that
   */
  public static <T> Broadcast<T> bounded(int capacity, int replay) {
    if (capacity <= 0) {
      throw new IllegalArgumentException("cannot make a broadcast of capacity " + capacity
          + ": it must be positive, for a receiver needs time to get a value");
    }
    if (replay < 0 || replay > capacity) {
      throw new IllegalArgumentException("cannot replay " + replay + " values of a broadcast that keeps " + capacity
          + ": it must be 0 to " + capacity);
    }
    return new Broadcast<>(capacity, replay);
  }

  /**
   * Sends {@code value} to all that are subscribed now. Never waits. Without a receiver the value is not kept, but for a replay.
   *
   * @return how many that are
   * @throws ChannelClosedException if the broadcast is closed
   * @throws NullPointerException if {@code value} is null
   */
  public int send(T value) {
    Objects.requireNonNull(value, "cannot broadcast null: receivers take it for the end");
    long end = 0;
    int audience;
    boolean refused;
    lock.lock();
    try {
      refused = closed;
      audience = receivers;
      if (!refused && (audience > 0 || replay > 0)) {
        int place = place(tail);
        ring[place] = value;
        unseen[place] = audience;
        tail++;
        long left = tail - replay - 1; // the replay, that is
        if (left >= Math.max(0, oldest())) {
          dropIfSeen(left);
        }
        end = waiting.end();
      }
    } finally {
      lock.release();
    }
    if (refused) {
      throw new ChannelClosedException("cannot send to a broadcast: it is closed", failure());
    }
    Wakers.wakeAll(lock, waiting, end);
    return audience;
  }

  /** A new receiver, of the values that are sent from now on, after those of a replay. Close it when nobody listens any more. */
  public BroadcastReceiver<T> subscribe() {
    BroadcastReceiver<T> receiver = new BroadcastReceiver<>(this);
    lock.lock();
    try {
      receiver.next = Math.max(0, tail - replay);
      for (long number = receiver.next; number < tail; number++) {
        unseen[place(number)]++;
      }
      receivers++;
    } finally {
      lock.release();
    }
    return receiver;
  }

  /** How many are subscribed now. */
  public int receiverCount() {
    lock.lock();
    try {
      return receivers;
    } finally {
      lock.release();
    }
  }

  /** How many values are kept at most. */
  public int capacity() {
    return capacity;
  }

  /** Lets nothing be sent any more. Receivers get what they have not received yet; then it ends for them. Idempotent. */
  @Override
  public void close() {
    close0(null);
  }

  /** As {@link #close()}, but it ends with a failure: the cause of the {@link ChannelClosedException} that receivers get. No effect if it is closed. */
  public void close(Throwable cause) {
    close0(Objects.requireNonNull(cause, "cause: to close without a failure use close()"));
  }

  private void close0(@Nullable Throwable cause) {
    long end = 0;
    lock.lock();
    try {
      if (!closed) {
        failure = cause;
        closed = true;
        end = waiting.end();
      }
    } finally {
      lock.release();
    }
    Wakers.wakeAll(lock, waiting, end);
  }

  /** Whether nothing can be sent any more. */
  public boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.release();
    }
  }

  /** The next value for {@code receiver}, {@link Missed} or {@link #END}. Null if there is none now: then {@code waiter}, if there is one, waits. */
  @Nullable
  Object take(BroadcastReceiver<T> receiver, @Nullable Waiter<?> waiter, @Nullable Waker waker) {
    lock.lock();
    try {
      Object taken = receiver.closed ? BroadcastReceiver.CLOSED : next(receiver);
      if (taken != null) {
        boolean _ = waiting.leave(waiter);
      } else if (waiter != null && waker != null) {
        if (!waiter.hasWaited()) {
          receiver.waits++;
        }
        waiting.join(waiter, waker);
      }
      return taken;
    } finally {
      lock.release();
    }
  }

  private @Nullable Object next(BroadcastReceiver<T> receiver) {
    long missed = oldest() - receiver.next;
    if (missed > 0) {
      Missed answer = new Missed(missed);
      receiver.next += missed;
      return answer;
    }
    if (receiver.next == tail) {
      return closed ? END : null;
    }
    Object value = ring[place(receiver.next)];
    see(receiver.next++);
    return value;
  }

  private long oldest() {
    return tail - capacity; // negative in the beginning, and no receiver's next is
  }

  private int place(long number) {
    return (int) (number % capacity);
  }

  private void see(long number) {
    unseen[place(number)]--;
    dropIfSeen(number);
  }

  private void dropIfSeen(long number) {
    int place = place(number);
    if (unseen[place] == 0 && number < tail - replay) {
      ring[place] = null;
    }
  }

  /** Ends the wait of {@code waiter}, which has waited. */
  void forget(BroadcastReceiver<T> receiver, Waiter<?> waiter) {
    lock.lock();
    try {
      boolean _ = waiting.leave(waiter);
      receiver.waits--;
    } finally {
      lock.release();
    }
  }

  void unsubscribe(BroadcastReceiver<T> receiver) {
    long end = 0;
    lock.lock();
    try {
      if (!receiver.closed) {
        receiver.closed = true;
        receivers--;
        for (long number = Math.max(receiver.next, oldest()); number < tail; number++) {
          see(number);
        }
        end = receiver.waits == 0 ? 0 : waiting.end(); // who waits with this receiver is among them
      }
    } finally {
      lock.release();
    }
    Wakers.wakeAll(lock, waiting, end);
  }

  /** How many values are kept; for tests. */
  int kept() {
    lock.lock();
    try {
      int kept = 0;
      for (Object value : ring) {
        kept += value == null ? 0 : 1;
      }
      return kept;
    } finally {
      lock.release();
    }
  }

  /** What it was closed with, if anything. */
  @Nullable
  Throwable failure() {
    lock.lock();
    try {
      return failure;
    } finally {
      lock.release();
    }
  }

  @Override
  public String toString() {
    return "a broadcast of capacity " + capacity + (replay == 0 ? "" : ", which replays " + replay);
  }
}
