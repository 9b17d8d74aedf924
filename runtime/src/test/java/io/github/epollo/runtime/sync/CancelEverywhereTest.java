package io.github.epollo.runtime.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.CheckedBody;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.testsupport.Lockstep;
import io.github.epollo.testsupport.Lockstep.Cut;
import io.github.epollo.testsupport.Lockstep.Participant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Hazard 20: several tasks share something, and one of them is cancelled at its first wait, its second, and so on, in many orders. Nothing is lost by that: the others come to
 * their ends, and what is counted is all there.
 */
class CancelEverywhereTest {
  private static final int SEEDS = 100;

  /** Tasks that share something, and what holds when all have ended. */
  private record Scenario(List<CheckedBody<?>> bodies, Check check) {}

  private interface Check {
    /** @param cut the body that was cancelled, or -1 */
    void accept(int cut);
  }

  /** Gives the others a turn. */
  private static void pause() {
    AtomicInteger polls = new AtomicInteger();
    Future<@Nullable Void> once = Future.fromPoll(waker -> {
      if (polls.getAndIncrement() > 0) {
        return Poll.ready(null);
      }
      waker.wake();
      return Poll.pending();
    });
    once.await();
  }

  private static void cancelEverywhere(Supplier<Scenario> scenarios) {
    cancelEverywhere(scenarios, Integer.MAX_VALUE);
  }

  /** @param victims how many of the first bodies are cancelled */
  private static void cancelEverywhere(Supplier<Scenario> scenarios, int victims) {
    int cuts = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      List<Integer> waits = run(scenarios.get(), seed, -1, 0, Cut.ON_PARKING);
      for (int victim = 0; victim < Math.min(victims, waits.size()); victim++) {
        for (int k = 0; k < waits.get(victim); k++) {
          for (Cut where : Cut.values()) {
            List<Integer> _ = run(scenarios.get(), seed, victim, k, where);
            cuts++;
          }
        }
      }
    }
    assertThat(cuts).isGreaterThan(3 * SEEDS);
  }

  /** Returns how often each has waited. */
  private static List<Integer> run(Scenario scenario, long seed, int victim, int k, Cut where) {
    Lockstep lockstep = new Lockstep(seed);
    List<Participant> participants = new ArrayList<>();
    for (int i = 0; i < scenario.bodies.size(); i++) {
      participants.add(lockstep.add("task " + i, scenario.bodies.get(i)));
    }
    if (victim >= 0) {
      Participant _ = participants.get(victim).cutAt(k, where);
    }
    try {
      lockstep.run();
      scenario.check.accept(victim >= 0 && participants.get(victim).wasCut() ? victim : -1);
    } catch (AssertionError e) {
      throw new AssertionError(
          "with seed " + seed + (victim < 0 ? "" : " and task " + victim + " cut at its wait " + k + " " + where), e);
    }
    return participants.stream().map(Participant::parks).toList();
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
