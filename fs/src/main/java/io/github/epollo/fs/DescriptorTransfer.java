package io.github.epollo.fs;

import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.io.DescriptorSide;
import java.io.IOException;
import java.util.concurrent.CancellationException;

/**
 * Bytes on their way between a file and the fd of a channel, without a copy in user space: what the two directions share.
 *
 * <p><b>Threading:</b> one task at a time; {@link #count} may be read by any.
 */
abstract class DescriptorTransfer {
  final FileHandle file;
  final DescriptorSide side;
  long position; // of the next byte in the file
  long left; // bytes that may still be taken from the source

  private volatile long count; // written by the one that transfers
  private boolean waitingForSide;

  DescriptorTransfer(FileHandle file, DescriptorSide side, long position, long count) {
    this.file = file;
    this.side = side;
    this.position = position;
    this.left = count;
  }

  /** How it stands after {@link #advance}. */
  enum Progress {
    /** The waker was stored. */
    PENDING,
    /** All was transferred, or the source has ended. */
    DONE,
    /** The kernel cannot do it with these two: the rest must go through memory. */
    UNSUPPORTED
  }

  /** Gets as far as it can. */
  abstract Progress advance(Waker waker) throws IOException;

  /** As {@link #advance}, but takes nothing more from the source: for one who must stop and may lose nothing. {@code DONE} if nothing is between the two. */
  abstract Progress settle(Waker waker) throws IOException;

  /** Frees what is needed while it runs only. */
  abstract void pause();

  /** Gives up what is between the two. */
  abstract void close();

  final long count() {
    return count;
  }

  final void transferred(long n) {
    position += n;
    long sum = count + n; // nobody else writes it
    count = sum;
  }

  /** Makes a call on the channel's fd; see {@link DescriptorSide#poll}. */
  final long pollSide(Waker waker, DescriptorSide.Call call) throws IOException {
    if (waitingForSide) {
      waitingForSide = false;
      side.requireNotClosedWhileWaiting();
    }
    long n = side.poll(waker, call);
    waitingForSide = n == DescriptorSide.PENDING;
    return n;
  }

  /** Nobody polls with {@code waker} any more. */
  final void forget(Waker waker) {
    side.forget(waker);
  }

  /** Waits until it is done or unsupported. What is between the two when the caller must stop is brought to its end before that. */
  final Progress await(Awaiter awaiter) throws IOException {
    while (true) {
      Progress progress = advance(awaiter);
      if (progress != Progress.PENDING) {
        return progress;
      }
      boolean parked = false;
      try {
        awaiter.park(this);
        parked = true;
      } catch (RuntimeException e) {
        settleShielded(awaiter, e);
        throw e;
      } finally {
        if (!parked) {
          forget(awaiter);
        }
      }
    }
  }

  private void settleShielded(Awaiter awaiter, RuntimeException stopped) {
    boolean interrupted = awaiter.enterShield();
    try {
      while (settle(awaiter) == Progress.PENDING) {
        try {
          awaiter.park(this);
        } catch (CancellationException e) {
          interrupted = true; // the thread was interrupted once more: that is for later
        }
      }
    } catch (IOException e) {
      stopped.addSuppressed(e);
    } finally {
      awaiter.exitShield(interrupted);
    }
  }
}
