package io.github.epollo.timers.wheel;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Many entries in one slot: bounded steps, and what happens to entries in the middle of them. */
class TimerWheelStormTest {
  private static final int MILLION = 1_000_000;
  private static final int BUDGET = 1024;
  private static final long SLOT = 1L << 30; // the first tick of a slot of level 5
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final class Item extends WheelEntry {
    long due;

    void put(TimerWheel wheel, long tick) {
      due = tick;
      wheel.put(this, tick);
    }
  }

  private final TimerWheel wheel = new TimerWheel();
  private final List<Item> items = new ArrayList<>();

  private void fill(int count, long spread) {
    Random random = new Random(3);
    for (int i = 0; i < count; i++) {
      Item item = new Item();
      item.put(wheel, SLOT + random.nextLong(spread));
      items.add(item);
    }
  }

  /** At one tick each entry costs one step; spread over a high slot, one more for each level below. */
  @ParameterizedTest
  @CsvSource({"1, 1", "4096, 3", "100000000, 6"})
  void aMillionInOneSlot_areTakenInBoundedSteps_inOrder(long spread, int stepsEach) {
    fill(MILLION, spread);
    int taken = 0;
    int turns = 0;
    long last = 0;
    do {
      wheel.advance(SLOT + spread, BUDGET);
      int before = taken;
      while (wheel.take() instanceof Item item) {
        assertThat(item.due >= last).isTrue();
        last = item.due;
        taken++;
      }
      if (++turns > stepsEach * MILLION / BUDGET + 1 || taken - before > BUDGET) {
        throw new AssertionError(taken - before + " in turn " + turns);
      }
    } while (wheel.isBehind());
    assertThat(taken).isEqualTo(MILLION);
    assertThat(turns).isGreaterThanOrEqualTo(MILLION / BUDGET);
    assertThat(wheel.size()).isZero();
  }

  @Test
  void inTheMiddleOfACascade_entriesAreRemovedMovedAndAdded() {
    fill(10_000, 100_000);
    long now = items.stream().mapToLong(item -> item.due).min().orElseThrow();
    List<Item> taken = new ArrayList<>();
    takeInto(taken, now, 100); // all are pending, and 100 of them have been dealt with
    assertThat(wheel.isBehind()).isTrue();
    assertThat(wheel.earliest()).isEqualTo(now);

    List<Item> removed = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      Item item = items.get(i);
      if (!taken.contains(item)) {
        switch (i % 4) {
          case 0 -> {
            wheel.remove(item);
            removed.add(item);
          }
          case 1 -> item.put(wheel, now + i % 3 * (SLOT + i));
          default -> {}
        }
      }
    }
    Item late = new Item();
    items.add(late);
    late.put(wheel, 0);
    late.due = now; // what it counts as

    int turns = 0;
    for (long time = now; wheel.size() > 0; time = Math.max(time, wheel.earliest())) {
      assertThat(++turns).isLessThan(100_000);
      takeInto(taken, time, 100);
    }
    items.removeAll(removed);
    assertThat(taken).hasSize(items.size()).doesNotHaveDuplicates().containsAll(items);
    assertThat(taken).isSortedAccordingTo(Comparator.comparingLong(item -> item.due));
  }

  private void takeInto(List<Item> taken, long time, int budget) {
    wheel.advance(time, budget);
    while (wheel.take() instanceof Item item) {
      assertThat(item.due).isLessThanOrEqualTo(time);
      taken.add(item);
    }
  }

  @Test
  void whenAllThatIsPendingIsRemoved_theWheelIsNotBehind() {
    fill(1000, 1);
    wheel.advance(SLOT, 10);
    while (wheel.take() != null) {}
    items.forEach(wheel::remove);
    assertThat(wheel.isBehind()).isFalse();
    assertThat(wheel.earliest()).isEqualTo(Ticks.NEVER);
    assertThat(wheel.size()).isZero();
  }

  /** One that always comes back with a tick that has passed is not served before those that wait. */
  @Test
  void whoComesLate_isServedAfterThoseThatWait() {
    fill(10_000, 5000);
    Item hasty = new Item();
    hasty.put(wheel, 0);
    int turns = 0;
    while (wheel.size() > 1) {
      wheel.advance(SLOT + 5000 + turns, 10);
      while (wheel.take() instanceof Item item) {
        if (item == hasty) {
          wheel.put(hasty, 0);
        }
      }
      assertThat(++turns).isLessThan(10_000);
    }
  }

  @Test
  void takeAny_takesAll_alsoWhatIsPending() {
    fill(1000, 100_000);
    wheel.advance(SLOT + 50_000, 10);
    while (wheel.take() != null) {}
    int left = wheel.size();
    assertThat(left).isBetween(990, 1000);
    for (int i = 0; i < left; i++) {
      assertThat(wheel.takeAny()).isNotNull();
    }
    assertThat(wheel.takeAny()).isNull();
    assertThat(wheel.size()).isZero();
  }

  @Test
  void aRemovedEntry_isGarbage_whileItsNeighboursStay() {
    fill(1, 1);
    WeakReference<Item> removed = putAndRemoveBetween();
    for (int i = 0; i < 50 && removed.get() != null; i++) {
      System.gc();
    }
    assertThat(removed.get()).isNull();
    assertThat(wheel.size()).isEqualTo(2);
  }

  private WeakReference<Item> putAndRemoveBetween() {
    Item between = new Item();
    between.put(wheel, SLOT);
    fill(1, 1);
    wheel.remove(between);
    return new WeakReference<>(between);
  }

  @Test
  void aRemovedEntry_doesNotKeepItsNeighbours() {
    Item kept = new Item();
    kept.put(wheel, SLOT);
    WeakReference<Item> neighbour = putAndRemoveBetween();
    items.forEach(wheel::remove);
    items.clear();
    wheel.remove(kept);
    for (int i = 0; i < 50 && neighbour.get() != null; i++) {
      System.gc();
    }
    assertThat(neighbour.get()).isNull();
    assertThat(kept.due).isEqualTo(SLOT);
  }

  @Test
  void armingMovingAndRemoving_allocatesNothing() {
    fill(1000, 100_000_000);
    churn();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5 && least > 0; i++) { // again if the compiler was not done
      long before = THREADS.getCurrentThreadAllocatedBytes();
      churn();
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(least).isZero();
  }

  private void churn() {
    for (int i = 0; i < 100_000; i++) {
      Item item = items.get(i % 1000);
      item.put(wheel, SLOT + (long) i * i);
      item.put(wheel, SLOT - i);
      wheel.remove(item);
    }
  }
}
