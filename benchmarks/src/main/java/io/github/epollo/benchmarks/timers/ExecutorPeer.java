package io.github.epollo.benchmarks.timers;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The JDK's executor, told to take cancelled tasks out of its heap. */
final class ExecutorPeer extends Peer {
  private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1);
  private final @Nullable Future<?>[] futures;

  ExecutorPeer(int timers) {
    executor.setRemoveOnCancelPolicy(true);
    futures = new Future<?>[timers];
  }

  @Override
  void arm(int number, long nanos) {
    futures[number] = executor.schedule(ExecutorPeer::expire, nanos, TimeUnit.NANOSECONDS);
  }

  private static void expire() {}

  @Override
  void cancel(int number) {
    armed(futures[number]).cancel(false);
    futures[number] = null;
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
