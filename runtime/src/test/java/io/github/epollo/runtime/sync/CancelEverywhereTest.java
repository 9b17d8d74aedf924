package io.github.epollo.runtime.sync;

import static io.github.epollo.runtime.sync.CancelRuns.pause;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.CheckedBody;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.sync.CancelRuns.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Hazard 20: several tasks share something, and one of them is cancelled at its first wait, its second, and so on, in many orders. Nothing is lost by that: the others come to
 * their ends, and what is counted is all there.
 */
class CancelEverywhereTest {
  private static final int SEEDS = 100;

  private static void cancelEverywhere(Supplier<Scenario> scenarios) {
    CancelRuns.cancelEverywhere(SEEDS, Integer.MAX_VALUE, scenarios);
  }

  private static void cancelEverywhere(Supplier<Scenario> scenarios, int victims) {
    CancelRuns.cancelEverywhere(SEEDS, victims, scenarios);
  }

  @Test
  void semaphore() {
    cancelEverywhere(() -> {
      AsyncSemaphore semaphore = new AsyncSemaphore(3);
      AtomicInteger inside = new AtomicInteger();
      List<CheckedBody<?>> bodies = new ArrayList<>();
      for (int permits : List.of(1, 2, 3, 1)) {
        bodies.add(() -> {
          for (int i = 0; i < 2; i++) {
            try (Permit _ = semaphore.acquire(permits)) {
              assertThat(inside.addAndGet(permits)).isLessThanOrEqualTo(3);
              try {
                pause();
              } finally {
                inside.addAndGet(-permits);
              }
            }
          }
        });
      }
      return new Scenario(bodies, _ -> assertThat(semaphore.available()).isEqualTo(3));
    });
  }

  @Test
  void notifyOne() {
    cancelEverywhere(() -> {
      Notify notify = new Notify();
      AtomicInteger items = new AtomicInteger();
      AtomicInteger taken = new AtomicInteger();
      List<CheckedBody<?>> bodies = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        bodies.add(() -> {
          while (items.get() == 0) {
            notify.notified();
          }
          taken.incrementAndGet();
          if (items.decrementAndGet() > 0) {
            notify.notifyOne(); // two notifications may have become one
          }
        });
      }
      bodies.add(() -> {
        for (int i = 0; i < 3; i++) {
          while (i == 2 && taken.get() < 2) {
            pause(); // two of the others get the first two, even if the third one was chosen first and is cancelled
          }
          items.incrementAndGet();
          notify.notifyOne();
          pause();
        }
      });
      return new Scenario(bodies, cut -> {
        assertThat(taken.get()).isEqualTo(cut >= 0 ? 2 : 3);
        assertThat(items.get()).isEqualTo(cut >= 0 ? 1 : 0);
      });
    }, 3);
  }

  @Test
  void notifyWaiters() {
    cancelEverywhere(() -> {
      Notify notify = new Notify();
      AtomicInteger begun = new AtomicInteger();
      AtomicInteger told = new AtomicInteger();
      List<CheckedBody<?>> bodies = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        bodies.add(() -> {
          Notified notified = notify.notifiedAsync();
          try (notified) {
            boolean _ = notified.enable();
            begun.incrementAndGet();
            pause();
            notified.await();
            told.incrementAndGet();
          }
        });
      }
      bodies.add(() -> {
        while (begun.get() < 3) {
          pause();
        }
        notify.notifyWaiters();
      });
      return new Scenario(bodies, cut -> assertThat(told.get()).isEqualTo(cut >= 0 ? 2 : 3));
    }, 3);
  }

  @Test
  void barrier() {
    cancelEverywhere(() -> {
      Barrier barrier = new Barrier(2);
      AtomicInteger leaders = new AtomicInteger();
      AtomicInteger passed = new AtomicInteger();
      AtomicInteger ended = new AtomicInteger();
      List<CheckedBody<?>> bodies = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        bodies.add(() -> {
          try {
            if (barrier.arrive()) {
              leaders.incrementAndGet();
            }
            passed.incrementAndGet();
          } finally {
            ended.incrementAndGet();
          }
        });
      }
      bodies.add(() -> {
        while (ended.get() < 4 && barrier.waiting() + ended.get() < 4) {
          pause();
        }
        if (barrier.waiting() == 1) {
          boolean _ = barrier.arrive(); // in place of the one that was cancelled
        }
      });
      return new Scenario(bodies, cut -> {
        assertThat(barrier.waiting()).isZero();
        assertThat(passed.get()).isEqualTo(cut >= 0 ? 3 : 4);
      });
    }, 4);
  }

  @Test
  void gate() {
    cancelEverywhere(() -> {
      Gate gate = new Gate();
      AtomicInteger inside = new AtomicInteger();
      List<CheckedBody<?>> bodies = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        bodies.add(() -> {
          Pass pass = gate.tryEnter();
          if (pass != null) {
            try (pass) {
              inside.incrementAndGet();
              try {
                pause();
              } finally {
                inside.decrementAndGet();
              }
            }
          }
        });
      }
      for (int i = 0; i < 2; i++) {
        bodies.add(() -> {
          pause();
          gate.close();
          assertThat(inside.get()).isZero();
        });
      }
      return new Scenario(bodies, _ -> {
        assertThat(gate.isClosed()).isTrue();
        assertThat(gate.inside()).isZero();
      });
    });
  }

  @Test
  void cancellationTokenAndSetOnce() {
    cancelEverywhere(() -> {
      CancellationToken root = new CancellationToken();
      CancellationToken child = root.child();
      SetOnce<String> name = new SetOnce<>();
      AtomicInteger told = new AtomicInteger();
      List<CheckedBody<?>> bodies = new ArrayList<>();
      bodies.add(() -> {
        child.cancelled();
        told.incrementAndGet();
      });
      bodies.add(() -> {
        assertThat(name.get()).isEqualTo("name");
        told.incrementAndGet();
      });
      bodies.add(() -> {
        assertThatThrownBy(() -> root.runUntilCancelled(Future.pending()).await())
            .isInstanceOf(CancellationException.class);
        told.incrementAndGet();
      });
      bodies.add(() -> {
        pause();
        boolean _ = name.set("name");
        boolean _ = root.cancel();
      });
      return new Scenario(bodies, cut -> assertThat(told.get()).isGreaterThanOrEqualTo(cut >= 0 ? 2 : 3));
    }, 3);
  }
}
