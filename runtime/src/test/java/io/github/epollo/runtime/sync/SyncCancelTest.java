package io.github.epollo.runtime.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.future.Poll;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CyclicBarrier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A task that waits in straight-line code is cancelled at the same moment as it is served: whichever comes first, the count is right. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SyncCancelTest {
  private static final int ROUNDS = 500;

  /** Runs both at the same moment, more or less. */
  private static void race(Runnable here, Runnable there) throws Exception {
    CyclicBarrier start = new CyclicBarrier(2);
    Thread other = Thread.ofPlatform().daemon().start(() -> {
      try {
        start.await();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
      there.run();
    });
    start.await();
    here.run();
    other.join();
  }

  /** Whether the task ended by itself. */
  private static boolean ended(Task<?> task) {
    try {
      Object _ = task.join();
      return true;
    } catch (CancellationException e) {
      return false;
    }
  }

  @Test
  void acquire() throws Exception {
    try (Epollo epollo = Epollo.start()) {
      AsyncSemaphore semaphore = new AsyncSemaphore(2);
      for (int i = 0; i < ROUNDS; i++) {
        Permit held = semaphore.acquire();
        Task<?> task = epollo.spawn(() -> {
          semaphore.acquire(2).close();
        });
        while (!semaphore.toString().contains("1 waiting")) {
          Thread.yield();
        }
        ByHand<Permit> behind = ByHand.polled(semaphore.acquireAsync());
        race(() -> task.cancel().await(), held::close);
        boolean _ = ended(task);
        assertThat(behind.isWoken()).isTrue();
        behind.value().close();
        assertThat(semaphore.available()).isEqualTo(2);
      }
    }
  }

  @Test
  void notified() throws Exception {
    try (Epollo epollo = Epollo.start()) {
      Notify notify = new Notify();
      for (int i = 0; i < ROUNDS; i++) {
        Task<?> task = epollo.spawn(notify::notified);
        race(() -> task.cancel().await(), notify::notifyOne);
        ByHand<@Nullable Void> next = new ByHand<>(notify.notifiedAsync());
        assertThat(next.isReady()).isEqualTo(!ended(task));
        next.close();
      }
    }
  }

  @Test
  void arrive() throws Exception {
    try (Epollo epollo = Epollo.start()) {
      for (int i = 0; i < ROUNDS; i++) {
        Barrier barrier = new Barrier(2);
        Task<?> task = epollo.spawn(() -> barrier.arrive());
        ByHand<Boolean> other = new ByHand<>(barrier.arriveAsync());
        race(() -> task.cancel().await(), other::poll);
        if (ended(task)) {
          assertThat(other.isEnded() || other.isReady()).isTrue();
        }
        assertThat(barrier.waiting()).isEqualTo(other.isEnded() ? 0 : 1);
      }
    }
  }

  @Test
  void closeOfAGate() throws Exception {
    try (Epollo epollo = Epollo.start()) {
      for (int i = 0; i < ROUNDS; i++) {
        Gate gate = new Gate();
        Pass pass = gate.enter();
        ByHand<@Nullable Void> other = ByHand.polled(gate.closeAsync());
        Task<?> task = epollo.spawn(gate::close);
        race(() -> task.cancel().await(), pass::close);
        boolean _ = ended(task);
        assertThat(other.poll()).isInstanceOf(Poll.Ready.class);
      }
    }
  }

  @Test
  void cancelled() throws Exception {
    try (Epollo epollo = Epollo.start()) {
      for (int i = 0; i < ROUNDS; i++) {
        CancellationToken root = new CancellationToken();
        CancellationToken child = root.child();
        Task<?> task = epollo.spawn(child::cancelled);
        boolean cancels = i % 2 == 0;
        race(() -> task.cancel().await(), () -> {
          if (cancels) {
            boolean _ = root.cancel();
          }
        });
        boolean _ = ended(task);
        assertThat(root.linkedChildren()).isZero();
      }
    }
  }
}
