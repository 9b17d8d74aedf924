package io.github.epollo.timers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** Against a list of all grants: the next is as early as the rule lets it, and no earlier than asked for. Times are offsets from the start. */
class GrantsTest {
  @Property
  void areAsEarlyAsTheRuleAllows(@ForAll long seed, @ForAll @IntRange(max = 2) int begin,
      @ForAll @IntRange(min = 1, max = 7) int permits, @ForAll @LongRange(min = 1, max = 1000) long period) {
    long start = List.of(0L, -500L, Long.MAX_VALUE - 1_000_001).get(begin);
    Random random = new Random(seed);
    Grants grants = new Grants(permits, period);
    List<Long> model = new ArrayList<>();
    long now = 0;
    for (int i = 0; i < 200; i++) {
      now += random.nextInt(4) == 0 ? random.nextLong(3 * period) : random.nextLong(period / permits + 1);
      long free = model.size() < permits ? now : Math.max(now, model.get(model.size() - permits) + period);
      assertThat(grants.next(start + now) - start).isEqualTo(free);
      boolean passed = grants.tryPass(start + now);
      assertThat(passed).isEqualTo(free == now);
      if (passed) {
        model.add(now);
      }
    }
    for (int i = permits; i < model.size(); i++) {
      assertThat(model.get(i) - model.get(i - permits)).isGreaterThanOrEqualTo(period);
    }
  }

  @Property
  void whoReadTheClockEarlierThanTheLast_countsAsNotEarlier(@ForAll long seed,
      @ForAll @IntRange(min = 1, max = 5) int permits) {
    long period = 100;
    Random random = new Random(seed);
    Grants grants = new Grants(permits, period);
    List<Long> passes = new ArrayList<>(); // as they count
    long latest = Long.MIN_VALUE;
    for (int i = 0; i < 300; i++) {
      long now = i * 10L - random.nextLong(60);
      if (grants.tryPass(now)) {
        latest = Math.max(latest, now);
        passes.add(latest);
        if (passes.size() > permits) {
          assertThat(now).isGreaterThanOrEqualTo(passes.get(passes.size() - 1 - permits) + period);
        }
      }
    }
    assertThat(passes).hasSizeGreaterThan(permits);
  }

  @Test
  void aPeriodWithoutEnd() {
    Grants grants = new Grants(1, Long.MAX_VALUE);
    assertThat(grants.tryPass(5)).isTrue();
    assertThat(grants.tryPass(1L << 61)).isFalse();
    assertThat(grants.next(6)).isEqualTo(Deadlines.NEVER);
  }
}
