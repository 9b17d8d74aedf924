package io.github.epollo.timers.wheel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** A wheel, and a map from ticks to what is due then; whatever is done to one is done to the other. */
final class WheelModel {
  /** A budget that is enough for any turn: each entry is given out once, and goes down each level once at most. */
  static final int ALL = 10_000;

  private static final long NONE = -1;

  private final long origin;
  private final Ticks ticks;
  private final TimerWheel wheel = new TimerWheel();
  private final TreeMap<Long, Set<Integer>> due = new TreeMap<>();
  private final List<TimerWheelTest.Item> items = new ArrayList<>();
  private final long[] tickOf;

  private long now;
  private int size;
  private int removals;
  private int wakeUpsForNothing;

  WheelModel(long origin, int count) {
    this.origin = origin;
    this.ticks = new Ticks(origin);
    this.tickOf = new long[count + 1];
    for (int i = 0; i <= count; i++) {
      items.add(new TimerWheelTest.Item(i));
      tickOf[i] = NONE;
    }
  }

  long now() {
    return now;
  }

  int wakeUpsForNothing() {
    return wakeUpsForNothing;
  }

  boolean isArmed(int item) {
    return tickOf[item] != NONE;
  }

  /** One more, as far ahead as a deadline can be. */
  void putFar() {
    put(items.size() - 1, 1L << 62);
  }

  void put(int item, long nanosAhead) {
    forget(item);
    long distance = now * 1024 + nanosAhead;
    long tick = Math.max(now, Math.ceilDiv(distance, 1024));
    due.computeIfAbsent(tick, _ -> new HashSet<>()).add(item);
    tickOf[item] = tick;
    size++;
    wheel.put(items.get(item), ticks.roundUp(origin + distance));
  }

  void remove(int item) {
    forget(item);
    wheel.remove(items.get(item));
  }

  private void forget(int item) {
    if (tickOf[item] != NONE) {
      removals++;
      forgetAt(item, tickOf[item]);
    }
  }

  private void forgetAt(int item, long tick) {
    Set<Integer> all = due.get(tick);
    assertThat(all.remove(item)).isTrue();
    if (all.isEmpty()) {
      due.remove(tick);
    }
    tickOf[item] = NONE;
    size--;
  }

  void advanceToEarliest(long off, int budget) {
    long earliest = wheel.earliest();
    if (earliest >= 1L << 52) {
      return;
    }
    boolean caughtUp = !wheel.isBehind();
    int before = size;
    advance(earliest + off - now, budget);
    if (off == 0 && caughtUp && budget == ALL && size == before) {
      wakeUpsForNothing++;
    }
  }

  void advance(long by, int budget) {
    now = Math.max(now, now + by);
    wheel.advance(ticks.roundDown(origin + now * 1024 + Math.floorMod(by, 1024)), budget);
    int taken = 0;
    while (wheel.take() instanceof TimerWheelTest.Item item) {
      long tick = tickOf[item.number];
      assertThat(tick).as("order").isEqualTo(due.firstKey());
      assertThat(tick).as("never early").isLessThanOrEqualTo(now);
      forgetAt(item.number, tick);
      taken++;
    }
    assertThat(taken).isLessThanOrEqualTo(budget);
    if (budget == ALL) {
      assertThat(wheel.isBehind()).isFalse();
    }
    if (!wheel.isBehind() && !due.isEmpty()) {
      assertThat(due.firstKey()).as("never late").isGreaterThan(now);
    }
  }

  void check() {
    assertThat(wheel.size()).isEqualTo(size);
    assertThat(wheel.earliest()).isLessThanOrEqualTo(earliest());
    assertThat(wakeUpsForNothing).isLessThanOrEqualTo(removals);
  }

  void checkExact() {
    check();
    assertThat(wheel.earliest()).isEqualTo(earliest());
  }

  private long earliest() {
    return due.isEmpty() ? Ticks.NEVER : due.firstKey();
  }

  /** Goes from one earliest tick to the next, until nothing is left. */
  void drain() {
    int turns = 0;
    while (size > 0) {
      advance(wheel.earliest() - now, ALL);
      check();
      assertThat(++turns).isLessThanOrEqualTo(removals + tickOf.length);
    }
    assertThat(wheel.earliest()).isEqualTo(Ticks.NEVER);
    assertThat(wheel.takeAny()).isNull();
  }
}
