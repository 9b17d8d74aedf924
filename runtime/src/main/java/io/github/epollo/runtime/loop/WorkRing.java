package io.github.epollo.runtime.loop;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A first-in, first-out ring of work that grows before it stores: when memory runs out, what is in it stays in it. {@link java.util.ArrayDeque} stores first, and
 * if it then cannot grow, it takes its ring for empty: the continuations in it would never run.
 *
 * <p><b>Threading:</b> one thread at a time.
 */
final class WorkRing {
  private static final int INITIAL_CAPACITY = 256; // a power of two, as every capacity

  private @Nullable Runnable[] elements = new Runnable[INITIAL_CAPACITY];
  private int head; // index of the first, modulo the capacity
  private int size;

  void add(Runnable work) {
    if (size == elements.length) {
      grow();
    }
    elements[(head + size) & (elements.length - 1)] = work;
    size++;
  }

  @Nullable
  Runnable poll() {
    if (size == 0) {
      return null;
    }
    Runnable first = elements[head];
    elements[head] = null;
    head = (head + 1) & (elements.length - 1);
    size--;
    return first;
  }

  /** Brings the work that {@code index} others precede to the front; the first takes its place. */
  void bringForward(int index) {
    int mask = elements.length - 1;
    int place = (head + Objects.checkIndex(index, size)) & mask;
    Runnable chosen = elements[place];
    elements[place] = elements[head];
    elements[head] = chosen;
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  private void grow() {
    @Nullable Runnable[] larger = new Runnable[elements.length * 2];
    int tail = elements.length - head;
    System.arraycopy(elements, head, larger, 0, tail);
    System.arraycopy(elements, 0, larger, tail, head);
    elements = larger;
    head = 0;
  }
}
