package io.github.epollo.benchmarks.timers;

import io.github.epollo.runtime.loop.Loop;
import io.github.epollo.timers.Sleep;
import io.github.epollo.timers.Timers;
import java.time.Duration;

/** As {@link ResetPeer}, with deadlines as times: the clock is read once a turn, as the wheels of the other peers have it. */
final class ResetToPeer extends LoopPeer {
  private final Sleep[] sleeps;
  private long now;

  ResetToPeer(int timers) {
    sleeps = new Sleep[timers];
    run(() -> {
      for (int i = 0; i < timers; i++) {
        sleeps[i] = Timers.sleepAsync(Duration.ZERO);
      }
      turn();
    });
  }

  @Override
  void arm(int number, long nanos) {
    Sleep sleep = sleeps[number];
    sleep.resetAt(now + nanos);
    sleep.poll(WAKER);
    giveWay();
  }

  @Override
  void cancel(int number) {
    sleeps[number].close();
  }

  @Override
  void turn() {
    now = Loop.current().now();
  }
}
