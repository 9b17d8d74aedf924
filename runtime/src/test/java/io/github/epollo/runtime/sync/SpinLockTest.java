package io.github.epollo.runtime.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SpinLockTest {
  private static final int ROUNDS = 100_000;

  private final SpinLock lock = new SpinLock();
  private int count; // under the lock
  private volatile boolean started;

  /** A lock of the JDK would stand still here: it hands itself to a task whose loop waits for it. */
  @Test
  void tasksTheirLoopAndPlainThreads_eachStepIsCounted() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    try (Epollo epollo = Epollo.start()) {
      List<Future<?>> tasks = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        tasks.add(epollo.spawn(this::add));
        tasks.add(epollo.spawn(Future.fromPoll(_ -> { // on the loop's own thread
          add();
          return Poll.ready(true);
        })));
        threads.add(Thread.ofPlatform().start(this::add));
      }
      started = true;
      for (Future<?> task : tasks) {
        Object _ = task.await();
      }
      for (Thread thread : threads) {
        assertThat(thread.join(Duration.ofMinutes(1))).isTrue();
      }
    }
    assertThat(count).isEqualTo(9 * ROUNDS);
  }

  private void add() {
    while (!started) {
      Thread.onSpinWait();
    }
    for (int i = 0; i < ROUNDS; i++) {
      lock.lock();
      try {
        int before = count;
        Thread.onSpinWait(); // room for another
        count = before + 1;
      } finally {
        lock.unlock();
      }
    }
  }
}
