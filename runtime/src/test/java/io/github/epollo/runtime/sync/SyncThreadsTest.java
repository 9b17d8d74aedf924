package io.github.epollo.runtime.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Body;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two runtimes, their tasks with and without a stack, and plain threads share one of each kind; some give up half way. What is counted is right in the end. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SyncThreadsTest {
  private static final int WORKERS = 4; // of each kind
  private static final int ROUNDS = 300;

  private interface Work {
    void run(Random random) throws Exception;
  }

  /** Runs {@code work} in tasks of two runtimes and on plain threads at once. */
  private static void everywhere(Epollo first, Epollo second, int workers, Work work) throws Exception {
    List<Task<?>> tasks = new ArrayList<>();
    for (int i = 0; i < workers; i++) {
      Random random = new Random(i);
      Body body = () -> work.run(random);
      tasks.add(first.spawn(body));
      tasks.add(second.spawn(body));
    }
    List<Throwable> failures = new ArrayList<>();
    List<Thread> plain = new ArrayList<>();
    for (int i = 0; i < workers; i++) {
      Random random = new Random(100 + i);
      plain.add(Thread.ofPlatform().daemon().start(() -> {
        try {
          work.run(random);
        } catch (Throwable t) {
          synchronized (failures) {
            failures.add(t);
          }
        }
      }));
    }
    for (Task<?> task : tasks) {
      Object _ = task.join();
    }
    for (Thread thread : plain) {
      thread.join();
    }
    synchronized (failures) {
      assertThat(failures).isEmpty();
    }
  }

  @Test
  void semaphore_noMoreInsideThanPermits_andAllComeBack() throws Exception {
    AsyncSemaphore semaphore = new AsyncSemaphore(3);
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger served = new AtomicInteger();
    try (Epollo first = Epollo.start(); Epollo second = Epollo.start()) {
      everywhere(first, second, WORKERS, random -> {
        for (int i = 0; i < ROUNDS; i++) {
          int count = 1 + random.nextInt(3);
          switch (random.nextInt(4)) {
            case 0 -> ByHand.polled(semaphore.acquireAsync(count).map(SyncThreadsTest::back)).close();
            case 1 -> cancelled(random.nextBoolean() ? first : second,
                semaphore.acquireAsync(count).map(SyncThreadsTest::back));
            default -> {
              try (Permit permit = semaphore.acquire(count)) {
                assertThat(inside.addAndGet(permit.count())).isLessThanOrEqualTo(3);
                if (i % 16 == 0) {
                  Thread.yield();
                }
                inside.addAndGet(-permit.count());
                served.incrementAndGet();
              }
            }
          }
        }
      });
    }
    assertThat(semaphore.available()).isEqualTo(3);
    assertThat(semaphore.total()).isEqualTo(3);
    assertThat(served.get()).isPositive();
  }

  private static int back(Permit permit) {
    int count = permit.count();
    permit.close();
    return count;
  }

  /** Spawns the future as a task without a stack and cancels that at once: it is closed on its loop, wherever it has got to. */
  private static void cancelled(Epollo epollo, Future<?> future) {
    Task<?> task = epollo.spawn(future);
    Object _ = task.cancel().await();
  }

  /** Each thing that is put is followed by one notification; consumers that give up pass theirs on, so that nothing is left while somebody waits. */
  @Test
  void notify_whatIsPutIsTaken_thoughSomeGiveUp() throws Exception {
    Notify notify = new Notify();
    AtomicInteger stock = new AtomicInteger();
    AtomicInteger taken = new AtomicInteger();
    int all = 3 * WORKERS * ROUNDS;
    try (Epollo first = Epollo.start(); Epollo second = Epollo.start()) {
      List<Task<?>> consumers = new ArrayList<>();
      for (Epollo epollo : List.of(first, second)) {
        for (int i = 0; i < WORKERS; i++) {
          consumers.add(epollo.spawn(() -> {
            while (true) {
              notify.notified();
              int count = stock.getAndSet(0);
              if (taken.addAndGet(count) == all) {
                notify.notifyWaiters();
                return;
              }
              if (taken.get() == all) {
                return;
              }
            }
          }));
        }
      }
      everywhere(first, second, WORKERS, random -> {
        for (int i = 0; i < ROUNDS; i++) {
          if (random.nextInt(4) == 0) {
            cancelled(random.nextBoolean() ? first : second, notify.notifiedAsync().map(_ -> {
              notify.notifyOne(); // was notified before it was cancelled: it must not keep that
              return 0;
            }));
          }
          if (random.nextInt(8) == 0) {
            ByHand<@Nullable Void> hand = ByHand.polled(notify.notifiedAsync());
            if (hand.isEnded()) {
              notify.notifyOne();
            } else {
              hand.close();
            }
          }
          stock.incrementAndGet();
          notify.notifyOne();
        }
      });
      while (taken.get() < all) {
        Thread.yield(); // the last notification is with somebody: if it were lost this would not end
      }
      for (Task<?> consumer : consumers) {
        Object _ = consumer.cancel().await();
      }
    }
    assertThat(taken.get()).isEqualTo(all);
    assertThat(stock.get()).isZero();
  }

  @Test
  void barrier_allRoundsAreMade_withOneLeaderEach() throws Exception {
    Barrier barrier = new Barrier(3 * WORKERS);
    AtomicInteger leaders = new AtomicInteger();
    try (Epollo first = Epollo.start(); Epollo second = Epollo.start()) {
      everywhere(first, second, WORKERS, random -> {
        for (int i = 0; i < ROUNDS; i++) {
          if (barrier.arrive()) {
            leaders.incrementAndGet();
          }
        }
      });
    }
    assertThat(leaders.get()).isEqualTo(ROUNDS);
    assertThat(barrier.waiting()).isZero();
  }

  @Test
  void gate_closesWhenTheLastHasLeft() throws Exception {
    for (int i = 0; i < 20; i++) {
      Gate gate = new Gate();
      AtomicInteger inside = new AtomicInteger();
      try (Epollo first = Epollo.start(); Epollo second = Epollo.start()) {
        Task<?> closer = first.spawn(() -> {
          while (gate.inside() == 0) {
            Tasks.yieldNow();
          }
          gate.close();
          assertThat(inside.get()).isZero();
        });
        everywhere(first, second, 2, random -> {
          while (true) {
            Pass pass = gate.tryEnter();
            if (pass == null) {
              return;
            }
            inside.incrementAndGet();
            Thread.yield();
            inside.decrementAndGet();
            pass.close();
          }
        });
        Object _ = closer.join();
      }
    }
  }

  @Test
  void token_wakesAllThatWaitAnywhereBelow_whileOthersComeAndGo() throws Exception {
    for (int i = 0; i < 20; i++) {
      CancellationToken root = new CancellationToken();
      AtomicInteger stopped = new AtomicInteger();
      try (Epollo first = Epollo.start(); Epollo second = Epollo.start()) {
        AtomicInteger waiting = new AtomicInteger();
        Task<?> canceller = second.spawn(() -> {
          while (waiting.get() < 20) {
            Tasks.yieldNow();
          }
          assertThat(root.cancel()).isTrue();
        });
        everywhere(first, second, WORKERS, random -> {
          CancellationToken token = root.child().child();
          while (!token.isCancelled()) {
            CancellationToken child = token.child();
            ByHand.polled(child.cancelledAsync()).close();
            if (random.nextInt(4) == 0) {
              assertThat(child.cancel() || root.isCancelled()).isTrue();
            }
            waiting.incrementAndGet();
            Thread.yield();
          }
          token.child().cancelled();
          stopped.incrementAndGet();
        });
        Object _ = canceller.join();
        Task<?> late = first.spawn(root.child().runUntilCancelled(Future.pending()));
        try {
          Object _ = late.join();
          throw new AssertionError("went on");
        } catch (CancellationException e) {
          assertThat(root.linkedChildren()).isZero();
        }
      }
      assertThat(stopped.get()).isEqualTo(3 * WORKERS);
    }
  }

  @Test
  void token_tasksThatWaitBelowAreAllWoken() throws Exception {
    for (int i = 0; i < 30; i++) {
      CancellationToken root = new CancellationToken();
      AtomicInteger started = new AtomicInteger();
      try (Epollo first = Epollo.start(); Epollo second = Epollo.start()) {
        Thread canceller = Thread.ofPlatform().daemon().start(() -> {
          while (started.get() < WORKERS) {
            Thread.onSpinWait();
          }
          boolean _ = root.cancel();
        });
        everywhere(first, second, WORKERS, _ -> {
          CancellationToken token = root.child();
          started.incrementAndGet();
          token.child().cancelled();
        });
        canceller.join();
      }
      assertThat(root.linkedChildren()).isZero();
    }
  }
}
