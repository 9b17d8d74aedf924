package io.github.epollo.fs.engine;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The calls that a ring has: which slot of the table is whose, so that a completion finds its call.
 *
 * <pre>
 *   user data:  63          32  31 30          0
 *              +--------------+---+-------------+
 *              |  generation  | C |    slot     |   C: it is the request to cancel the call in that slot
 *              +--------------+---+-------------+
 * </pre>
 *
 * <p>A slot's generation changes when its call ends: whatever comes for the old one is known to be stale.
 *
 * <p>Not synchronized.
 */
final class CallsInFlight {
  private static final long CANCEL = 1L << 31;
  private static final long SLOT_MASK = CANCEL - 1;
  private static final int GENERATION_SHIFT = 32;

  private final @Nullable FileCall[] calls;
  private final int[] generations;
  private final boolean[] cancelled;
  private final int[] free;
  private int freeCount;

  CallsInFlight(int capacity) {
    calls = new @Nullable FileCall[capacity];
    generations = new int[capacity];
    cancelled = new boolean[capacity];
    free = new int[capacity];
    for (int i = 0; i < capacity; i++) {
      free[i] = capacity - 1 - i;
    }
    freeCount = capacity;
  }

  boolean isFull() {
    return freeCount == 0;
  }

  int size() {
    return calls.length - freeCount;
  }

  /** Takes {@code call} in, and tells it its slot; returns the user data for its submission. There must be room. */
  long add(FileCall call) {
    int slot = free[--freeCount];
    calls[slot] = call;
    call.slot = slot;
    return userData(slot);
  }

  private long userData(int slot) {
    return (long) generations[slot] << GENERATION_SHIFT | slot;
  }

  /** Marks the call in {@code slot} as one to cancel; returns its user data, or -1 if it was marked before. */
  long cancel(int slot) {
    if (cancelled[slot]) {
      return -1;
    }
    cancelled[slot] = true;
    return userData(slot);
  }

  /** Whether the call of this user data is to be cancelled. */
  boolean isCancelled(long userData) {
    return cancelled[slot(userData)];
  }

  /** The user data for the request to cancel the call with that user data. */
  static long toCancel(long userData) {
    return userData | CANCEL;
  }

  /** Whether a completion answers a request to cancel. */
  static boolean isToCancel(long userData) {
    return (userData & CANCEL) != 0;
  }

  /** The call of that user data, or null if it has ended. */
  @Nullable
  FileCall find(long userData) {
    int slot = slot(userData);
    return slot < calls.length && userData(slot) == userData ? calls[slot] : null;
  }

  /** Takes the call of that user data out; it is there. */
  void remove(long userData) {
    int slot = slot(userData);
    calls[slot] = null;
    cancelled[slot] = false;
    generations[slot]++;
    free[freeCount++] = slot;
  }

  void forEach(Consumer<? super FileCall> action) {
    for (FileCall call : calls) {
      if (call != null) {
        action.accept(call);
      }
    }
  }

  private static int slot(long userData) {
    return (int) (userData & SLOT_MASK);
  }
}
