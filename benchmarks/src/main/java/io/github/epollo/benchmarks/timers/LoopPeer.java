package io.github.epollo.benchmarks.timers;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.Waker;

/** Epollo's public API, in a task of a loop on the measuring thread. */
abstract class LoopPeer extends Peer {
  static final Waker WAKER = () -> {};

  private static final int BUDGET = 32; // a task that goes on for long is made to give way; so it does that itself

  private final Epollo epollo = Epollo.local();
  private int calls;

  @Override
  void run(Runnable work) {
    epollo.call(work::run);
  }

  final void giveWay() {
    if (++calls % BUDGET == 0) {
      Tasks.yieldNow();
    }
  }

  @Override
  public void close() {
    epollo.close();
  }
}
