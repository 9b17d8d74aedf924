package io.github.epollo.runtime;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** A pool that has a lock, as those of the JDK have, and that shows who waits for it. Runs what it is given on a new thread. */
final class LockingPool extends AbstractExecutorService {
  final ReentrantLock lock = new ReentrantLock();

  @Override
  public void execute(Runnable work) {
    lock.lock();
    try {
      Thread _ = Thread.ofVirtual().start(work);
    } finally {
      lock.unlock();
    }
  }

  /** Waits until so many threads wait for the lock. */
  void awaitQueued(int threads) {
    while (lock.getQueueLength() < threads) {
      Thread.onSpinWait();
    }
  }

  @Override
  public void shutdown() {}

  @Override
  public List<Runnable> shutdownNow() {
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return false;
  }

  @Override
  public boolean isTerminated() {
    return false;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return false;
  }
}
