package io.github.epollo.benchmarks.timers;

import io.github.epollo.timers.wheel.Ticks;
import io.github.epollo.timers.wheel.TimerWheel;
import io.github.epollo.timers.wheel.WheelEntry;

/** The wheel itself, with entries that live on, as those of a sleep or a connection do. */
final class WheelPeer extends Peer {
  private static final class Entry extends WheelEntry {}

  private static final int BATCH = 1024;

  private final TimerWheel wheel = new TimerWheel();
  private final Entry[] entries;
  private final Ticks ticks;
  private long now = System.nanoTime();

  WheelPeer(int timers) {
    ticks = new Ticks(now);
    entries = new Entry[timers];
    for (int i = 0; i < timers; i++) {
      entries[i] = new Entry();
    }
  }

  @Override
  void arm(int number, long nanos) {
    wheel.put(entries[number], ticks.roundUp(now + nanos));
  }

  @Override
  void cancel(int number) {
    wheel.remove(entries[number]);
  }

  @Override
  void turn() {
    now = System.nanoTime();
    wheel.advance(ticks.roundDown(now), BATCH);
    while (wheel.take() instanceof Entry entry) {
      wheel.put(entry, ticks.roundUp(now + 1_000_000_000)); // it stays armed
    }
  }
}
