package io.github.epollo.runtime.sync;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import org.jspecify.annotations.Nullable;

/** A future that a test polls when it likes; it counts the wakes since the last poll. */
final class ByHand<T extends @Nullable Object> implements Waker {
  final Future<T> future;
  private volatile int wakes;
  private boolean ended;

  ByHand(Future<T> future) {
    this.future = future;
  }

  static <T extends @Nullable Object> ByHand<T> polled(Future<T> future) {
    ByHand<T> hand = new ByHand<>(future);
    Poll<T> _ = hand.poll();
    return hand;
  }

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // a test that counts has one thread
  public void wake() {
    wakes++;
  }

  boolean isWoken() {
    return wakes > 0;
  }

  boolean isEnded() {
    return ended;
  }

  Poll<T> poll() {
    wakes = 0;
    Poll<T> poll = future.poll(this);
    ended = !(poll instanceof Poll.Pending);
    return poll;
  }

  boolean isReady() {
    return poll() instanceof Poll.Ready;
  }

  /** The value, which must be there. */
  T value() {
    return switch (poll()) {
      case Poll.Ready<T>(T value) -> value;
      case Poll.Failed<T> failed -> throw failed.toUnchecked();
      case Poll.Pending<T> _ -> throw new AssertionError("nothing yet: " + future);
    };
  }

  void close() {
    ended = true;
    future.close();
  }
}
