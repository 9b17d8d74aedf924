package io.github.epollo.runtime.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class CancellationRaceTest {
  private static final int ROUNDS = 20_000;

  /** Who comes to wait below, where nobody waited, while the root is cancelled: he sees it or is woken. */
  @Test
  void comesToWaitWhileTheRootIsCancelled_isNotMissed() throws InterruptedException {
    CancellationToken[] roots = new CancellationToken[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      roots[i] = new CancellationToken();
    }
    AtomicInteger begun = new AtomicInteger();
    AtomicInteger cancelled = new AtomicInteger();
    Thread canceller = Thread.ofPlatform().daemon().start(() -> {
      for (int i = 0; i < ROUNDS; i++) {
        awaitAtLeast(begun, i + 1);
        boolean _ = roots[i].cancel();
        cancelled.set(i + 1);
      }
    });
    for (int i = 0; i < ROUNDS; i++) {
      ByHand<@Nullable Void> hand = new ByHand<>(roots[i].child().cancelledAsync());
      begun.set(i + 1);
      for (int k = 0; k < i % 16; k++) {
        Thread.onSpinWait();
      }
      boolean saw = hand.isReady();
      awaitAtLeast(cancelled, i + 1);
      assertThat(saw || hand.isWoken()).as("sees it or is woken, in round %s", i).isTrue();
    }
    canceller.join();
  }

  private static void awaitAtLeast(AtomicInteger counter, int value) {
    for (int i = 0; counter.get() < value; i++) {
      if (i % 1000 == 999) {
        Thread.yield();
      } else {
        Thread.onSpinWait();
      }
    }
  }
}
