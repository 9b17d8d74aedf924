package io.github.epollo.runtime.sync;

import org.jspecify.annotations.Nullable;

/**
 * Values in the order in which they came, in chunks: growing copies nothing, and what was needed for a burst is given back after it. Not safe for several threads.
 *
 * @param <T> the type of the values
 */
final class ValueQueue<T> {
  private final int chunkLength;
  private @Nullable Object[] head; // the last element is the next chunk
  private @Nullable Object[] tail;
  private @Nullable Object @Nullable [] spare; // so that a queue that only goes up and down allocates nothing
  private int headIndex;
  private int tailIndex;
  private int size;

  ValueQueue(int chunkLength) {
    this.chunkLength = chunkLength;
    this.head = new Object[chunkLength + 1];
    this.tail = head;
  }

  int size() {
    return size;
  }

  void add(T value) {
    if (tailIndex == chunkLength) {
      @Nullable Object[] next = spare;
      if (next == null) {
        next = new Object[chunkLength + 1];
      }
      spare = null;
      tail[chunkLength] = next;
      tail = next;
      tailIndex = 0;
    }
    tail[tailIndex++] = value;
    size++;
  }

  /** Removes the oldest value; null if there is none. */
  @SuppressWarnings({"unchecked", "NullAway"}) // only add() puts anything in; with something left, there is a next chunk
  @Nullable
  T poll() {
    if (size == 0) {
      return null;
    }
    if (headIndex == chunkLength) {
      Object[] next = (Object[]) head[chunkLength];
      head[chunkLength] = null;
      spare = head;
      head = next;
      headIndex = 0;
    }
    T value = (T) head[headIndex];
    head[headIndex++] = null;
    if (--size == 0) { // then head is tail
      headIndex = 0;
      tailIndex = 0;
    }
    return value;
  }
}
