package io.github.epollo.runtime.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A first-in, first-out ring of work that one thread fills, and from which every thread may take: the ready tasks of a loop that other loops may run. It grows before it
 * stores, as {@link WorkRing} does.
 *
 * <p><b>Threading:</b> {@link #add} and {@link #poll} are for the owner's thread; {@link #steal} and {@link #size} for any.
 */
final class SharedRing {
  /*
   * head and tail count all work ever taken and added. Work stands at its number modulo the length of the array.
   *
   *   tail   + 1      // add, after it has stored the work
   *   head   + 1      // poll
   *          + n      // steal, after it has copied n works; by compareAndSet, as poll does
   *
   * A thief copies first and then moves head. If head has not moved since it was read, nobody has taken that work, and the owner cannot have stored other in its place: it does
   * so only once head has passed. Growing copies to a new array and leaves the old one as it is, so that a thief may read either.
   *
   * Only the owner writes to the array. What thieves took stays there until the owner sees how far head has moved, and then forgets it.
   */
  private static final int INITIAL_CAPACITY = 256; // a power of two, as every capacity

  private static final VarHandle HEAD;
  private static final VarHandle TAIL;
  private static final VarHandle ELEMENTS;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      HEAD = lookup.findVarHandle(SharedRing.class, "head", long.class);
      TAIL = lookup.findVarHandle(SharedRing.class, "tail", long.class);
      ELEMENTS = lookup.findVarHandle(SharedRing.class, "elements", Runnable[].class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private @Nullable Runnable[] elements;
  private long head;
  private long tail;
  private long seen; // owner's: where it last saw head

  SharedRing() {
    this(INITIAL_CAPACITY);
  }

  /** For tests: a small ring grows soon. */
  SharedRing(int capacity) {
    this.elements = new Runnable[capacity];
  }

  void add(Runnable work) {
    long end = tail;
    if (end - (long) HEAD.getAcquire(this) == elements.length) { // pairs with steal(): what it has copied may be overwritten
      grow(end);
    }
    elements[(int) end & (elements.length - 1)] = work;
    TAIL.setRelease(this, end + 1); // pairs with steal()
  }

  /** Takes the work that has waited longest; null if there is none. */
  @Nullable
  Runnable poll() {
    while (true) {
      long first = (long) HEAD.getAcquire(this);
      if (first != seen) {
        forget(first);
      }
      if (first == tail) {
        return null;
      }
      int place = (int) first & (elements.length - 1);
      Runnable work = elements[place];
      if (HEAD.compareAndSet(this, first, first + 1)) {
        elements[place] = null;
        seen = first + 1;
        return work;
      }
    }
  }

  /**
   * Takes half of the work, but not more than {@code loot} has room for.
   *
   * @param least how much there must be, or nothing is taken
   * @return how much it is; the rest of {@code loot} may hold anything
   */
  int steal(@Nullable Runnable[] loot, int least) {
    while (true) {
      long first = (long) HEAD.getAcquire(this); // before tail, and that before the array
      long there = (long) TAIL.getAcquire(this) - first;
      if (there < least) {
        return 0;
      }
      @Nullable Runnable[] source = (Runnable[]) ELEMENTS.getAcquire(this);
      int count = (int) Math.min(loot.length, there - there / 2);
      for (int i = 0; i < count; i++) {
        loot[i] = source[(int) (first + i) & (source.length - 1)];
      }
      if (HEAD.compareAndSet(this, first, first + count)) { // nothing moved while we copied
        return count;
      }
    }
  }

  /** How much there is; for others than the owner it was so a moment ago. */
  int size() {
    long first = (long) HEAD.getAcquire(this); // before tail, so that the difference is not negative
    return (int) ((long) TAIL.getAcquire(this) - first);
  }

  /** Empties the places from where head was seen to where it is, but for those that new work stands in. */
  private void forget(long first) {
    for (long i = Math.max(seen, tail - elements.length); i < first; i++) {
      elements[(int) i & (elements.length - 1)] = null;
    }
    seen = first;
  }

  private void grow(long end) {
    @Nullable Runnable[] larger = new Runnable[elements.length * 2];
    long first = (long) HEAD.getAcquire(this);
    for (long i = first; i < end; i++) {
      larger[(int) i & (larger.length - 1)] = elements[(int) i & (elements.length - 1)];
    }
    seen = first;
    ELEMENTS.setRelease(this, larger); // pairs with steal()
  }
}
