package io.github.epollo.runtime.sync;

import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import org.jspecify.annotations.Nullable;

/**
 * A receiver of one value.
 *
 * @param <R> what it makes of the value, or of the end
 */
abstract class Receiving<R extends @Nullable Object> extends LineWaiter<R> {
  final Channel<?> channel;

  Receiving(Channel<?> channel) {
    this.channel = channel;
  }

  /** What to answer, given a value or {@link ChannelState#END}. */
  abstract Poll<R> answer(Object taken);

  @Override
  protected Poll<R> advance(Waker waker) {
    if (!Awaiter.proceed(waker)) {
      return Poll.pending();
    }
    Object taken = channel.state.take(this, waker);
    return taken == null ? Poll.pending() : answer(taken);
  }

  @Override
  protected void release() {
    if (hasWaited()) {
      channel.state.forgetReceiver(this);
    }
  }

  @Override
  public String toString() {
    return "a value of " + channel;
  }
}
