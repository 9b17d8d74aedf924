package io.github.epollo.runtime.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.epollo.runtime.future.Poll;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class NotifyTest {
  @Test
  void onePermitIsStored_howeverOftenItWasNotified() {
    Notify notify = new Notify();
    notify.notifyOne();
    notify.notifyOne();
    assertThat(notify).hasToString("a notify with 0 waiting and one notification stored");
    notify.notified();
    ByHand<@Nullable Void> next = new ByHand<>(notify.notifiedAsync());
    assertThat(next.isReady()).isFalse();
    next.close();
    assertThat(notify).hasToString("a notify with 0 waiting");
  }

  @Test
  void notifyWaiters_storesNothing_andMissesNobodyThatWasEnabled() {
    Notify notify = new Notify();
    Notified enabled = notify.notifiedAsync();
    Notified idle = notify.notifiedAsync();
    assertThat(enabled.enable()).isFalse();
    notify.notifyWaiters();
    assertThat(enabled.enable()).isTrue();
    assertThat(enabled.poll(() -> {})).isInstanceOf(Poll.Ready.class);
    assertThat(idle.poll(() -> {})).isInstanceOf(Poll.Pending.class);
    idle.close();
  }

  @Test
  void enabledThenPolledWithAWaker_isWoken() {
    Notify notify = new Notify();
    Notified notified = notify.notifiedAsync();
    assertThat(notified.enable()).isFalse();
    ByHand<@Nullable Void> hand = ByHand.polled(notified);
    assertThat(notified.enable()).isFalse();
    notify.notifyOne();
    assertThat(hand.isWoken()).isTrue();
    assertThat(hand.isReady()).isTrue();
    assertThatIllegalStateException().isThrownBy(notified::enable).withMessageContaining("finished or closed");
  }

  @Test
  void chosenAndClosed_theNextIsChosen() {
    Notify notify = new Notify();
    ByHand<@Nullable Void> first = ByHand.polled(notify.notifiedAsync());
    ByHand<@Nullable Void> second = ByHand.polled(notify.notifiedAsync());
    notify.notifyOne();
    assertThat(second.isWoken()).isFalse();
    first.close();
    assertThat(second.isWoken()).isTrue();
    second.close();
    notify.notified(); // it was stored
  }

  @Test
  void aWakerThatThrowsAndOneThatWaitsAgain_allOthersAreWoken() {
    Notify notify = new Notify();
    assertThat(notify.notifiedAsync().poll(Hostile.throwing("all"))).isInstanceOf(Poll.Pending.class);
    List<ByHand<@Nullable Void>> again = new ArrayList<>();
    assertThat(notify.notifiedAsync().poll(() -> again.add(ByHand.polled(notify.notifiedAsync()))))
        .isInstanceOf(Poll.Pending.class);
    List<ByHand<@Nullable Void>> others = IntStream.range(0, 100)
        .mapToObj(_ -> ByHand.polled(notify.notifiedAsync())).toList();
    assertThat(Hostile.reports(notify::notifyWaiters)).containsExactly("all");
    assertThat(others).allMatch(ByHand::isWoken).allMatch(ByHand::isReady);
    assertThat(again).hasSize(1).noneMatch(ByHand::isWoken);
    assertThat(notify.notifiedAsync().poll(Hostile.throwing("one"))).isInstanceOf(Poll.Pending.class);
    notify.notifyOne(); // goes to the one that waits again
    assertThat(again).allMatch(ByHand::isWoken);
    assertThat(Hostile.reports(notify::notifyOne)).containsExactly("one");
  }
}
