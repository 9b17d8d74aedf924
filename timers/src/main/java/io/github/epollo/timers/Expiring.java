package io.github.epollo.timers;

import java.time.Duration;

/**
 * A value in a {@link DelayQueue}, to be taken back or given another deadline. Once the value was taken, removed or cleared, nothing brings it back.
 *
 * <p><b>Threading:</b> as the queue's.
 *
 * @param <T> the type of the value
 */
public final class Expiring<T> extends Expiries.Entry {
  private final DelayQueue<T> queue;
  private final T value;

  Expiring(DelayQueue<T> queue, T value) {
    this.queue = queue;
    this.value = value;
  }

  /** The value. */
  public T value() {
    return value;
  }

  /** When the value expires, or did: a time of the loop's clock in nanoseconds; {@link Long#MAX_VALUE} if never. */
  public long expiresAt() {
    return queue.expiresAt(this);
  }

  /** Whether the value is in the queue. */
  public boolean isQueued() {
    return queue.contains(this);
  }

  /** Takes the value back; false if it is not in the queue any more. */
  public boolean remove() {
    return queue.remove(this);
  }

  /**
   * Has the value expire {@code delay} from now instead; false, and no effect, if it is not in the queue any more.
   *
   * @throws IllegalArgumentException if {@code delay} is negative
   */
  public boolean reset(Duration delay) {
    return queue.moveTo(this, queue.after(delay));
  }

  /** As {@link #reset}, at a time of the loop's clock in nanoseconds. */
  public boolean resetAt(long deadline) {
    return queue.moveTo(this, queue.normalize(deadline));
  }

  @Override
  public String toString() {
    return "expiring " + value;
  }
}
