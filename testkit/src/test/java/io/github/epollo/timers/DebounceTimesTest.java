package io.github.epollo.timers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.testkit.EpolloTest;
import io.github.epollo.testkit.Stopwatch;
import java.time.Duration;

/** When it is quiet, in virtual time. */
class DebounceTimesTest {
  private static final Duration QUIET = Duration.ofMillis(10);

  @EpolloTest(virtualTime = true, seeds = 20)
  void waitsForASignal_andThenForQuiet() {
    Debounce debounce = new Debounce(QUIET);
    Task<?> waiter = Tasks.spawn(() -> debounce.await());
    Timers.sleep(Duration.ofDays(1));
    assertThat(waiter.isDone()).as("there was no signal").isFalse();
    for (int i = 0; i < 4; i++) {
      debounce.signal();
      Timers.sleep(QUIET.minusNanos(2 * Stopwatch.TICK_NANOS));
    }
    assertThat(waiter.isDone()).as("it is not quiet").isFalse();
    Stopwatch last = new Stopwatch();
    debounce.signal();
    waiter.join();
    last.shows(QUIET);
  }

  @EpolloTest(virtualTime = true, seeds = 3)
  void aBurst_isAnsweredOnce() {
    Debounce debounce = new Debounce(QUIET);
    Stopwatch watch = new Stopwatch();
    debounce.signal();
    debounce.signal();
    debounce.await();
    watch.shows(QUIET);
    assertThatThrownBy(() -> Timers.withTimeout(Duration.ofDays(1), debounce::await))
        .isInstanceOf(DeadlineExceededException.class);
    Stopwatch again = new Stopwatch();
    debounce.signal();
    debounce.awaitAsync().await();
    again.shows(QUIET);
  }

  @EpolloTest(virtualTime = true, seeds = 3)
  void aStoppedWait_losesNoSignal() {
    Debounce debounce = new Debounce(QUIET);
    Stopwatch watch = new Stopwatch();
    debounce.signal();
    assertThatThrownBy(() -> Timers.withTimeout(Duration.ZERO, debounce::await))
        .isInstanceOf(DeadlineExceededException.class);
    assertThatThrownBy(() -> Timers.withTimeout(Duration.ofMillis(9), debounce::await))
        .isInstanceOf(DeadlineExceededException.class);
    debounce.await();
    watch.shows(QUIET);
    Stopwatch again = new Stopwatch();
    debounce.signal();
    Future<?> quiet = debounce.awaitAsync();
    assertThat(quiet.poll(() -> {})).isInstanceOf(Poll.Pending.class);
    quiet.close();
    debounce.await();
    again.shows(QUIET);
  }
}
