package io.github.epollo.runtime.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.epollo.runtime.future.Poll;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BarrierTest {
  @Test
  void aWakerThatArrivesAgain_isInTheNextRound() {
    Barrier barrier = new Barrier(3);
    List<ByHand<Boolean>> again = new ArrayList<>();
    assertThat(barrier.arriveAsync().poll(() -> again.add(ByHand.polled(barrier.arriveAsync()))))
        .isInstanceOf(Poll.Pending.class);
    assertThat(barrier.arriveAsync().poll(Hostile.throwing("all are here"))).isInstanceOf(Poll.Pending.class);
    assertThat(barrier).hasToString("a barrier where 2 of 3 have arrived");
    assertThat(Hostile.reports(() -> assertThat(barrier.arrive()).isTrue())).containsExactly("all are here");
    assertThat(again).hasSize(1).noneMatch(ByHand::isWoken);
    assertThat(barrier.waiting()).isEqualTo(1);
  }

  @Test
  void noParties_areAnError() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Barrier(0)).withMessageContaining("0 parties");
    assertThat(new Barrier(1).arrive()).isTrue();
    assertThat(new Barrier(2).parties()).isEqualTo(2);
  }
}
