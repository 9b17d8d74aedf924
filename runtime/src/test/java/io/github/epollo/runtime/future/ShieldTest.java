package io.github.epollo.runtime.future;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The shield's states, one schedule a test; nothing here waits for time to pass. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ShieldTest {
  private static final class Region extends Interruption {
    private final String name;

    Region(String name) {
      this.name = name;
    }

    @Override
    protected RuntimeException exception(Object awaited) {
      return new DeadlineExceededException(name);
    }
  }

  @AfterEach
  void noInterruptIsLeft() {
    assertThat(Thread.interrupted()).isFalse();
  }

  private static void assertUntouched(Awaiter awaiter) {
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    awaiter.checkStopped("the clean-up");
    assertThat(awaiter.mustStop()).isFalse();
    assertThat(awaiter.takeCancellation()).isFalse();
  }

  private static void assertCancelledOnce(Awaiter awaiter) {
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
    assertThatThrownBy(() -> awaiter.checkStopped("it")).isInstanceOf(CancellationException.class)
        .hasMessage("cancelled while waiting for it");
    assertUntouched(awaiter);
  }

  @Test
  void cancelledBefore_isDeliveredAfter() {
    new Waiting().run(awaiter -> {
      awaiter.cancel();
      boolean held = awaiter.enterShield();
      assertUntouched(awaiter);
      awaiter.exitShield(held);
      assertCancelledOnce(awaiter);
    });
  }

  @Test
  void cancelledInside_isDeliveredAfter() {
    new Waiting().run(awaiter -> {
      boolean held = awaiter.enterShield();
      assertThat(awaiter.cancel()).isTrue();
      assertThat(awaiter.cancel()).isFalse();
      assertThat(awaiter.isCancelled()).isTrue();
      assertUntouched(awaiter);
      awaiter.exitShield(held);
      assertCancelledOnce(awaiter);
    });
  }

  @Test
  void cancelledInside_interruptsTheJdkAfter_onceForBoth() {
    new Waiting().run(awaiter -> {
      boolean held = awaiter.enterShield();
      awaiter.cancel();
      Thread.sleep(1);
      awaiter.exitShield(held);
      assertThatThrownBy(() -> Thread.sleep(10_000)).isInstanceOf(InterruptedException.class);
      assertUntouched(awaiter);
    });
  }

  @Test
  void deliveredBefore_isNotDeliveredAgain() {
    new Waiting().run(awaiter -> {
      awaiter.cancel();
      assertThatThrownBy(() -> awaiter.checkStopped("it")).isInstanceOf(CancellationException.class);
      boolean held = awaiter.enterShield();
      assertUntouched(awaiter);
      awaiter.exitShield(held);
      assertUntouched(awaiter);
    });
  }

  @Test
  void deliveredByTheJdkBefore_isNotDeliveredAgain() {
    new Waiting().run(awaiter -> {
      awaiter.cancel();
      assertThatThrownBy(() -> Thread.sleep(10_000)).isInstanceOf(InterruptedException.class);
      boolean held = awaiter.enterShield();
      assertUntouched(awaiter);
      awaiter.exitShield(held);
      assertUntouched(awaiter);
    });
  }

  @Test
  void nested_cancelledInTheInner_isDeliveredAfterTheOuter() {
    new Waiting().run(awaiter -> {
      boolean outer = awaiter.enterShield();
      boolean inner = awaiter.enterShield();
      awaiter.cancel();
      assertUntouched(awaiter);
      awaiter.exitShield(inner);
      assertUntouched(awaiter);
      awaiter.exitShield(outer);
      assertCancelledOnce(awaiter);
    });
  }

  @Test
  void aRegionAround_raisedBeforeInsideOrBoth_speaksAfterwards() {
    new Waiting().run(awaiter -> {
      for (int raised = 1; raised < 4; raised++) {
        Region outer = new Region("outer");
        Region inner = new Region("inner");
        awaiter.enter(outer);
        awaiter.enter(inner);
        if ((raised & 1) != 0) {
          inner.raise();
        }
        boolean held = awaiter.enterShield();
        if ((raised & 2) != 0) {
          outer.raise();
          assertThat(outer.isRaised()).isTrue();
        }
        assertUntouched(awaiter);
        awaiter.exitShield(held);
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
        String speaks = raised == 1 ? "inner" : "outer";
        assertThatThrownBy(() -> awaiter.checkStopped("it")).hasMessage(speaks);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThatThrownBy(() -> awaiter.checkStopped("it")).hasMessage(speaks);
        awaiter.exit(inner);
        awaiter.exit(outer);
        assertUntouched(awaiter);
      }
    });
  }

  /** An await has thrown for it already: after the shield nothing is new, and the JDK is not interrupted a second time. */
  @Test
  void aRegionAround_thatHasSpokenBefore_doesNotInterruptAgain() {
    new Waiting().run(awaiter -> {
      Region region = new Region("region");
      awaiter.enter(region);
      region.raise();
      assertThatThrownBy(() -> awaiter.checkStopped("it")).hasMessage("region");
      boolean held = awaiter.enterShield();
      assertUntouched(awaiter);
      awaiter.exitShield(held);
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
      awaiter.exit(region);
    });
  }

  @Test
  void aRegionInside_works_whateverGoesOnOutside() {
    new Waiting().run(awaiter -> {
      Region outer = new Region("outer");
      awaiter.enter(outer);
      boolean held = awaiter.enterShield();
      outer.raise();
      awaiter.cancel();
      Region inner = new Region("inner");
      awaiter.enter(inner);
      inner.raise();
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
      assertThatThrownBy(() -> awaiter.checkStopped("it")).hasMessage("inner");
      assertThatThrownBy(() -> awaiter.checkStopped("it")).hasMessage("inner");
      assertThat(awaiter.exit(inner)).isTrue();
      assertUntouched(awaiter);
      Region unnoticed = new Region("unnoticed");
      awaiter.enter(unnoticed);
      unnoticed.raise();
      assertThat(awaiter.exit(unnoticed)).isTrue();
      assertUntouched(awaiter);
      awaiter.exitShield(held);
      assertCancelledOnceThen(awaiter, "outer");
      awaiter.exit(outer);
    });
  }

  private static void assertCancelledOnceThen(Awaiter awaiter, String region) {
    assertThatThrownBy(() -> awaiter.checkStopped("it")).isInstanceOf(CancellationException.class);
    assertThatThrownBy(() -> awaiter.checkStopped("it")).hasMessage(region);
  }

  @Test
  void aRegionBetweenTwoShields_isWithheldByTheInnerOnly() {
    new Waiting().run(awaiter -> {
      boolean outer = awaiter.enterShield();
      Region between = new Region("between");
      awaiter.enter(between);
      boolean inner = awaiter.enterShield();
      between.raise();
      awaiter.cancel();
      assertUntouched(awaiter);
      awaiter.exitShield(inner);
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
      assertThatThrownBy(() -> awaiter.checkStopped("it")).hasMessage("between");
      assertThat(awaiter.exit(between)).isTrue();
      assertUntouched(awaiter);
      awaiter.exitShield(outer);
      assertCancelledOnce(awaiter);
    });
  }

  @Test
  void aStrangersInterrupt_fromBefore_waits_andOneInsideHits() {
    new Waiting().run(awaiter -> {
      Thread.currentThread().interrupt();
      boolean held = awaiter.enterShield();
      assertUntouched(awaiter);
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> awaiter.checkStopped("it")).hasMessage("interrupted while waiting for it");
      assertUntouched(awaiter);
      awaiter.exitShield(held);
      assertThatThrownBy(() -> awaiter.checkStopped("it")).hasMessage("interrupted while waiting for it");
      assertUntouched(awaiter);
    });
  }

  @Test
  void leavingInTheWrongOrder_isRefused() {
    new Waiting().run(awaiter -> {
      assertThatIllegalStateException().isThrownBy(() -> awaiter.exitShield(false))
          .withMessageContaining("there is none");
      Region region = new Region("region");
      awaiter.enter(region);
      boolean held = awaiter.enterShield();
      assertThatIllegalStateException().isThrownBy(() -> awaiter.exit(region)).withMessageContaining("reverse order");
      Region inside = new Region("inside");
      awaiter.enter(inside);
      assertThatIllegalStateException().isThrownBy(() -> awaiter.exitShield(held))
          .withMessageContaining("reverse order");
      awaiter.exit(inside);
      awaiter.exitShield(held);
      awaiter.exit(region);
    });
  }

  /** An awaiter whose canceller can be held between its two steps. */
  private static final class Slow extends Waiting {
    final CountDownLatch requesting = new CountDownLatch(1);
    final CountDownLatch goOn = new CountDownLatch(1);

    @Override
    protected Thread thread() {
      requesting.countDown();
      try {
        assertThat(goOn.await(20, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      return super.thread();
    }

    Thread startCancelling() throws InterruptedException {
      Thread canceller = Thread.ofPlatform().start(this::cancel);
      requesting.await();
      return canceller;
    }

    /** Lets the canceller go on once this thread waits for it. */
    Thread letGoOnWhenWaitedFor() {
      Thread waiting = Thread.currentThread();
      return Thread.ofPlatform().start(() -> {
        while (!isIn(waiting, "settle")) {
          Thread.onSpinWait();
        }
        goOn.countDown();
      });
    }

    private static boolean isIn(Thread thread, String method) {
      for (StackTraceElement frame : thread.getStackTrace()) {
        if (frame.getMethodName().equals(method)) {
          return true;
        }
      }
      return false;
    }
  }

  @Test
  void enteringWhileTheCancellerIsAboutToInterrupt_waitsForTheInterrupt() {
    Slow slow = new Slow();
    slow.run(awaiter -> {
      Thread canceller = slow.startCancelling();
      Thread helper = slow.letGoOnWhenWaitedFor();
      boolean held = awaiter.enterShield();
      assertThat(held).isTrue();
      assertUntouched(awaiter);
      canceller.join();
      helper.join();
      assertUntouched(awaiter);
      awaiter.exitShield(held);
      assertCancelledOnce(awaiter);
    });
  }

  @Test
  void leavingWhileTheCancellerHasSeenTheShield_makesUpForTheInterrupt() {
    Slow slow = new Slow();
    slow.run(awaiter -> {
      boolean held = awaiter.enterShield();
      Thread canceller = slow.startCancelling();
      Thread helper = slow.letGoOnWhenWaitedFor();
      awaiter.exitShield(held);
      assertCancelledOnce(awaiter);
      canceller.join();
      helper.join();
      assertUntouched(awaiter);
    });
  }

  @Test
  void leavingARegionInside_whileTheCancellerIsHalfWay_doesNotInterrupt() {
    Slow slow = new Slow();
    slow.run(awaiter -> {
      boolean held = awaiter.enterShield();
      Region inside = new Region("inside");
      awaiter.enter(inside);
      Thread canceller = slow.startCancelling();
      inside.raise();
      assertThat(awaiter.exit(inside)).isTrue();
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
      slow.goOn.countDown();
      canceller.join();
      awaiter.exitShield(held);
      assertCancelledOnce(awaiter);
    });
  }

  /** Whatever the moment, nothing stops the code in the shield, and what came is delivered afterwards: the cancellation once, the region at each await. */
  @Test
  void cancelAndRaise_raceEnteringAndLeaving() throws Exception {
    record Round(Waiting awaiter, Region region) {}
    int rounds = 10_000;
    AtomicReference<Round> current = new AtomicReference<>();
    AtomicReference<Round> stopped = new AtomicReference<>();
    Thread stopper = Thread.ofPlatform().start(() -> {
      Round last = null;
      for (int i = 0; i < rounds; i++) {
        Round round;
        while ((round = current.get()) == last) {
          Thread.yield();
        }
        spin((i * 7919) % 120);
        if (i % 2 == 0) {
          round.awaiter.cancel();
          round.region.raise();
        } else {
          round.region.raise();
          round.awaiter.cancel();
        }
        last = round;
        stopped.set(round);
      }
    });
    for (int i = 0; i < rounds; i++) {
      Round round = new Round(new Waiting(), new Region("region"));
      int spins = (i * 104_729) % 120;
      round.awaiter.run(awaiter -> {
        awaiter.enter(round.region);
        current.set(round);
        if (spins % 8 == 0) {
          Thread.yield();
        }
        spin(spins);
        boolean outer = awaiter.enterShield();
        for (int n = 0; n < 2; n++) {
          boolean inner = awaiter.enterShield();
          assertQuiet(awaiter);
          awaiter.exitShield(inner);
        }
        assertQuiet(awaiter);
        awaiter.exitShield(outer);
        int delivered = 0;
        boolean all = false;
        while (true) {
          boolean last = all;
          try {
            awaiter.checkStopped("it");
          } catch (CancellationException e) {
            delivered++;
          } catch (DeadlineExceededException e) {
            // as often as it likes
          }
          if (last) {
            break;
          }
          Thread.yield();
          all = stopped.get() == round;
        }
        assertThat(delivered).isEqualTo(1);
        assertThatThrownBy(() -> awaiter.checkStopped("it")).hasMessage("region");
        assertThat(awaiter.exit(round.region)).isTrue();
        assertQuiet(awaiter);
      });
    }
    stopper.join();
  }

  private static void spin(int n) {
    for (int i = n; i > 0; i--) {
      Thread.onSpinWait();
    }
  }

  private static void assertQuiet(Awaiter awaiter) {
    if (Thread.currentThread().isInterrupted()) {
      throw new AssertionError("interrupted");
    }
    awaiter.checkStopped("the clean-up");
  }
}
