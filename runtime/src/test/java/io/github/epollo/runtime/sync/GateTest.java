package io.github.epollo.runtime.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.epollo.runtime.future.Poll;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class GateTest {
  private static final int OPERATIONS = 6;

  @Property
  void closesWhenAllInsideHaveLeft(@ForAll @Size(max = 60) List<@IntRange(min = 0, max = 299) Integer> script) {
    Gate gate = new Gate();
    List<Pass> inside = new ArrayList<>();
    List<ByHand<@Nullable Void>> closing = new ArrayList<>();
    boolean closed = false;
    for (int step : script) {
      int argument = step / OPERATIONS;
      switch (step % OPERATIONS) {
        case 0, 1 -> {
          Pass pass = gate.tryEnter();
          assertThat(pass == null).isEqualTo(closed);
          if (pass != null) {
            inside.add(pass);
          }
        }
        case 2 -> {
          if (!inside.isEmpty()) {
            Pass pass = inside.remove(argument % inside.size());
            pass.close();
            pass.close();
          }
        }
        case 3 -> {
          if (argument % 4 == 0) {
            closed = true;
            ByHand<@Nullable Void> hand = new ByHand<>(gate.closeAsync());
            assertThat(hand.isReady()).isEqualTo(inside.isEmpty());
            if (!inside.isEmpty()) {
              closing.add(hand);
            }
          }
        }
        case 4 -> {
          if (!closing.isEmpty()) {
            ByHand<@Nullable Void> hand = closing.get(argument % closing.size());
            assertThat(hand.isReady()).isEqualTo(inside.isEmpty());
            if (inside.isEmpty()) {
              closing.remove(hand);
            }
          }
        }
        default -> {
          if (!closing.isEmpty()) {
            closing.remove(argument % closing.size()).close();
          }
        }
      }
      assertThat(gate.inside()).isEqualTo(inside.size());
      assertThat(gate.isClosed()).isEqualTo(closed);
      boolean empty = inside.isEmpty();
      assertThat(closing).allMatch(hand -> hand.isWoken() == empty, "woken when nobody is inside, and not before");
    }
  }

  @Test
  void nothingIsClosedBeforeTheFirstPoll() {
    Gate gate = new Gate();
    gate.closeAsync().close();
    gate.enter().close();
    assertThat(gate.isClosed()).isFalse();
  }

  @Test
  void enteringAClosedGate_isAnError() {
    Gate gate = new Gate();
    Pass pass = gate.enter();
    ByHand<@Nullable Void> closing = ByHand.polled(gate.closeAsync());
    assertThatExceptionOfType(GateClosedException.class).isThrownBy(gate::enter)
        .withMessageContaining("cannot enter a closed gate with 1 inside");
    pass.close();
    assertThat(closing.isReady()).isTrue();
    gate.close();
  }

  @Test
  void aWakerThatThrows_isReported_andTheOthersAreWoken() {
    Gate gate = new Gate();
    Pass pass = gate.enter();
    assertThat(gate.closeAsync().poll(Hostile.throwing("closed"))).isInstanceOf(Poll.Pending.class);
    ByHand<@Nullable Void> other = ByHand.polled(gate.closeAsync());
    assertThat(Hostile.reports(pass::close)).containsExactly("closed");
    assertThat(other.isWoken()).isTrue();
    assertThat(pass).hasToString("a pass of a closed gate with 0 inside");
  }
}
