package io.github.epollo.timers.wheel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The wheel against {@link WheelModel}, a sorted map that is obviously right. */
class TimerWheelTest {
  private static final List<Long> ORIGINS = List.of(Long.MIN_VALUE, Long.MIN_VALUE + 3, -500L, 0L,
      Long.MAX_VALUE - 1000, Long.MAX_VALUE);

  /** 1.2 million operations in all. */
  @Property(tries = 600)
  void behavesAsTheModel(@ForAll long seed, @ForAll @IntRange(max = 5) int origin,
      @ForAll @IntRange(min = 1, max = 300) int items) {
    Random random = new Random(seed);
    WheelModel model = new WheelModel(ORIGINS.get(origin), items);
    model.putFar();
    for (int step = 0; step < 2000; step++) {
      switch (random.nextInt(8)) {
        case 0, 1, 2, 3 -> model.put(random.nextInt(items), distance(random));
        case 4 -> model.remove(random.nextInt(items));
        case 5 -> model.advance(random.nextInt(200) - 20, budget(random));
        case 6 -> model.advance(jump(random, model), budget(random));
        default -> model.advanceToEarliest(random.nextInt(3) - 1, budget(random));
      }
      model.check();
    }
    model.drain();
  }

  /** Nothing is removed, so the earliest tick is exact, and no wake-up is for nothing. */
  @Property(tries = 100)
  void withoutRemovals_theEarliestTickIsExact(@ForAll long seed, @ForAll @IntRange(max = 5) int origin,
      @ForAll @IntRange(min = 1, max = 100) int items) {
    Random random = new Random(seed);
    WheelModel model = new WheelModel(ORIGINS.get(origin), items);
    model.putFar();
    for (int step = 0; step < 500; step++) {
      int item = random.nextInt(items);
      if (random.nextInt(4) != 0) {
        if (!model.isArmed(item)) {
          model.put(item, distance(random));
        }
      } else if (random.nextBoolean()) {
        model.advance(jump(random, model), WheelModel.ALL);
      } else {
        model.advanceToEarliest(0, WheelModel.ALL);
      }
      model.checkExact();
    }
    assertThat(model.wakeUpsForNothing()).isZero();
  }

  /** Nanoseconds ahead: in the past, near, or around the boundaries of a level. */
  private static long distance(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextLong(-5_000, 5_000);
      case 1 -> random.nextLong(300_000);
      default -> {
        long slots = random.nextLong(1, 65);
        yield ((slots << (6 * random.nextInt(7))) + random.nextInt(3) - 1) * 1024 + random.nextInt(1024);
      }
    };
  }

  /** Ticks to one before, at, or one after a boundary of some level. */
  private static long jump(Random random, WheelModel model) {
    long size = 1L << (6 * random.nextInt(1 + random.nextInt(WheelLevel.COUNT)));
    long boundary = (model.now() / size + 1) * size;
    long ticks = boundary - model.now() + random.nextInt(3) - 1;
    return model.now() + ticks < 1L << 52 ? ticks : random.nextInt(5000);
  }

  private static int budget(Random random) {
    return random.nextBoolean() ? WheelModel.ALL : random.nextInt(8);
  }

  /** Hazard: an error of one at a level's boundary, which shows only when the clock jumps just there, and beyond. */
  @Test
  void jumpsOverEveryBoundary_withOneTimerJustThere_andOneFarAhead() {
    long[] boundaries = WheelLevelTest.boundaries();
    for (int i = 1; i < boundaries.length; i++) {
      long due = boundaries[i];
      for (long cursor : new long[]{0, due / 2, Math.max(0, due - 64), due - 1}) {
        TimerWheel wheel = new TimerWheel();
        wheel.advance(cursor, 1);
        assertThat(wheel.take()).isNull(); // the cursor follows
        Item item = new Item(0);
        Item far = new Item(1);
        wheel.put(far, Ticks.LAST);
        wheel.put(item, due);
        assertThat(wheel.earliest()).isEqualTo(due);
        wheel.advance(due - 1, 10);
        assertThat(wheel.take()).isNull();
        assertThat(wheel.isBehind()).isFalse();
        wheel.advance(due, 10);
        List<WheelEntry> taken = new ArrayList<>();
        for (WheelEntry entry = wheel.take(); entry != null; entry = wheel.take()) {
          taken.add(entry);
        }
        assertThat(taken).contains(item);
        assertThat(wheel.earliest()).isEqualTo(due == Ticks.LAST ? Ticks.NEVER : Ticks.LAST);
      }
    }
  }

  static final class Item extends WheelEntry {
    final int number;

    Item(int number) {
      this.number = number;
    }
  }
}
