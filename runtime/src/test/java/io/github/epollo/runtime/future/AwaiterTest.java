package io.github.epollo.runtime.future;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class AwaiterTest {
  private static class Deadline extends Interruption {
    @Override
    protected RuntimeException exception(Object awaited) {
      return new DeadlineExceededException("too late for " + awaited);
    }
  }

  @Test
  void aRegionThatIsRaisedStopsEachAwaitInIt() {
    new Waiting().run(awaiter -> {
      Deadline deadline = new Deadline();
      awaiter.enter(deadline);
      deadline.raise();
      deadline.raise();
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> awaiter.park("it")).isInstanceOf(DeadlineExceededException.class)
            .hasMessage("too late for it");
      }
      assertThat(awaiter.exit(deadline)).isTrue();
      awaiter.checkStopped("it");
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
    });
  }

  @Test
  void refusesARegionThatNoAwaitWouldKnowOf() {
    assertThatThrownBy(() -> Awaiter.current().enter(new Deadline())).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is no task");
  }

  /** A call of the JDK threw InterruptedException for it; a deadline in the clean-up must not be taken for it again. */
  @Test
  void aCancellationThatTheJdkDeliveredIsNotDeliveredAgain() {
    new Waiting().run(awaiter -> {
      assertThat(awaiter.cancel()).isTrue();
      assertThatThrownBy(() -> Thread.sleep(10_000)).isInstanceOf(InterruptedException.class);
      awaiter.checkStopped("the clean-up");
      Deadline deadline = new Deadline();
      awaiter.enter(deadline);
      deadline.raise();
      assertThatThrownBy(() -> awaiter.park("it")).isInstanceOf(DeadlineExceededException.class);
      assertThat(awaiter.exit(deadline)).isTrue();
      awaiter.checkStopped("the clean-up");
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
    });
  }

  @Test
  void anInterruptThatWasNotNoticedIsTakenBack() {
    new Waiting().run(awaiter -> {
      Deadline deadline = new Deadline();
      awaiter.enter(deadline);
      deadline.raise();
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
      assertThat(awaiter.exit(deadline)).isTrue();
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
      deadline.raise();
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
    });
  }

  @Test
  void theOutermostRaisedRegionSpeaks() {
    new Waiting().run(awaiter -> {
      Deadline outer = new Deadline() {
        @Override
        protected RuntimeException exception(Object awaited) {
          return new DeadlineExceededException("outer");
        }
      };
      Deadline inner = new Deadline();
      awaiter.enter(outer);
      awaiter.enter(inner);
      assertThatThrownBy(() -> awaiter.exit(outer)).isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("reverse order");
      inner.raise();
      outer.raise();
      assertThatThrownBy(() -> awaiter.park("it")).hasMessage("outer");
      assertThat(awaiter.exit(inner)).isTrue();
      assertThat(Thread.currentThread().isInterrupted()).as("for the outer one").isTrue();
      assertThatThrownBy(() -> awaiter.park("it")).hasMessage("outer");
      assertThat(awaiter.exit(outer)).isTrue();
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
    });
  }

  @Test
  void cancellationSurvivesTheEndOfARaisedRegion() {
    new Waiting().run(awaiter -> {
      Deadline deadline = new Deadline();
      awaiter.enter(deadline);
      deadline.raise();
      assertThat(awaiter.cancel()).isTrue();
      assertThat(awaiter.cancel()).isFalse();
      assertThat(awaiter.exit(deadline)).isTrue();
      assertThatThrownBy(() -> awaiter.park("it")).isInstanceOf(CancellationException.class)
          .hasMessage("cancelled while waiting for it");
      awaiter.checkStopped("it");
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
      assertThat(awaiter.isCancelled()).isTrue();
    });
  }

  /** Another interrupt overtakes that of the cancellation; the await after it, in a finally block, must not be hit a second time. */
  @Test
  void anInterruptThatOvertakesACancellationDoesNotDeliverItTwice() throws Exception {
    CountDownLatch requested = new CountDownLatch(1);
    CountDownLatch delivered = new CountDownLatch(1);
    Waiting awaiter = new Waiting() {
      @Override
      protected Thread thread() {
        requested.countDown();
        try {
          boolean _ = delivered.await(100, TimeUnit.MILLISECONDS); // the slowest canceller there is
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
        return super.thread();
      }
    };
    Thread canceller = Thread.ofPlatform().start(awaiter::cancel);
    requested.await();
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> awaiter.checkStopped("it")).isInstanceOf(CancellationException.class);
    delivered.countDown();
    canceller.join();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    awaiter.checkStopped("the clean-up");
  }

  @Test
  void raiseRacesExit() {
    new Waiting().run(awaiter -> {
      int rounds = 100_000;
      AtomicReference<Deadline> current = new AtomicReference<>();
      AtomicBoolean stop = new AtomicBoolean();
      Thread raiser = Thread.ofPlatform().start(() -> {
        while (!stop.get()) {
          Deadline deadline = current.get();
          if (deadline != null) {
            deadline.raise();
          }
        }
      });
      int raised = 0;
      for (int i = 0; i < rounds; i++) {
        Deadline deadline = new Deadline();
        awaiter.enter(deadline);
        current.set(deadline);
        for (int n = i % 50; n > 0; n--) {
          Thread.onSpinWait();
        }
        try {
          awaiter.checkStopped("it");
        } catch (DeadlineExceededException e) {
          assertThat(deadline.isRaised()).isTrue();
        }
        raised += awaiter.exit(deadline) ? 1 : 0;
        deadline.raise(); // too late
        if (Thread.currentThread().isInterrupted()) {
          throw new AssertionError("an interrupt leaked out of region " + i);
        }
      }
      stop.set(true);
      raiser.join();
      assertThat(raised).isBetween(1, rounds);
    });
  }

  @Test
  void aPlainThreadWaitsAndIsInterrupted() {
    Thread waiting = Thread.currentThread();
    Thread interrupter = Thread.ofPlatform().start(() -> {
      while (LockSupport.getBlocker(waiting) == null) {
        Thread.onSpinWait();
      }
      waiting.interrupt();
    });
    assertThatThrownBy(() -> Future.pending().await()).isInstanceOf(CancellationException.class)
        .hasMessageContaining("interrupted while waiting for PollFuture");
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    assertThat(interrupter).isNotNull();
  }

  /** Both come while it is parked: whoever waits looks for the value first. */
  @Test
  void aValueThatComesWithTheDeadlineAndTheCancellationWins() {
    Deadline deadline = new Deadline();
    AtomicReference<String> value = new AtomicReference<>();
    Waiting waiting = new Waiting() {
      @Override
      protected void doPark(Object awaited) {
        deadline.raise();
        cancel();
        value.set("value");
      }
    };
    waiting.run(awaiter -> {
      awaiter.enter(deadline);
      assertThat(Future.fromPoll(_ -> value.get() == null ? Poll.<String>pending() : Poll.ready(value.get())).await())
          .isEqualTo("value");
      assertThatThrownBy(() -> Future.pending().await()).isInstanceOf(CancellationException.class);
      assertThatThrownBy(() -> Future.pending().await()).isInstanceOf(DeadlineExceededException.class);
      assertThat(awaiter.exit(deadline)).isTrue();
    });
  }
}
