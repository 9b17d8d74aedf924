package io.github.epollo.runtime.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.epollo.runtime.future.Poll;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class SetOnceTest {
  @Property
  void allHaveTheFirstValue(@ForAll @Size(max = 200) List<@IntRange(min = 0, max = 99) Integer> script) {
    SetOnce<Integer> once = new SetOnce<>();
    Integer model = null;
    List<ByHand<Integer>> waiting = new ArrayList<>();
    for (int step : script) {
      if (step == 0) {
        assertThat(once.set(waiting.size())).isEqualTo(model == null);
        model = model == null ? Integer.valueOf(waiting.size()) : model;
      } else if (step % 5 == 0 && !waiting.isEmpty()) {
        waiting.remove(step % waiting.size()).close();
      } else {
        ByHand<Integer> hand = new ByHand<>(once.getAsync());
        if (model == null) {
          assertThat(hand.poll()).isInstanceOf(Poll.Pending.class);
          waiting.add(hand);
        } else {
          assertThat(hand.value()).isEqualTo(model);
        }
      }
      boolean isSet = model != null;
      assertThat(once.isSet()).isEqualTo(isSet);
      assertThat(once.getNow()).isEqualTo(model);
      assertThat(waiting).allMatch(hand -> hand.isWoken() == isSet);
    }
    for (ByHand<Integer> hand : waiting) {
      if (model != null) {
        assertThat(hand.value()).isEqualTo(model);
      }
    }
  }

  @Test
  void aWakerThatSetsAgainOrThrows_theOthersAreWoken() {
    SetOnce<String> once = new SetOnce<>();
    List<Boolean> again = new ArrayList<>();
    assertThat(once.getAsync().poll(() -> again.add(once.set("second")))).isInstanceOf(Poll.Pending.class);
    assertThat(once.getAsync().poll(Hostile.throwing("set"))).isInstanceOf(Poll.Pending.class);
    ByHand<String> other = ByHand.polled(once.getAsync());
    assertThat(once).hasToString("a value that was not set yet");
    assertThat(Hostile.reports(() -> once.set("first"))).containsExactly("set");
    assertThat(again).containsExactly(false);
    assertThat(other.isWoken()).isTrue();
    assertThat(once.get()).isEqualTo("first");
    assertThat(once).hasToString("a value that was set: first");
  }

  @Test
  @SuppressWarnings("NullAway")
  void null_isNoValue() {
    assertThatNullPointerException().isThrownBy(() -> new SetOnce<String>().set(null)).withMessage("value");
  }
}
