package io.github.epollo.benchmarks.timers;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Arming one timer and cancelling one, as each request with a limit does, while many others are outstanding. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TimerChurnBenchmark {
  private static final int BATCH = 1024;

  /** Who keeps the timers. */
  @Param({"epollo-wheel", "epollo-reset-to", "epollo-reset", "epollo-new", "agrona", "netty-hwt",
    "stpe"}) public String peer = "";

  /** How many are armed all the time. */
  @Param({"1000", "100000", "1000000"}) public int outstanding;

  private Peer timers = Peer.named("stpe", 0);
  private int oldest;
  private int delay;

  /** Arms those that are outstanding. */
  @Setup
  public void arm() {
    timers.close();
    timers = Peer.named(peer, outstanding + 1);
    timers.run(() -> {
      for (int i = 0; i < outstanding; i++) {
        timers.arm(i, Delays.at(delay++));
      }
    });
  }

  /** Lets all go. */
  @TearDown
  public void close() {
    timers.close();
  }

  /** The timer that was just armed is cancelled. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void cancelAtOnce() {
    timers.run(() -> {
      for (int i = 0; i < BATCH; i++) {
        timers.arm(outstanding, Delays.at(delay++));
        timers.cancel(outstanding);
      }
      timers.turn();
    });
  }

  /** The oldest is cancelled: requests are answered in the order in which they came. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void cancelOldest() {
    timers.run(() -> {
      for (int i = 0; i < BATCH; i++) {
        timers.cancel(oldest);
        timers.arm(oldest, Delays.at(delay++));
        oldest = oldest + 1 == outstanding ? 0 : oldest + 1;
      }
      timers.turn();
    });
  }
}
