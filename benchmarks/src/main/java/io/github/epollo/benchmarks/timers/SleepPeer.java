package io.github.epollo.benchmarks.timers;

import io.github.epollo.timers.Sleep;
import io.github.epollo.timers.Timers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A new sleep for each timer. */
final class SleepPeer extends LoopPeer {
  private final @Nullable Sleep[] sleeps;

  SleepPeer(int timers) {
    sleeps = new Sleep[timers];
  }

  @Override
  void arm(int number, long nanos) {
    Sleep sleep = Timers.sleepAsync(Duration.ofNanos(nanos));
    sleep.poll(WAKER);
    sleeps[number] = sleep;
    giveWay();
  }

  @Override
  void cancel(int number) {
    armed(sleeps[number]).close();
    sleeps[number] = null;
  }
}
