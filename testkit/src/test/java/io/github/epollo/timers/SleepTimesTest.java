package io.github.epollo.timers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.testkit.EpolloTest;
import io.github.epollo.testkit.Stopwatch;
import io.github.epollo.testkit.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** When sleeps end, in virtual time. */
class SleepTimesTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MILLI = Duration.ofMillis(1);

  /** Hazard 12: a time that has passed, that disarms, with a full second of nanoseconds, or far ahead. */
  @EpolloTest(virtualTime = true, seeds = 5)
  void eachDeadline_passesOnce_toTheTick(World world) {
    for (long ahead : new long[]{-1, 0, 1, 30_000_000, 1_000_000_000 - 1, 1_000_000_000, (1L << 31) * 1_000_000,
      1L << 53, Deadlines.FURTHEST >> 2}) {
      Stopwatch watch = new Stopwatch();
      AtomicInteger woken = new AtomicInteger();
      Sleep polled = Timers.sleepUntilAsync(watch.start() + ahead);
      Poll<?> first = polled.poll(woken::incrementAndGet);
      Timers.sleepUntil(watch.start() + ahead);
      watch.shows(Duration.ofNanos(Math.max(0, ahead)));
      Tasks.yieldNow();
      Timers.sleep(HOUR);
      assertThat(woken).as("%s ns ahead", ahead).hasValue(first instanceof Poll.Pending ? 1 : 0);
      assertThat(polled.isElapsed()).isTrue();
    }
    assertValidSettimes(world);
  }

  /** Hazard 12: 0 and -1 as times of the clock, which are long past. */
  @EpolloTest(virtualTime = true)
  void deadlinesAtTheClocksBeginning_havePassed(World world) {
    Stopwatch watch = new Stopwatch();
    for (long deadline : new long[]{0, -1, Long.MIN_VALUE / 2}) {
      Timers.sleepUntil(deadline);
    }
    watch.showsExactly(Duration.ZERO);
    Timers.sleep(MILLI);
    assertValidSettimes(world);
  }

  /** Hazard 12: what does not fit into the clock never passes; what is just before that does, in its time. */
  @EpolloTest(virtualTime = true, seeds = 3)
  void deadlines_farAhead_arePendingAndValid(World world) {
    long now = world.time().now();
    List<Sleep> sleeps = new ArrayList<>();
    for (long deadline : new long[]{now + (1L << 31) * 1_000_000, now + (1L << 53), Long.MAX_VALUE - 1,
      Long.MAX_VALUE}) {
      sleeps.add(Timers.sleepUntilAsync(deadline));
    }
    sleeps.add(Timers.sleepAsync(Duration.ofSeconds(Long.MAX_VALUE)));
    sleeps.add(Timers.sleepAsync(Duration.ofNanos(Long.MAX_VALUE)));
    List<Task<?>> tasks = new ArrayList<>();
    sleeps.forEach(sleep -> tasks.add(Tasks.spawn(sleep)));
    Timers.sleep(MILLI);
    assertThat(tasks).noneMatch(Task::isDone);
    Timers.sleep(Duration.ofNanos((1L << 31) * 1_000_000));
    assertThat(tasks.removeFirst().isDone()).isTrue();
    assertThat(tasks).noneMatch(Task::isDone);
    Timers.sleep(Duration.ofNanos(1L << 53));
    assertThat(tasks.removeFirst().isDone()).isTrue();
    Timers.sleep(Duration.ofDays(365 * 100));
    assertThat(tasks).noneMatch(Task::isDone);
    tasks.forEach(task -> task.cancel().await());
    assertThat(sleeps.getLast().deadline()).isEqualTo(Long.MAX_VALUE);
    assertValidSettimes(world);
  }

  private static void assertValidSettimes(World world) {
    assertThat(world.trace().last(20_000)).filteredOn(line -> line.contains("timerfdSettime")).isNotEmpty()
        .allMatch(line -> line.matches(".*timerfdSettime\\(\\d+, [1-9]\\d*\\) = 0"));
  }

  @EpolloTest(virtualTime = true, seeds = 20)
  void reset_toEarlier_whileWaiting() {
    Stopwatch watch = new Stopwatch();
    Sleep sleep = Timers.sleepAsync(HOUR);
    Task<?> task = Tasks.spawn(sleep);
    Timers.sleep(MILLI);
    sleep.reset(MILLI);
    task.join();
    assertThat(sleep.isElapsed()).isTrue();
    watch.shows(Duration.ofMillis(2), 2);
  }

  @EpolloTest(virtualTime = true, seeds = 20)
  void reset_toLater_whileWaiting() {
    Sleep sleep = Timers.sleepAsync(Duration.ofMillis(20));
    Task<?> task = Tasks.spawn(sleep);
    Timers.sleep(Duration.ofMillis(19));
    Stopwatch watch = new Stopwatch();
    sleep.reset(Duration.ofMillis(60));
    assertThat(sleep.deadline()).isEqualTo(watch.start() + 60_000_000);
    task.join();
    watch.shows(Duration.ofMillis(60));
  }

  @EpolloTest(virtualTime = true)
  void reset_revivesAnElapsedAndAClosedSleep() {
    Stopwatch watch = new Stopwatch();
    Sleep sleep = Timers.sleepAsync(MILLI);
    sleep.await();
    sleep.await(); // still elapsed
    watch.shows(MILLI);
    sleep.reset(MILLI);
    assertThat(sleep.poll(() -> {})).isInstanceOf(Poll.Pending.class);
    sleep.close();
    assertThatIllegalStateException().isThrownBy(() -> sleep.poll(() -> {})).withMessageContaining("reset it first");
    sleep.reset(MILLI);
    sleep.await();
    watch.shows(Duration.ofMillis(2), 2);
  }

  @EpolloTest(virtualTime = true, seeds = 5)
  void close_stopsTheWakerFromBeingCalled() {
    AtomicInteger woken = new AtomicInteger();
    Sleep sleep = Timers.sleepAsync(Duration.ofMillis(5));
    sleep.poll(woken::incrementAndGet);
    sleep.close();
    Timers.sleep(HOUR);
    assertThat(woken).hasValue(0);
  }

  @EpolloTest(virtualTime = true, seeds = 5)
  void theLatestWaker_isWokenOnce_atTheDeadline() {
    AtomicInteger first = new AtomicInteger();
    List<Stopwatch> second = new ArrayList<>();
    Sleep sleep = Timers.sleepAsync(Duration.ofMillis(20));
    Stopwatch watch = new Stopwatch();
    sleep.poll(first::incrementAndGet);
    sleep.poll(() -> {
      watch.shows(Duration.ofMillis(20));
      second.add(watch);
    });
    Timers.sleep(HOUR);
    assertThat(first).hasValue(0);
    assertThat(second).hasSize(1);
  }
}
