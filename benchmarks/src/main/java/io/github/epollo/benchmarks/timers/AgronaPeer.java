package io.github.epollo.benchmarks.timers;

import java.util.concurrent.TimeUnit;
import org.agrona.DeadlineTimerWheel;

/** Agrona's wheel: one level, a tick of about a millisecond, and so many ticks that few timers share one, since it searches for a free place. */
final class AgronaPeer extends Peer {
  private static final long TICK = 1 << 20;
  private static final int TICKS = 1 << 16;
  private static final int BATCH = 1024;

  private final DeadlineTimerWheel wheel;
  private final long[] ids;
  private long now = System.nanoTime();

  AgronaPeer(int timers) {
    wheel = new DeadlineTimerWheel(TimeUnit.NANOSECONDS, now, TICK, TICKS,
        Math.max(8, Integer.highestOneBit(timers / TICKS) * 2));
    ids = new long[timers];
  }

  @Override
  void arm(int number, long nanos) {
    ids[number] = wheel.scheduleTimer(now + nanos);
  }

  @Override
  void cancel(int number) {
    wheel.cancelTimer(ids[number]);
  }

  @Override
  void turn() {
    now = System.nanoTime();
    wheel.poll(now, (_, _, _) -> false, BATCH); // what is due stays armed
  }
}
