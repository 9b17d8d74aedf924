package io.github.epollo.runtime.kernel;

import java.lang.ref.Reference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A lock-free pool of {@link NativeBlock}s. Not thread-local: a virtual thread may come once and never again.
 *
 * <p>A thread looks first in the slot that its id points to, then in the others, and allocates when all are empty. A
 * block given back when all slots are full is left to the garbage collector, so the pool keeps at most {@code slots}.
 *
 * <p>Callable from any thread.
 */
final class NativeBlocks {
  /** References from one slot to the next, so that each has a cache line of its own. */
  private static final int STRIDE = 16; // 64 bytes of compressed references

  // Taken by getAndSet, filled by compareAndSet from null: both volatile, and partners of each other.
  private final AtomicReferenceArray<@Nullable NativeBlock> blocks;
  private final int slots;

  /** A pool of {@code slots}, a power of two. */
  NativeBlocks(int slots) {
    if (Integer.bitCount(slots) != 1) {
      throw new IllegalArgumentException("not a power of two: " + slots);
    }
    this.slots = slots;
    this.blocks = new AtomicReferenceArray<>(slots * STRIDE);
  }

  /** A block that nobody else holds, with whatever bytes it had. */
  NativeBlock take() {
    int first = firstSlot();
    for (int i = 0; i < slots; i++) {
      int index = index(first + i);
      if (blocks.getPlain(index) != null) { // only a hint: the exchange decides
        NativeBlock block = blocks.getAndSet(index, null);
        if (block != null) {
          return block;
        }
      }
    }
    return new NativeBlock();
  }

  /** Gives a block back. It is alive until here, so call this after the native call that used its address. */
  void give(NativeBlock block) {
    try {
      int first = firstSlot();
      for (int i = 0; i < slots; i++) {
        int index = index(first + i);
        if (blocks.getPlain(index) == null && blocks.compareAndSet(index, null, block)) {
          return;
        }
      }
    } finally {
      Reference.reachabilityFence(block);
    }
  }

  private int index(int slot) {
    return (slot & (slots - 1)) * STRIDE;
  }

  private static int firstSlot() {
    return (int) Thread.currentThread().threadId();
  }
}
