package io.github.epollo.runtime.sync;

/**
 * A place in a channel, set aside for one value: {@link SendChannel#reserve} waits for it, and sending into it does not wait any more. So the value need not exist before
 * there is room, and a cancelled wait has no value to lose.
 *
 * <p>Use it in try-with-resources: a place that is not given back is missing, and a channel that is closed does not end before all its permits were used or closed.
 *
 * <p><b>Threading:</b> every method may be called from any thread.
 *
 * @param <T> the type of the value
 */
public final class SendPermit<T> implements AutoCloseable {
  private final Channel<T> channel;

  /** Under the lock of the channel's state. */
  boolean used;

  SendPermit(Channel<T> channel) {
    this.channel = channel;
  }

  /**
   * Sends {@code value}, without waiting. A channel that was {@linkplain SendChannel#close closed} since takes it, too.
   *
   * @throws ChannelClosedException if {@link ReceiveChannel#closeNow} was called since: the value is still the caller's
   * @throws IllegalStateException if the permit was used or closed
   * @throws NullPointerException if {@code value} is null
   */
  public void send(T value) {
    switch (channel.state.sendReserved(this, Channel.notNull(value))) {
      case SENT -> {}
      case FULL -> throw new IllegalStateException(
          "cannot send with " + this + ": it was used or closed; a permit is for one value, reserve another");
      case CLOSED -> throw channel.closedForSending();
    }
  }

  /** Gives the place back, unless a value was sent. Idempotent. */
  @Override
  public void close() {
    channel.state.giveBack(this);
  }

  @Override
  public String toString() {
    return "a permit of " + channel;
  }
}
