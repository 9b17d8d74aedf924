package io.github.epollo.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.future.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class TaskSetTest {
  @Property(tries = 200)
  void isAListFromWhichAnyTaskMayGo(@ForAll @Size(max = 60) List<@IntRange(min = 0, max = 29) Integer> script) {
    try (Epollo epollo = Epollo.start()) {
      TaskSet set = new TaskSet();
      List<Task<?>> model = new ArrayList<>();
      List<PolledTask<?>> all = IntStream.range(0, 10)
          .<PolledTask<?>>mapToObj(_ -> new PolledTask<>(epollo, epollo.loop(), false, Future.pending())).toList();
      for (int step : script) {
        PolledTask<?> task = all.get(step / 3);
        if (step % 3 == 0) {
          assertThat(set.remove(task)).isEqualTo(model.remove(task));
        } else if (!model.contains(task)) {
          set.add(task);
          model.add(task);
        }
        assertThat(set.size()).isEqualTo(model.size());
        assertThat(set.snapshot()).isEqualTo(model);
      }
    }
  }

  /** Plain threads, tasks and the loop's own thread add and remove at once. */
  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void tasksSpawnedFromEverywhere_allEnd() throws InterruptedException {
    int each = 5_000;
    AtomicInteger ended = new AtomicInteger();
    try (Epollo epollo = Epollo.start()) {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        threads.add(Thread.ofPlatform().daemon().start(() -> {
          for (int k = 0; k < each; k++) {
            Task<?> _ = k % 2 == 0 ? epollo.spawn(() -> {
              ended.incrementAndGet();
            }) : epollo.spawn(Future.ready(1).map(_ -> ended.incrementAndGet()));
          }
        }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      while (!epollo.toString().contains(" 0 tasks")) {
        Thread.yield();
      }
    }
    assertThat(ended.get()).isEqualTo(3 * each);
  }
}
