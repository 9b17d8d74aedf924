package io.github.epollo.fs;

import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.io.DescriptorSide;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.Fd;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * From a file to a channel by sendfile(2), which would block on pages that are not in memory. So each call is given only what a probe has just found there; what it did not find is loaded by the engine first.
 *
 * <p>Nothing is ever between the two: what was not sent is still in the file.
 */
final class SendfileTransfer extends DescriptorTransfer {
  private static final long NOT_RESIDENT = Long.MIN_VALUE + 1; // no result of a call, and not PENDING
  private static final int MIN_WINDOW = 16 * 1024;

  private final DescriptorSide.Call send = this::send; // made once: it is called many times
  private final DescriptorSide target;
  private @Nullable LoadOperation loading;
  private long loadedAt = -1;
  private int window = 4 * MIN_WINDOW; // what is probed: twice what the channel took last

  SendfileTransfer(FileHandle file, long position, long count, DescriptorSide target) {
    super(file, target, position, count);
    this.target = target;
  }

  @Override
  Progress advance(Waker waker) throws IOException {
    while (left > 0) {
      LoadOperation load = loading;
      if (load != null) {
        if (!load.isDone(waker)) {
          return Progress.PENDING;
        }
        loading = null;
        loadedAt = position;
        if (load.take() == 0) {
          return Progress.DONE;
        }
      }
      file.requireOpen();
      if (!file.readsOnTheSpot) {
        return Progress.UNSUPPORTED;
      }
      long n = pollSide(waker, send);
      if (n > 0) {
        transferred(n);
        left -= n;
        window = Math.clamp(2 * n, MIN_WINDOW, ResidentProbe.WINDOW);
      } else if (n == DescriptorSide.PENDING) {
        return Progress.PENDING;
      } else if (n == 0) {
        return Progress.DONE;
      } else if (n == NOT_RESIDENT) {
        if (loadedAt == position) { // and is gone again: the memory is short
          return Progress.UNSUPPORTED;
        }
        loading = new LoadOperation(file, position, Math.min(left, ResidentProbe.WINDOW));
      } else if (n == -Errno.EINVAL || n == -Errno.ENOSYS) {
        return Progress.UNSUPPORTED;
      } else {
        throw Errno.toIOException("sendfile", file + " to " + target, (int) -n);
      }
    }
    return Progress.DONE;
  }

  private long send(int targetNumber) throws IOException {
    Fd fd = file.acquire();
    try {
      long resident = ResidentProbe.probe(file.kernel, fd.number(), position, Math.min(left, window));
      if (resident > 0) {
        return file.kernel.sendfile(targetNumber, fd.number(), position, resident);
      }
      if (resident == -Errno.EOPNOTSUPP) {
        file.readsOnTheSpot = false;
      }
      return resident == 0 ? 0 : NOT_RESIDENT; // what is wrong, if it is something else, the load will tell
    } finally {
      fd.release();
    }
  }

  @Override
  Progress settle(Waker waker) {
    pause();
    return Progress.DONE;
  }

  @Override
  void pause() {
    LoadOperation load = loading;
    if (load != null) {
      loading = null;
      load.abandon();
    }
  }

  @Override
  void close() {
    pause();
  }

  @Override
  public String toString() {
    return "transfer of " + file + " to " + target;
  }
}
