package io.github.epollo.timers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tasks, the loops' own threads and plain threads change one queue at once. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DelayQueueThreadsTest {
  private static final int EACH = 400;

  private final AtomicInteger removed = new AtomicInteger();

  @Test
  void whatIsAddedMovedAndRemovedFromEverywhere_isTakenOnceOrRemoved() {
    try (Epollo other = Epollo.start()) {
      Epollo.run(TestRuntime.options(), () -> {
        DelayQueue<Integer> queue = new DelayQueue<>();
        List<Thread> threads = new ArrayList<>();
        List<Task<?>> tasks = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
          int first = 4 * i * EACH;
          tasks.add(Tasks.spawn(() -> change(queue, first)));
          tasks.add(other.spawn(() -> change(queue, first + EACH)));
          tasks.add(other.spawn(onTheLoopsThread(queue, first + 2 * EACH)));
          threads.add(Thread.ofPlatform().daemon().start(() -> change(queue, first + 3 * EACH)));
        }
        Task<Set<Integer>> taker = Tasks.spawn(() -> {
          Set<Integer> taken = new HashSet<>();
          while (true) {
            int value = queue.take();
            if (value < 0) {
              return taken;
            }
            assertThat(taken.add(value)).isTrue();
          }
        });
        for (Task<?> task : tasks) {
          Object _ = task.join();
        }
        for (Thread thread : threads) {
          thread.join();
        }
        queue.insert(-1, Duration.ofMillis(50)); // after all others
        assertThat(taker.join()).hasSize(8 * EACH - removed.get());
        assertThat(queue.isEmpty()).isTrue();
      });
    }
  }

  /** Two move what is earliest, again and again: when both are done it wakes at the earliest deadline, and not at one that was. */
  @Test
  void twoThatMoveTheEarliest_doNotLeaveWhatIsOutOfDate() {
    Epollo.run(TestRuntime.options(), () -> {
      DelayQueue<String> queue = new DelayQueue<>();
      Expiring<String> one = queue.insert("one", Duration.ofHours(1));
      Expiring<String> other = queue.insert("other", Duration.ofHours(2));
      long base = queue.nextDeadline();
      CyclicBarrier together = new CyclicBarrier(2);
      int rounds = 3000;
      Thread thread = Thread.ofPlatform().daemon().start(() -> {
        Random random = new Random(1);
        for (int i = 0; i < rounds; i++) {
          meet(together);
          move(other, base, random);
          meet(together);
        }
      });
      Random random = new Random(2);
      for (int i = 0; i < rounds; i++) {
        meet(together);
        move(one, base, random);
        meet(together);
        assertThat(queue.wakesAt()).isEqualTo(queue.nextDeadline());
      }
      thread.join();
    });
  }

  private static void move(Expiring<String> entry, long base, Random random) {
    for (int i = 0; i < 5; i++) {
      boolean _ = entry.resetAt(base + random.nextLong(1_000_000));
    }
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      int _ = barrier.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new AssertionError(e);
    }
  }

  private static Future<?> onTheLoopsThread(DelayQueue<Integer> queue, int first) {
    return new Adding(queue, first);
  }

  /** Adds one value at each poll. */
  private static final class Adding extends AbstractFuture<@Nullable Void> {
    private final DelayQueue<Integer> queue;
    private final int first;
    private int count;

    Adding(DelayQueue<Integer> queue, int first) {
      this.queue = queue;
      this.first = first;
    }

    @Override
    protected Poll<@Nullable Void> advance(Waker waker) {
      if (count == EACH) {
        return Poll.ready(null);
      }
      queue.insert(first + count, Duration.ofNanos(count * 1000L));
      count++;
      waker.wake();
      return Poll.pending();
    }
  }

  private void change(DelayQueue<Integer> queue, int first) {
    Random random = new Random(first);
    for (int i = first; i < first + EACH; i++) {
      Expiring<Integer> entry = queue.insert(i, Duration.ofNanos(random.nextLong(3_000_000)));
      boolean _ = entry.reset(Duration.ofNanos(random.nextLong(3_000_000)));
      if (i % 7 == 0 && entry.remove()) {
        removed.incrementAndGet();
      }
    }
  }
}
