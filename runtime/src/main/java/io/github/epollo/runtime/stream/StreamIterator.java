package io.github.epollo.runtime.stream;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** {@link AsyncStream#iterator}: waits in {@link #hasNext}. */
final class StreamIterator<T> implements Iterator<T> {
  private final AsyncStream<T> stream;
  private @Nullable T next;
  private boolean over;

  StreamIterator(AsyncStream<T> stream) {
    this.stream = stream;
  }

  @Override
  public boolean hasNext() {
    if (next == null && !over) {
      next = stream.next();
      over = next == null;
    }
    return next != null;
  }

  @Override
  public T next() {
    T value = hasNext() ? next : null;
    if (value == null) {
      throw new NoSuchElementException(stream + " is at its end");
    }
    next = null;
    return value;
  }
}
