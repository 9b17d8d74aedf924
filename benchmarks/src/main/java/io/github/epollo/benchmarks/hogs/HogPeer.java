package io.github.epollo.benchmarks.hogs;

import io.github.epollo.benchmarks.Commands;
import java.util.ArrayList;
import java.util.List;

/**
 * The workloads of the benchmarks "hogs" and "sleeps", for whoever has tasks: sleepers, and beside them one hog or none. The same threads echo meanwhile.
 *
 * @param <T> a task
 */
abstract class HogPeer<T> {
  /** Starts a task. */
  abstract T spawn(Runnable body);

  /** Waits in a task until another has ended. */
  abstract void join(T task);

  /** Lets the other tasks go first. */
  abstract void giveWay();

  /** Sleeps in a task. */
  abstract void sleep(long nanos);

  /** Runs {@code body} in a task, and waits for its end. */
  abstract void inTask(Runnable body);

  /** Answers commands until there are no more, then ends the process. */
  final void serve() throws Exception {
    Commands.answer((workload, _, number, end) -> {
      List<Sleeper> sleepers = Sleeper.of(workload, number, end);
      Hog hog = new Hog(workload.equals("yields"), end);
      inTask(() -> {
        List<T> tasks = new ArrayList<>();
        sleepers.forEach(sleeper -> tasks.add(spawn(() -> run(sleeper))));
        if (Hog.isIn(workload)) {
          tasks.add(spawn(() -> run(hog)));
        }
        tasks.forEach(this::join);
      });
      return Sleeper.answer(sleepers, hog.slices());
    });
    Runtime.getRuntime().halt(0); // the servers have nothing to finish
  }

  private void run(Sleeper sleeper) {
    for (long nanos = sleeper.begin(); nanos > 0; nanos = sleeper.woken()) {
      sleep(nanos);
    }
  }

  private void run(Hog hog) {
    while (hog.compute()) {
      if (hog.yields()) {
        giveWay();
      } else {
        sleep(Hog.PAUSE);
      }
    }
  }
}
