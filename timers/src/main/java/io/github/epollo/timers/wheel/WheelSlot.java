package io.github.epollo.timers.wheel;

import org.jspecify.annotations.Nullable;

/** A list of entries, the head of a circle. It has a bit in the word of its level, set while there are entries. */
final class WheelSlot extends WheelNode {
  private final WheelLevel level;
  private final long bit;

  /** No entry is due before this tick. Exact, but for entries that were removed since; without meaning while there are none. */
  private long earliest;

  WheelSlot(WheelLevel level, long bit) {
    this.level = level;
    this.bit = bit;
  }

  long earliest() {
    return earliest;
  }

  /** The first tick that belongs here. */
  long start() {
    return WheelLevel.startOf(earliest, level.index);
  }

  void add(WheelEntry entry) {
    if (isAlone()) {
      earliest = entry.tick;
      level.occupied |= bit;
    } else if (entry.tick < earliest) {
      earliest = entry.tick;
    }
    entry.linkBefore(this);
  }

  /** Takes {@code entry} out of the slot that it is in. */
  static void remove(WheelEntry entry) {
    WheelNode neighbour = entry.next;
    entry.unlink();
    if (neighbour.isAlone()) {
      ((WheelSlot) neighbour).noteEmpty(); // only the head is left
    }
  }

  /** Takes the first entry out; null if there is none. */
  @Nullable
  WheelEntry takeFirst() {
    if (isAlone()) {
      return null;
    }
    WheelEntry first = (WheelEntry) next;
    remove(first);
    return first;
  }

  /** Takes over all entries of {@code other}, however many; for a slot that has none. */
  void takeAll(WheelSlot other) {
    WheelNode first = other.next;
    other.unlink();
    other.noteEmpty();
    linkBefore(first);
  }

  private void noteEmpty() {
    level.occupied &= ~bit;
  }
}
