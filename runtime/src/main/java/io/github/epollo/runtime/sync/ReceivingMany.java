package io.github.epollo.runtime.sync;

import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.List;

/**
 * A receiver of what there is.
 *
 * @param <T> the type of the values
 */
final class ReceivingMany<T> extends LineWaiter<List<T>> {
  private final Channel<T> channel;
  private final int limit;

  ReceivingMany(Channel<T> channel, int limit) {
    this.channel = channel;
    this.limit = limit;
  }

  @Override
  protected Poll<List<T>> advance(Waker waker) {
    if (!Awaiter.proceed(waker)) {
      return Poll.pending();
    }
    List<T> taken = channel.state.takeMany(limit, this, waker);
    if (taken == null) {
      return Poll.pending();
    }
    if (taken.isEmpty()) {
      channel.checkEndedWell();
    }
    return Poll.ready(taken);
  }

  @Override
  protected void release() {
    if (hasWaited()) {
      channel.state.forgetReceiver(this);
    }
  }

  @Override
  public String toString() {
    return "values of " + channel;
  }
}
