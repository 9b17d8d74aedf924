package io.github.epollo.timers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Body;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.DeadlineExceededException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DebounceTest {
  private static final Duration QUIET = Duration.ofMillis(10);

  private static void run(Body body) {
    Epollo.run(TestRuntime.options(), body);
  }

  @Test
  void aBurst_isAnsweredOnce() {
    run(() -> {
      Debounce debounce = new Debounce(QUIET);
      debounce.signal();
      debounce.signal();
      debounce.await();
      assertThatThrownBy(() -> Timers.withTimeout(QUIET.multipliedBy(2), debounce::await))
          .isInstanceOf(DeadlineExceededException.class);
      debounce.signal();
      debounce.awaitAsync().await();
    });
  }

  /** A signal in the moment in which a wait ends counts for that wait or the next one; who looks after each wait has seen all of them. */
  @Test
  void signalsFromAnotherTask_areAllCovered() {
    run(() -> {
      Debounce debounce = new Debounce(Duration.ofNanos(1_000));
      int[] signalled = new int[1];
      Task<?> signaller = Tasks.spawn(() -> {
        for (int i = 1; i <= 20_000; i++) {
          synchronized (signalled) {
            signalled[0] = i;
          }
          debounce.signal();
          if (i % 3 == 0) {
            Tasks.yieldNow();
          }
        }
      });
      int seen = 0;
      while (seen < 20_000) {
        debounce.await();
        synchronized (signalled) {
          seen = signalled[0];
        }
      }
      signaller.join();
    });
  }

  private static volatile long changed;

  /** A signal from another thread while the loop's thread forgets the one before: either the change is seen, or the signal is. */
  @Test
  void aSignalWhileTheOneBeforeIsForgotten_isNotLost() throws Exception {
    Epollo.run(TestRuntime.options(), () -> {
      Sleep sleep = new Sleep(LoopTimers.current(), Deadlines.NEVER);
      int rounds = 300_000;
      AtomicLong go = new AtomicLong();
      AtomicLong done = new AtomicLong();
      Thread other = Thread.ofPlatform().start(() -> {
        for (int i = 1; i <= rounds; i++) {
          while (go.get() != i) {
            Thread.onSpinWait();
          }
          changed = i;
          sleep.postponeTo(i); // long over
          done.set(i);
        }
      });
      int lost = 0;
      for (int i = 1; i <= rounds; i++) {
        go.set(i);
        boolean _ = sleep.forgetElapsed();
        long seen = changed;
        while (done.get() != i) {
          Thread.onSpinWait();
        }
        if (seen != i && sleep.deadline() == Deadlines.NEVER) {
          lost++;
        }
      }
      other.join();
      assertThat(lost).as("signals neither seen nor kept").isZero();
    });
  }
}
