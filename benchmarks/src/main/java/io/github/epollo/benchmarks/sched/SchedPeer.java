package io.github.epollo.benchmarks.sched;

import com.sun.management.ThreadMXBean;
import io.github.epollo.benchmarks.Commands;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The workloads of the benchmark "sched", for whoever has tasks. Each runs in a task of its own until its time is over, and in batches, so that the clock is read rarely.
 *
 * @param <T> a task
 */
abstract class SchedPeer<T> {
  private static final int BATCH = 1000;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private long ran; // each task counts itself; they take turns on one thread
  private volatile boolean secondsTurn;
  private volatile boolean over;

  /** Starts a task. */
  abstract T spawn(Runnable body);

  /** Waits in a task until another has ended. */
  abstract void join(T task);

  /** Lets the other tasks go first. */
  abstract void giveWay();

  /** Runs {@code body} in a task, and waits for its end. */
  abstract void inTask(Runnable body);

  /** Answers commands until there are no more. */
  final void serve() throws Exception {
    Commands.answer((workload, _, number, end) -> {
      ran = 0;
      long allocated = THREADS.getTotalThreadAllocatedBytes();
      switch (workload) {
        case "spawn" -> inTask(() -> spawnUntil(number, end));
        case "yield" -> inTask(() -> yieldUntil(number, end));
        case "hop" -> inTask(() -> hopUntil(end));
        default -> {
          return "none";
        }
      }
      return "%d bytes/op=%.2f".formatted(ran, (double) (THREADS.getTotalThreadAllocatedBytes() - allocated) / ran);
    });
  }

  private void spawnUntil(int atOnce, long end) {
    List<T> tasks = new ArrayList<>(atOnce);
    long expected = 0;
    do {
      for (int i = 0; i < BATCH || i < atOnce; i += atOnce) {
        for (int j = 0; j < atOnce; j++) {
          tasks.add(spawn(() -> ran++));
        }
        tasks.forEach(this::join);
        tasks.clear();
        expected += atOnce;
      }
    } while (Commands.before(end));
    check(ran == expected);
  }

  private void yieldUntil(int tasks, long end) {
    List<T> all = new ArrayList<>(tasks);
    for (int i = 0; i < tasks; i++) {
      all.add(spawn(() -> {
        do {
          for (int j = 0; j < BATCH; j++) {
            giveWay();
            ran++;
          }
        } while (Commands.before(end));
      }));
    }
    all.forEach(this::join);
  }

  /** Two tasks park in turn; each wakes the other. */
  private void hopUntil(long end) {
    Thread first = Thread.currentThread();
    Thread[] second = new Thread[1];
    over = false;
    secondsTurn = true;
    T other = spawn(() -> {
      second[0] = Thread.currentThread();
      while (!over) {
        hop(first, false);
      }
    });
    await(false);
    do {
      for (int i = 0; i < BATCH; i++) {
        hop(second[0], true);
      }
    } while (Commands.before(end));
    over = true;
    secondsTurn = true;
    LockSupport.unpark(second[0]);
    join(other);
  }

  /** Gives the turn away, and waits until it comes back. */
  private void hop(Thread other, boolean seconds) {
    ran++;
    secondsTurn = seconds;
    LockSupport.unpark(other);
    await(!seconds);
  }

  private void await(boolean seconds) {
    while (secondsTurn != seconds) {
      LockSupport.park(this);
    }
  }

  private static void check(boolean holds) {
    if (!holds) {
      throw new AssertionError();
    }
  }
}
