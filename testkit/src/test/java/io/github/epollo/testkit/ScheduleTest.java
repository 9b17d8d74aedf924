package io.github.epollo.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.loop.ReadyOrder;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  @Property
  void theSameSeedPicksTheSame(@ForAll long seed, @ForAll @IntRange(min = 2, max = 300) int count) {
    ReadyOrder one = Schedule.ofSeed(seed).order();
    ReadyOrder two = Schedule.ofSeed(seed).order();
    for (int i = 0; i < 100; i++) {
      assertThat(one.pick(count)).isEqualTo(two.pick(count)).isBetween(0, count - 1);
    }
  }

  @Test
  void afterTheLastChoiceComesArrival() {
    Schedule schedule = Schedule.ofChoices(5, -1);

    for (int run = 0; run < 2; run++) {
      ReadyOrder order = schedule.order();
      assertThat(order.pick(3)).isEqualTo(2);
      assertThat(order.pick(3)).isEqualTo(2);
      assertThat(order.pick(3)).isZero();
    }
    assertThat(schedule).hasToString("Schedule.ofChoices(5, -1)");
  }
}
