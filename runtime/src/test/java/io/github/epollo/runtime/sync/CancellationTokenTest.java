package io.github.epollo.runtime.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class CancellationTokenTest {
  private static final int DEEP = 100_000;

  /** Counts what is done to it. */
  private static final class Source extends AbstractFuture<String> {
    private int polls;
    private int releases;
    private @Nullable String value;

    @Override
    protected Poll<String> advance(Waker waker) {
      polls++;
      return value == null ? Poll.pending() : Poll.ready(value);
    }

    @Override
    protected void release() {
      releases++;
    }
  }

  @Test
  void runUntilCancelled_closesTheSource() {
    CancellationToken token = new CancellationToken();
    Source source = new Source();
    ByHand<String> hand = ByHand.polled(token.child().runUntilCancelled(source));
    assertThat(token.linkedChildren()).isEqualTo(1);
    assertThat(token.cancel()).isTrue();
    assertThat(hand.isWoken()).isTrue();
    assertThatExceptionOfType(CancellationException.class).isThrownBy(hand::value)
        .withMessage("its token was cancelled while waiting for Source");
    assertThat(source.releases).isEqualTo(1);
    assertThat(source.polls).isEqualTo(2);
  }

  @Test
  void runUntilCancelled_aValueThatIsThereWins() {
    CancellationToken token = new CancellationToken();
    Source source = new Source();
    ByHand<String> hand = ByHand.polled(token.runUntilCancelled(source));
    source.value = "there";
    assertThat(token.cancel()).isTrue();
    assertThat(hand.value()).isEqualTo("there");
    assertThat(source.releases).isEqualTo(1);
  }

  @Test
  void runUntilCancelled_ofACancelledToken_doesNotStart() {
    CancellationToken token = new CancellationToken();
    assertThat(token.cancel()).isTrue();
    Source source = new Source();
    source.value = "there";
    assertThatExceptionOfType(CancellationException.class)
        .isThrownBy(() -> token.runUntilCancelled(source).await());
    assertThat(source.polls).isZero();
    assertThat(source.releases).isEqualTo(1);
  }

  @Test
  void runUntilCancelled_closedOrFinished_leavesNothing() {
    CancellationToken token = new CancellationToken();
    CancellationToken child = token.child();
    Source source = new Source();
    ByHand<String> hand = ByHand.polled(child.runUntilCancelled(source));
    hand.close();
    assertThat(source.releases).isEqualTo(1);
    Source finishing = new Source();
    ByHand<String> finished = ByHand.polled(child.runUntilCancelled(finishing));
    assertThat(token.linkedChildren()).isEqualTo(1);
    finishing.value = "done";
    assertThat(finished.value()).isEqualTo("done");
    assertThat(finishing.releases).isEqualTo(1);
    assertThat(token.linkedChildren()).isZero();
  }

  @Test
  void runUntilCancelled_whatTheSourceThrowsIsItsFailure_andNothingIsLeft() {
    CancellationToken token = new CancellationToken();
    Future<String> bad = Future.fromPoll(_ -> {
      throw new IllegalStateException("bad");
    });
    assertThatIllegalStateException().isThrownBy(() -> token.child().runUntilCancelled(bad).await()).withMessage("bad");
    assertThat(token.linkedChildren()).isZero();
  }

  @Test
  @SuppressWarnings("NullAway")
  void nullFuture_isAnError() {
    assertThatNullPointerException().isThrownBy(() -> new CancellationToken().runUntilCancelled(null))
        .withMessage("future");
  }

  @Test
  void guard_cancelsAtTheEnd_unlessItWasDisarmed() {
    CancellationToken token = new CancellationToken();
    try (CancellationGuard guard = token.guard()) {
      guard.disarm();
      assertThat(guard.token()).isSameAs(token);
    }
    assertThat(token.isCancelled()).isFalse();
    assertThat(token).hasToString("a cancellation token");
    try (CancellationGuard _ = token.guard()) {
      assertThat(token.isCancelled()).isFalse();
    }
    assertThat(token.isCancelled()).isTrue();
    assertThat(token.cancel()).isFalse();
    assertThat(token).hasToString("a cancelled token");
    token.cancelled();
  }

  @Test
  void cancellingAChild_leavesItsParentAndSiblings() {
    CancellationToken parent = new CancellationToken();
    CancellationToken child = parent.child();
    ByHand<@Nullable Void> sibling = ByHand.polled(parent.child().cancelledAsync());
    ByHand<@Nullable Void> own = ByHand.polled(child.cancelledAsync());
    assertThat(child.cancel()).isTrue();
    assertThat(own.isReady()).isTrue();
    assertThat(sibling.isWoken()).isFalse();
    assertThat(parent.isCancelled()).isFalse();
    assertThat(parent.linkedChildren()).isEqualTo(1);
    assertThat(child.child().isCancelled()).isTrue();
  }

  @Test
  void aMillionChildren_leaveNothingInTheParent() {
    CancellationToken parent = new CancellationToken();
    for (int i = 0; i < 1_000_000; i++) {
      ByHand<@Nullable Void> hand = ByHand.polled(parent.child().cancelledAsync());
      hand.close();
    }
    assertThat(parent.linkedChildren()).isZero();
  }

  @Test
  void deepTree_isCancelledWithoutDeepCalls() {
    CancellationToken root = new CancellationToken();
    CancellationToken leaf = root;
    List<ByHand<@Nullable Void>> waiting = new ArrayList<>();
    for (int i = 0; i < DEEP; i++) {
      leaf = leaf.child();
    }
    waiting.add(ByHand.polled(leaf.cancelledAsync()));
    waiting.getFirst().close();
    assertThat(root.linkedChildren()).isZero();
    CancellationToken half = root;
    for (int i = 0; i < DEEP; i++) {
      half = half.child();
      if (i % 100 == 0) {
        waiting.add(ByHand.polled(half.cancelledAsync()));
      }
    }
    waiting.removeFirst();
    assertThat(root.cancel()).isTrue();
    assertThat(waiting).allMatch(ByHand::isWoken).allMatch(ByHand::isReady);
    assertThat(root.linkedChildren()).isZero();
    assertThat(leaf.isCancelled()).isTrue();
  }

  /** Wakers that throw, cancel other tokens, and come to wait while the tree is being emptied. */
  @Test
  void hostileWakers_doNotKeepOthersFromBeingWoken() {
    CancellationToken root = new CancellationToken();
    CancellationToken other = new CancellationToken();
    List<Object> seen = new ArrayList<>();
    assertThat(root.cancelledAsync().poll(Hostile.throwing("cancelled"))).isInstanceOf(Poll.Pending.class);
    assertThat(root.cancelledAsync().poll(() -> {
      seen.add(root.cancel());
      seen.add(other.cancel());
      seen.add(new ByHand<>(root.child().cancelledAsync()).isReady());
    })).isInstanceOf(Poll.Pending.class);
    List<ByHand<@Nullable Void>> below = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      CancellationToken child = root.child();
      below.add(ByHand.polled(child.cancelledAsync()));
      int number = i;
      assertThat(child.child().cancelledAsync().poll(() -> below.get(299 - number).close()))
          .isInstanceOf(Poll.Pending.class);
    }
    ByHand<@Nullable Void> elsewhere = ByHand.polled(other.cancelledAsync());
    assertThat(Hostile.reports(root::cancel)).containsExactly("cancelled");
    assertThat(seen).containsExactly(false, true, true);
    assertThat(elsewhere.isWoken()).isTrue();
    assertThat(below).allMatch(ByHand::isEnded);
    assertThat(root.linkedChildren()).isZero();
  }
}
