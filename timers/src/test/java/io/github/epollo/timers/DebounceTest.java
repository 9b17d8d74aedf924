package io.github.epollo.timers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Body;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.loop.Loop;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DebounceTest {
  private static final Duration QUIET = Duration.ofMillis(10);

  private static void run(Body body) {
    Epollo.run(TestRuntime.options(), body);
  }

  @Test
  void waitsForASignal_andThenForQuiet() {
    run(() -> {
      Debounce debounce = new Debounce(QUIET);
      Task<Long> waiter = Tasks.spawn(() -> {
        debounce.await();
        return Loop.current().now();
      });
      Timers.sleep(QUIET.multipliedBy(2));
      assertThat(waiter.isDone()).as("there was no signal").isFalse();
      long first = Loop.current().now();
      long last = first;
      for (int i = 0; i < 5; i++) {
        last = Loop.current().now();
        debounce.signal();
        while (Loop.current().now() - last < 4_000_000) {
          Thread.onSpinWait(); // on a loop of its own, the waiter cannot run in between
        }
      }
      assertThat(waiter.join() - (TestRuntime.LOOP_CARRIES ? last : first)).isGreaterThanOrEqualTo(QUIET.toNanos());
    });
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

  @Test
  void aStoppedWait_losesNoSignal() {
    run(() -> {
      Debounce debounce = new Debounce(QUIET);
      boolean stopped = false;
      while (!stopped) { // unless the machine was too slow
        debounce.signal();
        try {
          Timers.withTimeout(Duration.ZERO, debounce::await);
        } catch (DeadlineExceededException e) {
          stopped = true;
        }
      }
      debounce.await();
      stopped = false;
      while (!stopped) {
        debounce.signal();
        Future<?> quiet = debounce.awaitAsync();
        stopped = quiet.poll(() -> {}) instanceof Poll.Pending;
        quiet.close();
      }
      debounce.await();
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
}
