package io.github.epollo.runtime.sync;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** {@link ReceiveChannel#iterator}. */
final class ChannelIterator<T> implements Iterator<T> {
  private final ReceiveChannel<T> channel;
  private @Nullable T next;
  private boolean ended;

  ChannelIterator(ReceiveChannel<T> channel) {
    this.channel = channel;
  }

  @Override
  public boolean hasNext() {
    if (next == null && !ended) {
      next = channel.receiveOrNull();
      ended = next == null;
    }
    return next != null;
  }

  @Override
  public T next() {
    T value = hasNext() ? next : null;
    if (value == null) {
      throw new NoSuchElementException(channel + " has ended");
    }
    next = null;
    return value;
  }
}
