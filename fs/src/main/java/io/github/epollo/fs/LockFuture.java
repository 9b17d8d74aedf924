package io.github.epollo.fs;

import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.io.ClosedChannel;
import io.github.epollo.runtime.kernel.Fd;
import io.github.epollo.runtime.kernel.FileKernel;
import io.github.epollo.runtime.loop.SleepProvider;
import java.io.IOException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A lock on its way. The kernel can wait for one only by holding a thread, which nobody could stop then; so this asks again and again, with pauses that grow: 1 ms at first, {@value #LONGEST_PAUSE_MILLIS} ms
 * at most. Closing it gives back what was had.
 */
final class LockFuture extends AbstractFuture<@Nullable AsyncFileLock> {
  private static final String CALL = "fcntl(F_OFD_SETLK)";
  private static final int LONGEST_PAUSE_MILLIS = 64;

  private final FileHandle file;
  private final AsyncFileLock lock;
  private final boolean waits;
  private boolean checked;
  private boolean added;
  private @Nullable Asking asking;
  private @Nullable Future<@Nullable Void> pause;
  private int pauseMillis = 1;

  /** With {@code waits} false it is null if the lock is not to be had now. */
  LockFuture(AsyncFileLock lock, boolean waits) {
    this.file = lock.file();
    this.lock = lock;
    this.waits = waits;
  }

  @Override
  protected Poll<@Nullable AsyncFileLock> advance(Waker waker) throws IOException {
    if (!checked) {
      if (!Awaiter.proceed(waker)) {
        return Poll.pending();
      }
      check();
      checked = true;
    }
    while (true) {
      Future<@Nullable Void> sleep = pause;
      if (sleep != null) {
        if (sleep.poll(waker) instanceof Poll.Pending) {
          return Poll.pending();
        }
        pause = null;
        if (!file.isOpen()) {
          throw ClosedChannel.whileWaiting(file);
        }
      }
      added = added || file.description.locks.add(lock);
      long had = !added ? 0 : file.local ? askOnTheSpot() : ask(waker);
      if (had == ReadAttempt.WOULD_WAIT) {
        return Poll.pending();
      }
      if (had == 1) {
        added = false; // it is the caller's now
        return Poll.ready(lock);
      }
      if (!waits) {
        return Poll.ready(null);
      }
      pause = SleepProvider.get().sleepAsync(Duration.ofMillis(pauseMillis));
      pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
    }
  }

  private void check() throws IOException {
    file.requireOpen();
    if (lock.isShared() && !file.options.reads()) {
      throw new NonReadableChannelException();
    }
    if (!lock.isShared() && !file.options.writes()) {
      throw new NonWritableChannelException();
    }
  }

  private long askOnTheSpot() throws IOException {
    Fd fd = file.acquire();
    try {
      int result = lock.attempt(file.kernel, fd.number());
      if (result < 0) {
        throw file.failed(CALL, result);
      }
      return result;
    } finally {
      fd.release();
    }
  }

  private long ask(Waker waker) throws IOException {
    Asking operation = asking;
    if (operation == null) {
      asking = operation = new Asking();
    }
    if (!operation.isDone(waker)) {
      return ReadAttempt.WOULD_WAIT;
    }
    asking = null;
    return operation.take();
  }

  @Override
  protected void release() {
    Asking operation = asking;
    if (operation != null) {
      asking = null;
      added = false;
      operation.drops = true;
      lock.leave();
      operation.abandon();
    }
    Future<@Nullable Void> sleep = pause;
    if (sleep != null) {
      pause = null;
      sleep.close();
    }
    if (added) {
      added = false;
      lock.drop();
    }
  }

  @Override
  public String toString() {
    return lock.toString();
  }

  /** What comes although nobody wants it any more is given back. */
  private final class Asking extends FileCommand {
    private boolean drops; // set before it is abandoned

    Asking() {
      super(LockFuture.this.file, CALL, false, lock::attempt, null);
    }

    @Override
    protected void answered(long result) {
      // the number is kept until release(): discard() needs it
    }

    @Override
    protected void discard(FileKernel kernel, long result) {
      if (result == 1) {
        int _ = lock.undo(kernel, file.fd.number());
      }
    }

    @Override
    protected void free() {
      if (drops) {
        lock.drop(); // not before: another one in its place would be given back with it
      }
    }
  }
}
