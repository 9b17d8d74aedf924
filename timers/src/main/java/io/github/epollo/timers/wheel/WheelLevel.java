package io.github.epollo.timers.wheel;

import org.jspecify.annotations.Nullable;

/**
 * One level of a wheel, and the arithmetic that finds a tick's place: pure functions.
 *
 * <p>A tick is a number with one digit of six bits for each level. An entry belongs to the level of the highest digit in which its tick differs from the
 * cursor's, and there to the slot that this digit says. So all entries of a level are due before those of the level above; and since no tick is before the cursor, the
 * slots of a level need no wrapping around: they come in the order of their numbers.
 */
final class WheelLevel {
  static final int BITS = 6;
  static final int SLOTS = 1 << BITS;

  /** Enough for all digits of {@link Ticks#LAST}. */
  static final int COUNT = 9;

  final int index;

  /** A bit for each slot that has entries. */
  long occupied;

  private final WheelSlot[] slots = new WheelSlot[SLOTS];

  WheelLevel(int index) {
    this.index = index;
    for (int i = 0; i < SLOTS; i++) {
      slots[i] = new WheelSlot(this, 1L << i);
    }
  }

  /** The level of {@code tick}, which is not before {@code cursor}. */
  static int levelOf(long cursor, long tick) {
    int highestBit = Long.SIZE - 1 - Long.numberOfLeadingZeros((cursor ^ tick) | 1);
    return highestBit / BITS;
  }

  /** The slot of {@code tick} on {@code level}. */
  static int slotOf(long tick, int level) {
    return (int) (tick >>> (level * BITS)) & (SLOTS - 1);
  }

  /** The first tick that has the place of {@code tick} on {@code level}. */
  static long startOf(long tick, int level) {
    return tick & (-1L << (level * BITS));
  }

  WheelSlot slotFor(long tick) {
    return slots[slotOf(tick, index)];
  }

  /** The first slot that has entries; null if none has. */
  @Nullable
  WheelSlot first() {
    return occupied == 0 ? null : slots[Long.numberOfTrailingZeros(occupied)];
  }
}
