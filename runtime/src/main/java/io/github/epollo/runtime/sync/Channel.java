package io.github.epollo.runtime.sync;

import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A queue between tasks: many send, many receive, each value goes to one receiver. Four kinds differ in how much a sender can be ahead of the receivers.
 *
 * <ul>
 *   <li>{@link #bounded}: by so many values; then sending waits. The one to begin with.
 *   <li>{@link #rendezvous}: not at all: a value is sent when a receiver waits for it.
 *   <li>{@link #unbounded}: without limit; sending never waits, and memory is the limit.
 *   <li>{@link #latest}: sending never waits, and replaces the value that nobody has received yet.
 * </ul>
 *
 * {@snippet class="io.github.epollo.runtime.sync.ChannelSnippetsTest" region="channel"}
 *
 * <p>A side can be handed out by its type: {@link SendChannel} or {@link ReceiveChannel}.
 *
 * <p><b>Order:</b> values are received in the order in which they were sent. Who waits is woken in the order of arrival, one for each value or free place; but nothing is
 * kept for it: if somebody else takes that before it comes back, it waits on, at the front of the line. So a receiver that is slow, or never comes back, keeps no value
 * from the others.
 *
 * <p><b>Threading:</b> every method may be called from any thread, task or not. No method holds up a loop, and no value is lost when somebody is cancelled.
 *
 * @param <T> the type of the values; null is none of them
 */
public final class Channel<T> implements SendChannel<T>, ReceiveChannel<T> {
  private static final Waker NOBODY = () -> {}; // for who tries and does not wait

  // A call that need not wait costs a fraction of the operations that a task's budget is made for, and so does asking for the budget. A prime number, so
  // that tasks that take turns at a channel are all charged.
  private static final int CALLS_PER_CHARGE = 13;

  final ChannelState<T> state;

  // Direct calls since the last that was charged. Plain, written by any thread: about right is good enough.
  private int sends;
  private int receives;

  private Channel(int capacity) {
    this.state = new ChannelState<>(capacity);
  }

  /**
   * Creates a channel for at most {@code capacity} values.
   *
   * @throws IllegalArgumentException if {@code capacity} is not positive
   */
  public static <T> Channel<T> bounded(int capacity) {
    if (capacity <= 0) {
      throw new IllegalArgumentException("cannot make a channel of capacity " + capacity + ": "
          + (capacity == 0 ? "for one without a buffer use Channel.rendezvous()" : "it must be positive"));
    }
    return new Channel<>(capacity);
  }

  /**
   * Creates a channel without a buffer: sending waits until a receiver waits, and then leaves the value for it. If that receiver is cancelled before it has come back,
   * the value is for the next one.
   */
  public static <T> Channel<T> rendezvous() {
    return new Channel<>(ChannelState.RENDEZVOUS);
  }

  /** Creates a channel in which sending never waits. Prefer one with a bound: that slows down senders who are too fast, this one fills the memory. */
  public static <T> Channel<T> unbounded() {
    return new Channel<>(Integer.MAX_VALUE);
  }

  /** Creates a channel that holds the last value only: a value that nobody has received is dropped when the next is sent. */
  public static <T> Channel<T> latest() {
    return new Channel<>(ChannelState.LATEST);
  }

  @Override
  public void send(T value) {
    if (++sends >= CALLS_PER_CHARGE) {
      sends = 0;
      spendBudget();
    }
    switch (trySend(value)) {
      case SENT -> {}
      case FULL -> sendAsync(value).await();
      case CLOSED -> throw closedForSending();
    }
  }

  @Override
  public Future<@Nullable Void> sendAsync(T value) {
    T sent = notNull(value);
    return new Admission<T, @Nullable Void>(this) {
      @Override
      SendResult attempt(Waker waker) {
        return state.send(sent, this, waker);
      }

      @Override
      Poll<@Nullable Void> answer() {
        return Poll.ready(null);
      }
    };
  }

  @Override
  public SendResult trySend(T value) {
    return state.send(notNull(value), null, null);
  }

  @Override
  public SendPermit<T> reserve() {
    return reserveAsync().await();
  }

  @Override
  public Future<SendPermit<T>> reserveAsync() {
    return new Admission<T, SendPermit<T>>(this) {
      private final SendPermit<T> permit = new SendPermit<>(channel); // before there is something to lose

      @Override
      SendResult attempt(Waker waker) {
        return state.reserve(this, waker);
      }

      @Override
      Poll<SendPermit<T>> answer() {
        return Poll.ready(permit);
      }
    };
  }

  @Override
  public @Nullable SendPermit<T> tryReserve() {
    SendPermit<T> permit = new SendPermit<>(this);
    return switch (state.reserve(null, null)) {
      case SENT -> permit;
      case FULL -> null;
      case CLOSED -> throw closedForSending();
    };
  }

  @Override
  public T receive() {
    chargeReceive();
    T value = tryReceive();
    return value != null ? value : receiveAsync().await();
  }

  @Override
  public Future<T> receiveAsync() {
    return new Receiving<T>(this) {
      @Override
      @SuppressWarnings("unchecked") // it is a value of this channel
      Poll<T> answer(Object taken) {
        if (taken == ChannelState.END) {
          throw closedForReceiving();
        }
        return Poll.ready((T) taken);
      }
    };
  }

  @Override
  @SuppressWarnings("unchecked") // it is a value of this channel
  public @Nullable T receiveOrNull() {
    chargeReceive();
    Object taken = state.take(null, null);
    if (taken == null) {
      return receiveOrNullAsync().await();
    }
    if (taken == ChannelState.END) {
      checkEndedWell();
      return null;
    }
    return (T) taken;
  }

  @Override
  public Future<@Nullable T> receiveOrNullAsync() {
    return new Receiving<@Nullable T>(this) {
      @Override
      @SuppressWarnings("unchecked") // it is a value of this channel
      Poll<@Nullable T> answer(Object taken) {
        if (taken == ChannelState.END) {
          checkEndedWell();
          return Poll.ready(null);
        }
        return Poll.ready((T) taken);
      }
    };
  }

  @Override
  @SuppressWarnings("unchecked") // it is a value of this channel
  public @Nullable T tryReceive() {
    Object taken = state.take(null, null);
    if (taken == ChannelState.END) {
      throw closedForReceiving();
    }
    return (T) taken;
  }

  @Override
  public List<T> receiveMany(int limit) {
    return receiveManyAsync(limit).await();
  }

  @Override
  public Future<List<T>> receiveManyAsync(int limit) {
    if (limit <= 0) {
      throw new IllegalArgumentException("cannot receive at most " + limit + " values: the limit must be positive");
    }
    return new ReceivingMany<>(this, limit);
  }

  @Override
  public Iterator<T> iterator() {
    return new ChannelIterator<>(this);
  }

  @Override
  public void close() {
    state.close(null);
  }

  @Override
  public void close(Throwable cause) {
    state.close(Objects.requireNonNull(cause, "cause: to close without a failure use close()"));
  }

  @Override
  public List<T> closeNow() {
    return state.drop();
  }

  @Override
  public void closed() {
    closedAsync().await();
  }

  @Override
  public Future<@Nullable Void> closedAsync() {
    return new Waiter<@Nullable Void>() {
      @Override
      protected Poll<@Nullable Void> advance(Waker waker) {
        return state.watchClosed(this, waker) ? Poll.ready(null) : Poll.pending();
      }

      @Override
      protected void release() {
        state.forgetWatcher(this);
      }

      @Override
      public String toString() {
        return "the end of " + Channel.this;
      }
    };
  }

  @Override
  public boolean isClosed() {
    return state.isClosed();
  }

  @Override
  public int size() {
    return state.size();
  }

  @Override
  public int capacity() {
    return Math.abs(state.capacity);
  }

  private void chargeReceive() {
    if (++receives >= CALLS_PER_CHARGE) {
      receives = 0;
      spendBudget();
    }
  }

  /** Lets others run if this task has had its share. */
  private void spendBudget() {
    if (!Awaiter.proceed(NOBODY)) {
      Awaiter.current().checkStopped(this);
    }
  }

  /** Throws if the channel was closed with a failure. */
  void checkEndedWell() {
    if (state.failure() != null) {
      throw closedForReceiving();
    }
  }

  private ChannelClosedException closedForReceiving() {
    Throwable failure = state.failure();
    return new ChannelClosedException("cannot receive from " + this + ": it has ended"
        + (failure == null ? ", for it was closed and nothing is left in it" : " with " + failure), failure);
  }

  ChannelClosedException closedForSending() {
    return new ChannelClosedException("cannot send to " + this + ": it is closed", state.failure());
  }

  static <T> T notNull(T value) {
    return Objects.requireNonNull(value, "cannot send null: receivers take it for the end of the channel");
  }

  @Override
  public String toString() {
    String kind = switch (state.capacity) {
      case ChannelState.RENDEZVOUS -> "a rendezvous channel";
      case ChannelState.LATEST -> "a channel of the latest value";
      case Integer.MAX_VALUE -> "an unbounded channel";
      default -> "a channel of capacity " + state.capacity;
    };
    return kind + " with " + state.size() + " values";
  }
}
