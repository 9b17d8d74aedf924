package io.github.epollo.timers.wheel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The arithmetic of places, at every boundary of every slot of every level, and one tick to both sides. */
class WheelLevelTest {
  private static final long[] BOUNDARIES = boundaries();

  static long[] boundaries() {
    TreeSet<Long> all = new TreeSet<>();
    for (int level = 0; level < WheelLevel.COUNT; level++) {
      for (int slot = 0; slot < WheelLevel.SLOTS; slot++) {
        long start = (long) slot << (6 * level);
        for (long tick = start - 1; tick <= start + 1; tick++) {
          if (tick >= 0 && tick <= Ticks.LAST) {
            all.add(tick);
          }
        }
      }
    }
    return all.stream().mapToLong(Long::longValue).toArray();
  }

  /** From the definition: digits by division, compared from the highest down. */
  private static int highestDifferentDigit(long a, long b) {
    for (int level = WheelLevel.COUNT - 1; level > 0; level--) {
      if (digit(a, level) != digit(b, level)) {
        return level;
      }
    }
    return 0;
  }

  private static int digit(long tick, int level) {
    return (int) (tick / power(level) % 64);
  }

  private static long power(int level) {
    long power = 1;
    for (int i = 0; i < level; i++) {
      power *= 64;
    }
    return power;
  }

  @Test
  void theLevels_coverTheLastTick() {
    assertThat(BOUNDARIES.length).isGreaterThan(1400);
    assertThat(digit(Ticks.LAST, WheelLevel.COUNT - 1)).isPositive();
    assertThat(Ticks.LAST / power(WheelLevel.COUNT - 1)).isLessThan(64);
  }

  @Test
  void levelOf_isTheHighestDifferentDigit() {
    for (long cursor : BOUNDARIES) {
      for (long tick : BOUNDARIES) {
        if (tick >= cursor && WheelLevel.levelOf(cursor, tick) != highestDifferentDigit(cursor, tick)) {
          fail("level of " + tick + " from " + cursor + " is " + WheelLevel.levelOf(cursor, tick));
        }
      }
    }
  }

  @Test
  void slotOf_isTheDigit_andStartOf_itsFirstTick() {
    for (long tick : BOUNDARIES) {
      for (int level = 0; level < WheelLevel.COUNT; level++) {
        int slot = WheelLevel.slotOf(tick, level);
        long start = WheelLevel.startOf(tick, level);
        if (slot != digit(tick, level) || start != tick / power(level) * power(level)) {
          fail("slot of " + tick + " on level " + level + " is " + slot + " from " + start);
        }
      }
    }
  }

  /** What makes the first slot of the lowest level the earliest: the order of places is the order of ticks. */
  @Test
  void placesAreInTheOrderOfTicks() {
    for (int i = 0; i < BOUNDARIES.length; i += 7) {
      long cursor = BOUNDARIES[i];
      int last = -1;
      for (int j = i; j < BOUNDARIES.length; j++) {
        int level = WheelLevel.levelOf(cursor, BOUNDARIES[j]);
        int place = level * 64 + WheelLevel.slotOf(BOUNDARIES[j], level);
        if (place < last || place < WheelLevel.slotOf(cursor, 0)) {
          fail(BOUNDARIES[j] + " from " + cursor + " lies at " + place + ", after " + last);
        }
        last = place;
      }
    }
  }
}
