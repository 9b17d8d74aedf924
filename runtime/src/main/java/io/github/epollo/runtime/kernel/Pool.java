package io.github.epollo.runtime.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A lock-free pool of interchangeable objects, such as native memory for one call. Not thread-local: a virtual thread may come once and never again.
 *
 * <p>A thread looks first in the one place that a loop which is alone always finds filled, then in the slot that its id points to, then in the others, and makes
 * an object when all are empty. An object given back when all are full is left to the garbage collector.
 *
 * <p><b>Threading:</b> every method may be called from any thread.
 *
 * @param <T> the type of the objects
 */
public final class Pool<T> {
  /** References from one slot to the next, so that each has a cache line of its own. */
  private static final int STRIDE = 16; // 64 bytes of compressed references

  private static final VarHandle FIRST;

  static {
    try {
      FIRST = MethodHandles.lookup().findVarHandle(Pool.class, "first", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  // Taken by getAndSet, filled by setRelease, its partner. Two that fill one slot at the same moment lose one object to the garbage collector, which costs
  // less than an atomic exchange each time.
  private @Nullable Object first;
  private final AtomicReferenceArray<@Nullable T> objects;
  private final int slots;
  private final Supplier<? extends T> maker;

  /**
   * Creates an empty pool.
   *
   * @param slots how many objects it keeps beside the first, a power of two
   * @param maker makes one when none is there
   */
  public Pool(int slots, Supplier<? extends T> maker) {
    if (Integer.bitCount(slots) != 1) {
      throw new IllegalArgumentException("not a power of two: " + slots);
    }
    this.slots = slots;
    this.maker = maker;
    this.objects = new AtomicReferenceArray<>(slots * STRIDE);
  }

  /** An object that nobody else holds, in whatever state it was given back. */
  @SuppressWarnings("unchecked") // only Ts are put in
  public T take() {
    if (first != null) { // only a hint: the exchange decides
      T object = (T) FIRST.getAndSet(this, null);
      if (object != null) {
        return object;
      }
    }
    return takeFromSlots();
  }

  private T takeFromSlots() {
    int start = firstSlot();
    for (int i = 0; i < slots; i++) {
      int index = index(start + i);
      if (objects.getPlain(index) != null) {
        T object = objects.getAndSet(index, null);
        if (object != null) {
          return object;
        }
      }
    }
    return maker.get();
  }

  /** Gives an object back. It is alive until here, so call this after the native call that used its address. */
  public void give(T object) {
    try {
      if (first == null) {
        FIRST.setRelease(this, object);
      } else {
        giveToSlots(object);
      }
    } finally {
      Reference.reachabilityFence(object);
    }
  }

  private void giveToSlots(T object) {
    int start = firstSlot();
    for (int i = 0; i < slots; i++) {
      int index = index(start + i);
      if (objects.getPlain(index) == null) {
        objects.setRelease(index, object);
        return;
      }
    }
  }

  private int index(int slot) {
    return (slot & (slots - 1)) * STRIDE;
  }

  private static int firstSlot() {
    return (int) Thread.currentThread().threadId();
  }
}
