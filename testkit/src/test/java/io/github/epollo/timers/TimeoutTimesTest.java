package io.github.epollo.timers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.testkit.EpolloTest;
import io.github.epollo.testkit.Stopwatch;
import io.github.epollo.testkit.World;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** When timeouts of futures pass, in virtual time. */
class TimeoutTimesTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(10);

  private static final class Probe extends AbstractFuture<String> {
    boolean released;

    @Override
    protected Poll<String> advance(Waker waker) {
      return Poll.pending();
    }

    @Override
    protected void release() {
      released = true;
    }
  }

  @EpolloTest(virtualTime = true, seeds = 5)
  void expiry_closesTheFuture_andNamesIt() {
    for (Duration limit : new Duration[]{SHORT, HOUR, Duration.ofDays(400)}) {
      Stopwatch watch = new Stopwatch();
      Probe probe = new Probe();
      assertThatThrownBy(() -> Timers.timeout(limit, probe).await()).isInstanceOf(DeadlineExceededException.class)
          .hasMessage("deadline of " + limit + " passed while waiting for Probe");
      watch.shows(limit);
      assertThat(probe.released).isTrue();
      assertThat(Timers.armed()).isZero();
    }
  }

  @EpolloTest(virtualTime = true, seeds = 5)
  void aValueInTime_leavesNoTimerBehind() {
    CompletableFuture<String> stage = new CompletableFuture<>();
    Task<String> task = Tasks.spawn(Timers.timeout(HOUR, Future.fromCompletionStage(stage)));
    Stopwatch watch = new Stopwatch();
    Timers.sleep(HOUR.minusNanos(2 * Stopwatch.TICK_NANOS));
    stage.complete("y");
    assertThat(task.join()).isEqualTo("y");
    watch.shows(HOUR.minusNanos(2 * Stopwatch.TICK_NANOS));
    assertThat(Timers.armed()).isZero();
  }

  @EpolloTest(virtualTime = true)
  void close_closesBoth() {
    Probe probe = new Probe();
    Future<String> timeout = Timers.timeout(HOUR, probe);
    timeout.poll(() -> {});
    assertThat(Timers.armed()).isEqualTo(1);
    timeout.close();
    assertThat(probe.released).isTrue();
    assertThat(Timers.armed()).isZero();
  }

  @EpolloTest(virtualTime = true, seeds = 5)
  void nested_theEarliestWins() {
    Stopwatch watch = new Stopwatch();
    assertThatThrownBy(() -> Timers.timeout(HOUR, Timers.timeout(SHORT, Future.pending())).await())
        .hasMessageContaining("PT0.01S");
    watch.shows(SHORT);
    Stopwatch outer = new Stopwatch();
    assertThatThrownBy(() -> Timers.timeout(SHORT, Timers.timeout(HOUR, Future.pending())).await())
        .hasMessageContaining("PT0.01S");
    outer.shows(SHORT);
  }

  @EpolloTest(virtualTime = true, seeds = 5)
  void aStacklessTask() {
    Stopwatch watch = new Stopwatch();
    assertThat(Tasks.spawn(Timers.sleepAsync(SHORT).map(_ -> 3)).join()).isEqualTo(3);
    watch.shows(SHORT);
    assertThatThrownBy(() -> Tasks.spawn(Timers.timeout(SHORT, Timers.sleepAsync(HOUR))).join())
        .isInstanceOf(DeadlineExceededException.class);
    watch.shows(SHORT.multipliedBy(2), 2);
  }

  @EpolloTest(virtualTime = true)
  void timeoutAt_namesTheTime() {
    Stopwatch watch = new Stopwatch();
    long deadline = Timers.deadlineAfter(SHORT);
    Timeout<String> timeout = Timers.timeoutAt(deadline, new Probe());
    assertThat(timeout.deadline()).isEqualTo(deadline).isEqualTo(watch.start() + SHORT.toNanos());
    assertThatThrownBy(timeout::await).hasMessage("deadline at " + deadline + " ns passed while waiting for Probe");
    watch.shows(SHORT);
  }

  /** Whatever was first in the timers' order, a poll looks for the value first. */
  @EpolloTest(virtualTime = true, seeds = 200)
  void aValueAtTheInstantOfTheDeadline_wins(World world) {
    for (int i = 1; i <= 5; i++) {
      long deadline = Timers.deadlineAfter(Duration.ofNanos(i * 50_000));
      Sleep before = Timers.sleepUntilAsync(deadline);
      Task<String> armedFirst = Tasks.spawn(Timers.timeoutAt(deadline, before.map(_ -> "value")));
      Task<String> inARegion = Tasks.spawn(() -> Timers.withDeadline(deadline, () -> {
        Timers.sleepUntil(deadline);
        return "value";
      }));
      Task<String> aboveARegion = Tasks.spawn(() -> {
        Sleep sleep = Timers.sleepUntilAsync(deadline);
        sleep.poll(() -> {}); // in the wheel before the deadline is
        return Timers.withDeadline(deadline, () -> sleep.map(_ -> "value").await());
      });
      assertThat(armedFirst.join()).isEqualTo("value");
      assertThat(inARegion.join()).isEqualTo("value");
      assertThat(aboveARegion.join()).isEqualTo("value");
    }
    Timeout<String> now = Timers.timeout(Duration.ZERO, Timers.sleepAsync(Duration.ZERO).map(_ -> "value"));
    assertThat(now.await()).isEqualTo("value");
    long deadline = Timers.deadlineAfter(SHORT);
    Timeout<String> late = Timers.timeoutAt(deadline, Timers.sleepUntilAsync(deadline + 1).map(_ -> "late"));
    world.time().jump(SHORT.plusNanos(1));
    Timers.sleep(Duration.ZERO);
    assertThat(late.await()).as("it came before anybody looked").isEqualTo("late");
  }

  /** The value of another task that ends at that instant may come a moment too late, but it is not lost. */
  @EpolloTest(virtualTime = true, seeds = 200)
  void aTaskThatEndsAtTheInstantOfTheDeadline_keepsItsValue(World world) {
    long deadline = Timers.deadlineAfter(HOUR);
    Stopwatch watch = new Stopwatch();
    Task<String> task = Tasks.spawn(() -> {
      Timers.sleepUntil(deadline);
      return "value";
    });
    String result = null;
    try {
      result = Timers.withDeadline(deadline, () -> task.join());
    } catch (DeadlineExceededException e) {
      assertThat(e).hasMessageContaining("the end of task");
    }
    watch.shows(HOUR);
    assertThat(result).isIn("value", null);
    assertThat(task.join()).isEqualTo("value");
    watch.shows(HOUR);
    assertThat(Timers.armed()).as("seed %s", world.seed()).isZero();
  }
}
