package io.github.epollo.benchmarks.timers;

import io.netty.util.HashedWheelTimer;
import io.netty.util.Timeout;
import io.netty.util.TimerTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Netty's wheel for limits: it has a thread of its own that ticks. */
final class NettyPeer extends Peer {
  private static final TimerTask TASK = _ -> {};

  private final HashedWheelTimer timer = new HashedWheelTimer(100, TimeUnit.MILLISECONDS, 4096);
  private final @Nullable Timeout[] timeouts;

  NettyPeer(int timers) {
    timeouts = new Timeout[timers];
  }

  @Override
  void arm(int number, long nanos) {
    timeouts[number] = timer.newTimeout(TASK, nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  void cancel(int number) {
    armed(timeouts[number]).cancel();
    timeouts[number] = null;
  }

  @Override
  public void close() {
    timer.stop();
  }
}
