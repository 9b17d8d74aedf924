package io.github.epollo.runtime.sync;

import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who waits for room in a channel.
 *
 * @param <T> the type of the channel's values
 * @param <R> what is answered once there was room
 */
abstract class Admission<T, R extends @Nullable Object> extends LineWaiter<R> {
  final Channel<T> channel;

  Admission(Channel<T> channel) {
    this.channel = channel;
  }

  /** Uses room, if there is some. */
  abstract SendResult attempt(Waker waker);

  /** What to answer once room was used. */
  abstract Poll<R> answer();

  @Override
  protected Poll<R> advance(Waker waker) {
    if (!Awaiter.proceed(waker)) {
      return Poll.pending();
    }
    return switch (attempt(waker)) {
      case SENT -> answer();
      case FULL -> Poll.pending();
      case CLOSED -> throw channel.closedForSending();
    };
  }

  @Override
  protected void release() {
    if (hasWaited()) {
      channel.state.forgetSender(this);
    }
  }

  @Override
  public String toString() {
    return "room in " + channel;
  }
}
