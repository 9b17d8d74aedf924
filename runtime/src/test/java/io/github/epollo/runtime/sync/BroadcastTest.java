package io.github.epollo.runtime.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

class BroadcastTest {
  @Property(tries = 2000)
  void itBehavesAsIfEachReceiverHadAQueueOfItsOwn(@ForAll @IntRange(min = 1, max = 4) int capacity,
      @ForAll @IntRange(max = 4) int replay,
      @ForAll @Size(max = 60) List<@IntRange(max = ChannelRun.CHOICES - 1) Integer> steps) {
    new BroadcastRun(capacity, Math.min(replay, capacity), future -> future).run(steps);
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "DOES_NOT_PASS_A_CALL_ON")
  void thePropertyFindsMistakes(Mistake mistake) {
    assertThat(mistake.isFound(twist -> new BroadcastRun(2, 1, twist)::run)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  void aCapacityThatKeepsNothingIsRefused(int capacity) {
    assertThatThrownBy(() -> Broadcast.bounded(capacity)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("capacity " + capacity).hasMessageContaining("must be positive");
  }

  @Test
  void badInputIsRefused() {
    assertThatThrownBy(() -> Broadcast.bounded(2, 3)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("replay 3").hasMessageContaining("0 to 2");
    assertThatThrownBy(() -> Broadcast.bounded(2, -1)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("replay -1");
    assertThatThrownBy(() -> Broadcast.bounded(0, 0)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("capacity 0");
    Broadcast<String> broadcast = Broadcast.bounded(1);
    assertThatThrownBy(() -> broadcast.send(null)).isInstanceOf(NullPointerException.class)
        .hasMessageContaining("cannot broadcast null");
    assertThatThrownBy(() -> broadcast.close(null)).isInstanceOf(NullPointerException.class)
        .hasMessageContaining("use close()");
    assertThat(broadcast.isClosed()).isFalse();
  }

  /** Else a crowd that listens is woken whenever one of it goes. */
  @Test
  void closingAReceiverWakesNoneOfTheOthers() {
    Broadcast<String> broadcast = Broadcast.bounded(1);
    BroadcastReceiver<String> one = broadcast.subscribe();
    HandPolled<String> given = new HandPolled<>(one.receiveAsync());
    HandPolled<String> other = new HandPolled<>(broadcast.subscribe().receiveAsync());
    given.poll();
    given.poll();
    given.future.close();
    other.poll();
    one.close();
    assertThat(other.wakes).isZero();
    assertThat(broadcast.send("value")).isEqualTo(1);
    assertThat(other.wakes).isEqualTo(1);
  }

  @Test
  void whoComesAfterTheEndGetsTheReplayAndThenTheEnd() {
    Broadcast<String> broadcast = Broadcast.bounded(2, 1);
    assertThat(broadcast.send("one")).isZero();
    assertThat(broadcast.send("two")).isZero();
    broadcast.close();
    BroadcastReceiver<String> late = broadcast.subscribe();
    assertThat(late.receive()).isEqualTo("two");
    assertThat(late.receiveOrNull()).isNull();
  }

  @Test
  void whoWaitsWithAReceiverThatIsClosedHearsOfIt() {
    Broadcast<String> broadcast = Broadcast.bounded(1);
    BroadcastReceiver<String> receiver = broadcast.subscribe();
    HandPolled<String> waiting = new HandPolled<>(receiver.receiveAsync());
    waiting.poll();
    receiver.close();
    assertThat(waiting.wakes).isPositive();
    assertThatThrownBy(() -> receiver.receive()).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("this receiver is closed");
  }
}
