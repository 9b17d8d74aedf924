package io.github.epollo.benchmarks.timers;

import org.jspecify.annotations.Nullable;

/** Somebody who keeps timers. They are numbered; a number is armed or not. */
abstract class Peer implements AutoCloseable {
  /** Arms a timer that is not armed. */
  abstract void arm(int number, long nanos);

  /** Cancels a timer that is armed. */
  abstract void cancel(int number);

  /** Does what time demands; called about once for a thousand timers. */
  void turn() {}

  /** Runs {@code work} where this peer's timers may be used. */
  void run(Runnable work) {
    work.run();
  }

  @Override
  public void close() {}

  static Peer named(String name, int timers) {
    return switch (name) {
      case "epollo-wheel" -> new WheelPeer(timers);
      case "epollo-reset" -> new ResetPeer(timers);
      case "epollo-reset-to" -> new ResetToPeer(timers);
      case "epollo-new" -> new SleepPeer(timers);
      case "agrona" -> new AgronaPeer(timers);
      case "netty-hwt" -> new NettyPeer(timers);
      case "stpe" -> new ExecutorPeer(timers);
      default -> throw new IllegalArgumentException("no peer " + name);
    };
  }

  @SuppressWarnings("NullAway") // whoever cancels has armed
  static <T> T armed(@Nullable T handle) {
    return handle;
  }
}
