package io.github.epollo.timers.wheel;

import org.jspecify.annotations.Nullable;

/**
 * Entries by the tick at which they are due. Arming, moving and removing one costs O(1) and allocates nothing.
 *
 * <p>This is scheme 7 of Varghese and Lauck, "Hashed and Hierarchical Timing Wheels" (SOSP 1987): {@link WheelLevel#COUNT} levels of {@link
 * WheelLevel#SLOTS} slots, where a slot of one level spans all slots of the level below. What differs:
 *
 * <ul>
 *   <li>Nothing happens each tick. A word of bits for each level tells which slots have entries, and each slot knows its earliest tick. So the next tick
 *       at which an entry is due is known exactly although that entry lies on a high level, and nobody need wake up only to move entries down.
 *   <li>The <em>cursor</em>, from which the levels are counted, jumps from one due tick to the next. It may lag behind the time: that costs nothing, since
 *       places are absolute ({@link WheelLevel}).
 *   <li>When the earliest slot has something due, all its entries become <em>pending</em> in one step. They are then dealt with one after another: what is
 *       due is given out, the rest goes to lower levels. That may stop anywhere and go on later, so a slot with a million entries keeps nobody waiting.
 *   <li>A removed entry leaves its slot's earliest tick as it is. That can cause one wake-up for nothing, which makes it exact.
 * </ul>
 *
 * <pre>
 *   put ──► slot of a level ──► pending ──► given out by take
 *                 ▲                │
 *                 └── lower level ─┘
 * </pre>
 *
 * <p><b>Ground rules.</b> cursor &lt;= now &lt;= the tick of any entry at the time of its put. While something is pending, no slot is looked into: whatever was due
 * first is given out first. One thread uses the wheel.
 */
public final class TimerWheel {
  private final WheelLevel[] levels = new WheelLevel[WheelLevel.COUNT];
  private final WheelSlot pending;

  private long cursor;
  private long now;
  private int budget;
  private int size;

  /** A wheel without entries, at tick 0. */
  public TimerWheel() {
    for (int i = 0; i < levels.length; i++) {
      levels[i] = new WheelLevel(i);
    }
    pending = new WheelSlot(levels[0], 0); // no bit: it is no part of a level
  }

  /** How many entries there are. */
  public int size() {
    return size;
  }

  /** The tick at which the next entry is due, or an earlier one if entries were removed or are being moved; {@link Ticks#NEVER} if there are none. */
  public long earliest() {
    if (!pending.isAlone()) {
      return cursor;
    }
    WheelSlot slot = earliestSlot();
    return slot == null ? Ticks.NEVER : slot.earliest();
  }

  /** Adds {@code entry}, or moves it if it is there. A tick that has passed counts as now, so whoever comes late is not served before others. */
  public void put(WheelEntry entry, long tick) {
    remove(entry);
    entry.tick = Math.max(tick, now);
    size++;
    file(entry);
  }

  /** Takes {@code entry} out, if it is there. */
  public void remove(WheelEntry entry) {
    if (!entry.isAlone()) {
      WheelSlot.remove(entry);
      size--;
    }
  }

  /**
   * Says what time it is; it does not go back.
   *
   * @param budget how many entries {@link #take} may give out or move to lower levels until this is called again
   */
  public void advance(long tick, int budget) {
    now = Math.max(now, tick);
    this.budget = budget;
  }

  /** Takes out the next entry that is due; null if there is none, or the budget is spent: see {@link #isBehind}. */
  public @Nullable WheelEntry take() {
    while (budget > 0) {
      WheelEntry entry = pending.takeFirst();
      if (entry == null) {
        if (!turnToNext()) {
          return null;
        }
        continue;
      }
      budget--;
      if (entry.tick == cursor) {
        size--;
        return entry;
      }
      file(entry);
    }
    return null;
  }

  /** Whether {@link #take} has more to do, at the time last given. */
  public boolean isBehind() {
    return earliest() <= now;
  }

  /** Takes out any entry; null if there is none. */
  public @Nullable WheelEntry takeAny() {
    WheelSlot slot = pending.isAlone() ? earliestSlot() : pending;
    if (slot == null) {
      return null;
    }
    size--;
    return slot.takeFirst();
  }

  /** Makes the entries of the earliest slot pending if one may be due; if not, lets the cursor follow the time as far as it can. */
  private boolean turnToNext() {
    WheelSlot slot = earliestSlot();
    if (slot != null && slot.earliest() <= now) {
      cursor = slot.earliest();
      pending.takeAll(slot);
      return true;
    }
    cursor = slot == null ? now : Math.max(cursor, Math.min(now, slot.start() - 1));
    return false;
  }

  private void file(WheelEntry entry) {
    levels[WheelLevel.levelOf(cursor, entry.tick)].slotFor(entry.tick).add(entry);
  }

  private @Nullable WheelSlot earliestSlot() {
    for (WheelLevel level : levels) {
      WheelSlot slot = level.first();
      if (slot != null) {
        return slot;
      }
    }
    return null;
  }
}
