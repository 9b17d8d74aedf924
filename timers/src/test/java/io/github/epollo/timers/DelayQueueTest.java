package io.github.epollo.timers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.epollo.runtime.Body;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.loop.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DelayQueueTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(5);

  private static void run(Body body) {
    Epollo.run(TestRuntime.options(), body);
  }

  private static long now() {
    return Loop.current().now();
  }

  @Test
  void takeNow_doesNotWait() {
    run(() -> {
      DelayQueue<String> queue = new DelayQueue<>();
      assertThat(queue.takeNow()).isNull();
      queue.insert("later", HOUR);
      assertThat(queue.takeNow()).isNull();
      queue.insert("now", Duration.ZERO);
      assertThat(queue.takeNow()).isEqualTo("now");
      assertThat(queue.takeNow()).isNull();
    });
  }

  @Test
  void anEarlierValue_movesTheWait() {
    run(() -> {
      DelayQueue<String> queue = new DelayQueue<>();
      Expiring<String> late = queue.insert("late", HOUR);
      Task<String> taker = Tasks.spawn(() -> queue.take());
      Timers.sleep(SHORT);
      queue.insert("early", SHORT);
      assertThat(taker.join()).isEqualTo("early");
      assertThat(late.isQueued()).isTrue();
    });
  }

  @Test
  void resetAndRemove_whileSomebodyWaits() {
    run(() -> {
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
      long at = now() + 1_000_000;
      assertThat(b.resetAt(at)).isTrue();
      assertThat(b.expiresAt()).isEqualTo(at);
      assertThat(taker.join()).isEqualTo("b");
      assertThat(b.resetAt(at)).isFalse();
      assertThat(b.value()).isEqualTo("b");
      assertThat(a.reset(Duration.ZERO)).isTrue();
      assertThat(queue.take()).isEqualTo("a");
    });
  }

  @Test
  void aSecondWaiter_isRefused_andTheFirstGoesOn() {
    run(() -> {
      DelayQueue<String> queue = new DelayQueue<>();
      Future<String> first = queue.takeAsync();
      assertThat(first.poll(() -> {})).isInstanceOf(Poll.Pending.class);
      assertThatIllegalStateException().isThrownBy(queue::take).withMessageContaining("hand over");
      queue.insert("value", Duration.ZERO);
      assertThat(first.await()).isEqualTo("value");
    });
  }

  /** Everything at once, on as many threads as the carrier has: each value comes once or was removed, and none is early. */
  @Test
  void manyTasksAddMoveAndRemove_nothingIsLostOrEarly() {
    run(() -> {
      DelayQueue<Integer> queue = new DelayQueue<>();
      int producers = 4;
      int each = 2_000;
      List<Task<Integer>> tasks = new ArrayList<>();
      for (int p = 0; p < producers; p++) {
        int base = p * each;
        tasks.add(Tasks.spawn(() -> {
          Random random = new Random(base);
          int removed = 0;
          for (int i = 0; i < each; i++) {
            Expiring<Integer> entry = queue.insert(base + i, Duration.ofNanos(random.nextInt(3_000_000)));
            switch (random.nextInt(4)) {
              case 0 -> removed += entry.remove() ? 1 : 0;
              case 1 -> entry.reset(Duration.ofNanos(random.nextInt(3_000_000)));
              default -> Tasks.yieldNow();
            }
          }
          return removed;
        }));
      }
      Set<Integer> taken = new HashSet<>();
      Task<?> taker = Tasks.spawn(() -> {
        while (true) {
          assertThat(taken.add(queue.take())).isTrue();
        }
      });
      int removed = 0;
      for (Task<Integer> task : tasks) {
        removed += task.join();
      }
      while (!queue.isEmpty()) {
        Timers.sleep(Duration.ofMillis(1));
      }
      taker.cancel().await();
      assertThat(removed).isPositive();
      assertThat(taken.size() + removed).isEqualTo(producers * each);
    });
  }
}
