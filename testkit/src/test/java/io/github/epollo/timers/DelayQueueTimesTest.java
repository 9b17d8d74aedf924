package io.github.epollo.timers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.testkit.EpolloTest;
import io.github.epollo.testkit.Stopwatch;
import io.github.epollo.testkit.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;

/** When a queue hands its values out, in virtual time. */
class DelayQueueTimesTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(5);

  @EpolloTest(virtualTime = true)
  void valuesComeInTheOrderOfTheirDeadlines_tiesInThatOfArrival() {
    DelayQueue<String> queue = new DelayQueue<>();
    Stopwatch watch = new Stopwatch();
    long base = watch.start() + 2_000_000;
    queue.insertAt("c", base + 2);
    queue.insertAt("a", base);
    queue.insertAt("d", base + 1_000_000);
    queue.insertAt("b", base);
    assertThat(queue.size()).isEqualTo(4);
    assertThat(queue.nextDeadline()).isEqualTo(base);
    assertThat(queue.take()).isEqualTo("a");
    watch.shows(Duration.ofMillis(2));
    assertThat(queue.take()).isEqualTo("b");
    watch.shows(Duration.ofMillis(2));
    assertThat(queue.take()).isEqualTo("c");
    watch.shows(Duration.ofMillis(2).plusNanos(2));
    assertThat(queue.take()).isEqualTo("d");
    watch.shows(Duration.ofMillis(3));
    assertThat(queue.isEmpty()).isTrue();
    assertThat(queue.nextDeadline()).isEqualTo(Long.MAX_VALUE);
  }

  private record Item(int number, long due) {}

  /** Values of up to thirty days, some of them moved and removed by another task while somebody takes. */
  @EpolloTest(virtualTime = true, seeds = 20)
  void overDays_eachComesInItsTime(World world) {
    Random random = new Random(world.seed());
    DelayQueue<Integer> queue = new DelayQueue<>();
    Stopwatch watch = new Stopwatch();
    List<Item> expected = new ArrayList<>();
    List<Expiring<Integer>> entries = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      long due = random.nextLong(Duration.ofDays(30).toNanos());
      entries.add(queue.insertAt(i, watch.start() + due));
      expected.add(new Item(i, due));
    }
    List<Item> taken = new ArrayList<>();
    Task<?> taker = Tasks.spawn(() -> {
      while (true) {
        int number = queue.take();
        taken.add(new Item(number, watch.nanos()));
      }
    });
    for (int i = 0; i < 100; i++) {
      Timers.sleep(Duration.ofNanos(random.nextLong(Duration.ofHours(6).toNanos())));
      int number = random.nextInt(300);
      Expiring<Integer> entry = entries.get(number);
      boolean queued = entry.isQueued();
      if (random.nextBoolean()) {
        assertThat(entry.remove()).isEqualTo(queued);
        if (queued) {
          expected.removeIf(item -> item.number == number);
        }
      } else {
        long due = watch.nanos() + random.nextLong(Duration.ofDays(5).toNanos());
        assertThat(entry.resetAt(watch.start() + due)).isEqualTo(queued);
        if (queued) {
          expected.removeIf(item -> item.number == number);
          expected.add(new Item(number, due));
        }
      }
    }
    Timers.sleepUntil(watch.start() + Duration.ofDays(31).toNanos());
    taker.cancel().await();
    expected.sort(Comparator.comparingLong(Item::due));
    assertThat(taken).hasSameSizeAs(expected);
    for (int i = 0; i < taken.size(); i++) {
      assertThat(taken.get(i).number).isEqualTo(expected.get(i).number);
      assertThat(taken.get(i).due - expected.get(i).due).isBetween(0L, Stopwatch.TICK_NANOS - 1);
    }
    assertThat(queue.isEmpty()).isTrue();
    assertThat(Timers.armed()).isZero();
  }

  @EpolloTest(virtualTime = true, seeds = 20)
  void anEarlierValue_movesTheWait() {
    DelayQueue<String> queue = new DelayQueue<>();
    Stopwatch watch = new Stopwatch();
    Expiring<String> late = queue.insert("late", HOUR);
    Task<String> taker = Tasks.spawn(() -> queue.take());
    Timers.sleep(SHORT);
    queue.insert("early", SHORT);
    assertThat(taker.join()).isEqualTo("early");
    watch.shows(SHORT.multipliedBy(2), 2);
    assertThat(late.isQueued()).isTrue();
    assertThat(queue.take()).isEqualTo("late");
    watch.shows(HOUR);
  }

  @EpolloTest(virtualTime = true, seeds = 20)
  void aWaitOnAnEmptyQueue_endsWithTheFirstValue() {
    DelayQueue<String> queue = new DelayQueue<>();
    Task<String> taker = Tasks.spawn(queue.takeAsync());
    Timers.sleep(SHORT);
    Stopwatch watch = new Stopwatch();
    queue.insert("first", Duration.ZERO);
    assertThat(taker.join()).isEqualTo("first");
    watch.showsExactly(Duration.ZERO);
  }

  @EpolloTest(virtualTime = true, seeds = 20)
  void resetAndRemove_whileSomebodyWaits() {
    DelayQueue<String> queue = new DelayQueue<>();
    Expiring<String> a = queue.insert("a", HOUR);
    Expiring<String> b = queue.insert("b", HOUR);
    Expiring<String> c = queue.insert("c", HOUR.dividedBy(2));
    Task<String> taker = Tasks.spawn(() -> queue.take());
    Timers.sleep(SHORT);
    assertThat(c.remove()).isTrue();
    assertThat(c.isQueued()).isFalse();
    assertThat(c.remove()).isFalse();
    assertThat(c.reset(SHORT)).isFalse();
    Stopwatch watch = new Stopwatch();
    long at = watch.start() + 1_000_000;
    assertThat(b.resetAt(at)).isTrue();
    assertThat(b.expiresAt()).isEqualTo(at);
    assertThat(taker.join()).isEqualTo("b");
    watch.shows(Duration.ofMillis(1));
    assertThat(b.resetAt(at)).isFalse();
    assertThat(b.value()).isEqualTo("b");
    assertThat(a.reset(Duration.ZERO)).isTrue();
    assertThat(queue.take()).isEqualTo("a");
    watch.shows(Duration.ofMillis(1));
  }

  @EpolloTest(virtualTime = true, seeds = 20)
  void aCancelledTake_losesNothing_andLeavesNoTimer() {
    DelayQueue<String> queue = new DelayQueue<>();
    Expiring<String> entry = queue.insert("value", HOUR);
    Task<String> taker = Tasks.spawn(() -> queue.take());
    Timers.sleep(SHORT);
    taker.cancel().await();
    assertThatThrownBy(taker::join).isInstanceOf(CancellationException.class);
    Future<String> closed = queue.takeAsync();
    assertThat(closed.poll(() -> {})).isInstanceOf(Poll.Pending.class);
    closed.close();
    assertThat(Timers.armed()).isZero();
    entry.reset(Duration.ZERO);
    assertThat(queue.take()).isEqualTo("value");
  }

  @EpolloTest(virtualTime = true, seeds = 20)
  void clear_dropsAll_andTheWaiterGoesOn() {
    DelayQueue<String> queue = new DelayQueue<>();
    Expiring<String> dropped = queue.insert("dropped", HOUR);
    Task<String> taker = Tasks.spawn(() -> queue.take());
    Timers.sleep(SHORT);
    queue.clear();
    assertThat(dropped.isQueued()).isFalse();
    Timers.sleep(HOUR.multipliedBy(2));
    assertThat(taker.isDone()).isFalse();
    queue.insert("next", Duration.ZERO);
    assertThat(taker.join()).isEqualTo("next");
  }
}
