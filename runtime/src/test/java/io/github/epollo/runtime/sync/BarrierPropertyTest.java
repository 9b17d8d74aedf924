package io.github.epollo.runtime.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.future.Poll;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** A barrier against a count: who completes a round leads, all others of the round go on and no one else, and who gives up has not arrived. */
final class BarrierPropertyTest {
  private static final int OPERATIONS = 5;

  @Property(tries = 1000)
  void goesOnInRounds(@ForAll @IntRange(min = 1, max = 5) int parties,
      @ForAll @Size(max = 80) List<@IntRange(min = 0, max = 499) Integer> script) {
    play(parties, script, false);
  }

  @Test
  void catchesAPartyThatGivesUpAndStays() {
    Random random = new Random(1);
    assertThat(Stream.generate(() -> random.ints(60, 0, 500).boxed().toList()).limit(100).anyMatch(script -> {
      try {
        play(3, script, true);
        return false;
      } catch (AssertionError e) {
        return true;
      }
    })).isTrue();
  }

  private static void play(int parties, List<Integer> script, boolean stays) {
    Barrier barrier = new Barrier(parties);
    List<ByHand<Boolean>> arrived = new ArrayList<>();
    List<ByHand<Boolean>> free = new ArrayList<>(); // their round is complete
    for (int step : script) {
      int argument = step / OPERATIONS;
      switch (step % OPERATIONS) {
        case 0, 1 -> {
          ByHand<Boolean> hand = new ByHand<>(barrier.arriveAsync());
          if (arrived.size() == parties - 1) {
            assertThat(hand.value()).as("leads").isTrue();
            free.addAll(arrived);
            arrived.clear();
          } else {
            assertThat(hand.poll()).isInstanceOf(Poll.Pending.class);
            arrived.add(hand);
          }
        }
        case 2 -> {
          if (!free.isEmpty()) {
            assertThat(free.remove(argument % free.size()).value()).as("leads").isFalse();
          }
        }
        case 3 -> {
          if (!free.isEmpty()) {
            free.remove(argument % free.size()).close();
          }
        }
        default -> {
          if (!arrived.isEmpty()) {
            ByHand<Boolean> hand = arrived.remove(argument % arrived.size());
            if (!stays) {
              hand.close();
            }
          }
        }
      }
      assertThat(barrier.waiting()).isEqualTo(arrived.size());
      assertThat(free).allMatch(ByHand::isWoken, "woken");
      assertThat(arrived).noneMatch(ByHand::isWoken);
    }
  }
}
