package io.github.epollo.runtime.sync;

import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import org.jspecify.annotations.Nullable;

/**
 * One value, from one who has it some time to one who waits for it: a request's answer.
 *
 * {@snippet class="io.github.epollo.runtime.sync.ChannelSnippetsTest" region="oneshot"}
 *
 * <p>Each side is told when the other has gone: receiving fails when the sender was closed without sending, and the sender can wait for the receiver to be closed.
 *
 * <p><b>Threading:</b> every method of both sides may be called from any thread, task or not.
 *
 * @param <T> the type of the value
 */
public final class Oneshot<T extends @Nullable Object> {
  private final SpinLock lock = new SpinLock(); // guards all that follows
  private final WaitQueue watchers = new WaitQueue(); // senders, for the receiver to go
  private @Nullable Poll<T> outcome; // what was sent
  private boolean senderClosed;
  private boolean receiverClosed;
  private boolean received;
  private @Nullable Waiter<?> receiver; // the one that waits
  private @Nullable Waker waker; // the receiver's

  private final OneshotSender<T> sendingSide = new OneshotSender<>(this);
  private final OneshotReceiver<T> receivingSide = new OneshotReceiver<>(this);

  private Oneshot() {}

  /** Creates both sides. */
  public static <T extends @Nullable Object> Oneshot<T> create() {
    return new Oneshot<>();
  }

  /** The side that sends. */
  public OneshotSender<T> sender() {
    return sendingSide;
  }

  /** The side that receives. */
  public OneshotReceiver<T> receiver() {
    return receivingSide;
  }

  /** Sends; full if something was sent before or the sender was closed, closed if the receiver was. */
  SendResult send(Poll<T> sent) {
    Waker wake;
    lock.lock();
    try {
      if (outcome != null || received || senderClosed) {
        return SendResult.FULL;
      }
      if (receiverClosed) {
        return SendResult.CLOSED;
      }
      outcome = sent;
      wake = callReceiver();
    } finally {
      lock.release();
    }
    Wakers.wake(wake);
    return SendResult.SENT;
  }

  void closeSender() {
    Waker wake;
    lock.lock();
    try {
      senderClosed = true;
      wake = callReceiver();
    } finally {
      lock.release();
    }
    Wakers.wake(wake);
  }

  void closeReceiver() {
    Waker wake;
    long end;
    lock.lock();
    try {
      receiverClosed = true;
      wake = callReceiver();
      end = watchers.end();
    } finally {
      lock.release();
    }
    Wakers.wake(wake);
    Wakers.wakeAll(lock, watchers, end);
  }

  private @Nullable Waker callReceiver() {
    Waker called = waker;
    waker = null;
    return called;
  }

  boolean isReceiverGone() {
    lock.lock();
    try {
      return receiverClosed || received;
    } finally {
      lock.release();
    }
  }

  /** Whether the receiver is gone. Else {@code waiter} waits for that. */
  boolean watchReceiver(Waiter<?> waiter, Waker waker) {
    lock.lock();
    try {
      if (receiverClosed || received) {
        return true;
      }
      watchers.join(waiter, waker);
      return false;
    } finally {
      lock.release();
    }
  }

  void forgetWatcher(Waiter<?> waiter) {
    lock.lock();
    try {
      boolean _ = watchers.leave(waiter);
    } finally {
      lock.release();
    }
  }

  /** What has come. If that is nothing, {@code waiter}, if there is one, waits. */
  Poll<T> receive(@Nullable Waiter<?> waiter, @Nullable Waker waker) {
    Poll<T> taken;
    long end = 0;
    boolean ended = false;
    String misuse = null;
    lock.lock();
    try {
      taken = received ? null : outcome;
      if (received) {
        misuse = "it was received before, and there is no second one";
      } else if (receiver != null && receiver != waiter) {
        misuse = "somebody else waits for it already";
      } else if (taken != null) {
        received = true;
        outcome = null;
        receiver = null;
        end = watchers.end();
      } else if (receiverClosed) {
        misuse = "the receiver is closed";
      } else if (senderClosed) {
        ended = true;
      } else {
        receiver = waiter;
        this.waker = waker;
      }
    } finally {
      lock.release();
    }
    Wakers.wakeAll(lock, watchers, end);
    if (misuse != null) {
      throw new IllegalStateException("cannot receive the value of a oneshot: " + misuse);
    }
    if (ended) {
      throw new ChannelClosedException("the sender of a oneshot was closed before it sent a value", null);
    }
    return taken != null ? taken : Poll.pending();
  }

  void forgetReceiver(Waiter<?> waiter) {
    lock.lock();
    try {
      if (receiver == waiter) {
        receiver = null;
        waker = null;
      }
    } finally {
      lock.release();
    }
  }
}
