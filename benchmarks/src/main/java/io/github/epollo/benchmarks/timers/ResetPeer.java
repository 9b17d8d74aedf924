package io.github.epollo.benchmarks.timers;

import io.github.epollo.timers.Sleep;
import io.github.epollo.timers.Timers;
import java.time.Duration;

/** Sleeps that are made once and then reset, polled and closed again and again. */
final class ResetPeer extends LoopPeer {
  private final Sleep[] sleeps;
  private final Duration[] durations = new Duration[Delays.COUNT];
  private int next;

  ResetPeer(int timers) {
    sleeps = new Sleep[timers];
    for (int i = 0; i < durations.length; i++) {
      durations[i] = Duration.ofNanos(Delays.at(i));
    }
    run(() -> {
      for (int i = 0; i < timers; i++) {
        sleeps[i] = Timers.sleepAsync(Duration.ZERO);
      }
    });
  }

  /** The same delays as {@code nanos}, as durations that are there already. */
  @Override
  void arm(int number, long nanos) {
    Sleep sleep = sleeps[number];
    sleep.reset(durations[next++ & (Delays.COUNT - 1)]);
    sleep.poll(WAKER);
    giveWay();
  }

  @Override
  void cancel(int number) {
    sleeps[number].close();
  }
}
