package io.github.epollo.fs;

import io.github.epollo.fs.engine.FileContext;
import io.github.epollo.fs.engine.FileEngine;
import io.github.epollo.runtime.io.ClosedChannel;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.Fd;
import io.github.epollo.runtime.kernel.FileKernel;
import io.github.epollo.runtime.sync.SpinLock;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * An open file: its number, what it was opened for, and the operations under way on it.
 *
 * <p><b>Threading:</b> every method may be called from any thread.
 */
final class FileHandle {
  final FileContext context;
  final FileEngine engine;
  final FileKernel kernel;
  final Fd fd;
  final String path;
  final OpenOptions options;

  /** Whether reads may be tried on the spot; false once the file system has said that it cannot tell what would wait. */
  volatile boolean readsOnTheSpot;

  /** As {@link #readsOnTheSpot}, for writes. */
  volatile boolean writesOnTheSpot;

  private final SpinLock lock = new SpinLock();
  private @Nullable FileOperation first; // under the lock; a list through FileOperation.next
  private volatile boolean closed;

  /** Takes over {@code fd}. */
  FileHandle(FileContext context, FileEngine engine, Fd fd, String path, OpenOptions options) {
    this.context = context;
    this.engine = engine;
    this.kernel = context.kernel();
    this.fd = fd;
    this.path = path;
    this.options = options;
    this.readsOnTheSpot = !options.isDirect(); // what goes past the page cache always waits
    this.writesOnTheSpot = !options.isDirect() && !options.syncsWrites();
  }

  /** Keeps the number until {@code fd.release()}, or throws. */
  Fd acquire() throws IOException {
    if (!fd.acquire()) {
      throw ClosedChannel.exception(this);
    }
    return fd;
  }

  /** Keeps the number for {@code operation} until {@link #leave}, and tells it when the file is closed. */
  void enter(FileOperation operation) throws IOException {
    Fd _ = acquire();
    lock.lock();
    try {
      FileOperation behind = first;
      operation.next = behind;
      if (behind != null) {
        behind.previous = operation;
      }
      first = operation;
    } finally {
      lock.unlock();
    }
  }

  /** Ends what {@link #enter} began. */
  void leave(FileOperation operation) {
    lock.lock();
    try {
      FileOperation before = operation.previous;
      FileOperation behind = operation.next;
      if (before != null) {
        before.next = behind;
      } else {
        first = behind;
      }
      if (behind != null) {
        behind.previous = before;
      }
      operation.previous = null;
      operation.next = null;
    } finally {
      lock.unlock();
    }
    fd.release();
  }

  boolean isOpen() {
    return !closed;
  }

  void requireOpen() throws IOException {
    if (closed) {
      throw ClosedChannel.exception(this);
    }
  }

  /** Says that no operation begins any more, and wakes those under way; false if that was said before. */
  boolean beginClose() {
    FileOperation[] waiting;
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      closed = true;
      int count = 0;
      for (FileOperation o = first; o != null; o = o.next) {
        count++;
      }
      waiting = new FileOperation[count];
      for (FileOperation o = first; o != null; o = o.next) {
        waiting[--count] = o;
      }
    } finally {
      lock.unlock();
    }
    for (FileOperation operation : waiting) {
      operation.wake();
    }
    return true;
  }

  /** The exception for a failed call. */
  IOException failed(String call, long result) {
    return Errno.toFileException(call, path, null, (int) -result);
  }

  @Override
  public String toString() {
    return "AsyncFile[" + path + "]";
  }
}
