package io.github.epollo.fs;

import io.github.epollo.fs.engine.FileContext;
import io.github.epollo.fs.engine.FileEngine;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.driver.LeakTracker;
import io.github.epollo.runtime.io.ClosedChannel;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.Fd;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.FileKernel;
import io.github.epollo.runtime.loop.Loop;
import io.github.epollo.runtime.sync.Oneshot;
import io.github.epollo.runtime.sync.OneshotReceiver;
import io.github.epollo.runtime.sync.SpinLock;
import java.io.IOException;
import java.nio.file.FileSystemException;
import org.jspecify.annotations.Nullable;

/**
 * An open file: its number, what it was opened for, and the operations under way on it.
 *
 * <p><b>Threading:</b> every method may be called from any thread.
 */
final class FileHandle implements AutoCloseable {
  final Epollo epollo;
  final FileContext context;
  final FileEngine engine;
  final FileKernel kernel;
  final Fd fd;
  final FileDescription description;
  final String path;
  final OpenOptions options;

  /** What positions and lengths must be multiples of; 1 unless the file was opened for direct I/O. */
  final int alignment;

  /** Whether the file is on a block device of this machine, so that what the kernel knows of it is in memory, and asking does not wait. */
  final boolean local;

  /** The size of the file when it was opened, in bytes; 0 for what has none. */
  final long openedSize;

  /** Whether reads may be tried on the spot; false once the file system has said that it cannot tell what would wait. */
  volatile boolean readsOnTheSpot;

  /** As {@link #readsOnTheSpot}, for writes. */
  volatile boolean writesOnTheSpot;

  /*
   * Whether the open file has O_NONBLOCK, with which it was opened (see Opening): a ring takes it for one whose calls never wait, and answers EAGAIN. It is taken away before the first call that
   * may wait; most files are read from the cache and closed without one.
   */
  private volatile boolean nonBlocking;

  private final Oneshot<Integer> closeResult = Oneshot.create();
  private final SpinLock lock = new SpinLock();
  private @Nullable FileOperation first; // under the lock; a list through FileOperation.next
  private volatile boolean closed;
  private volatile LeakTracker.@Nullable Opening opening; // kept here until the context lets this go

  /** Takes over {@code number}, an open file. */
  FileHandle(Epollo epollo, FileContext context, FileEngine engine, int number, FileDescription description,
      String path,
      OpenOptions options, int alignment, boolean local, long openedSize) {
    this.epollo = epollo;
    this.context = context;
    this.engine = engine;
    this.kernel = context.kernel();
    this.fd = new Fd(number, this::giveBack);
    this.description = description;
    this.path = path;
    this.options = options;
    this.alignment = alignment;
    this.local = local;
    this.openedSize = openedSize;
    this.readsOnTheSpot = alignment == 1; // what goes past the page cache always waits
    this.writesOnTheSpot = alignment == 1 && !options.syncsWrites();
  }

  /** Says that the file was opened with O_NONBLOCK, which must not be there when a call waits. */
  void openedNonBlocking() {
    nonBlocking = true;
  }

  private void mayWaitNow() {
    int _ = context.loop().kernel().fcntl(fd.number(), FileFlags.F_SETFL, options.flags() & ~FileFlags.O_NONBLOCK);
    nonBlocking = false; // after the call: whoever sees this may wait at once
  }

  /** Names the object whose part it is to close this, where it is made; whoever uses this to close it must refer to that, and this must not. */
  void ownedBy(Object owner) {
    LeakTracker leaks = context.loop().driver().leaks();
    if (leaks != null) {
      opening = leaks.open(fd, this::isOpen, owner);
    }
  }

  /** Another number for the same open file. */
  FileHandle duplicate() throws IOException {
    Fd original = acquire();
    try {
      int number = context.loop().kernel().fcntl(original.number(), FileFlags.F_DUPFD_CLOEXEC, 0);
      if (number < 0) {
        throw failed("fcntl(F_DUPFD_CLOEXEC)", number);
      }
      description.locks.duplicated();
      if (nonBlocking) {
        mayWaitNow(); // for both
      }
      return new FileHandle(epollo, context, engine, number, description, path, options, alignment, local,
          openedSize);
    } finally {
      original.release();
    }
  }

  /** Keeps the number until {@code fd.release()}, or throws. */
  Fd acquire() throws IOException {
    if (!fd.acquire()) {
      throw ClosedChannel.exception(this);
    }
    return fd;
  }

  /** Keeps the number for {@code operation} until {@link #leave}, and wakes it when the file is closed. */
  void enter(FileOperation operation) throws IOException {
    Fd _ = acquire();
    if (nonBlocking) {
      mayWaitNow(); // by two threads, if so: that does no harm
    }
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

  /** Called when the loop is closed. */
  @Override
  public void close() {
    LeakTracker.Opening remembered = opening;
    if (remembered != null) {
      remembered.isLeftOpen();
    }
    boolean _ = beginClose();
  }

  /** Says that no operation begins any more, and wakes those under way. Does not wait for them: the number is given back when the last has ended. False if that was said before. */
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
    context.remove(this);
    fd.close();
    for (FileOperation operation : waiting) {
      operation.wake();
    }
    return true;
  }

  /** What close(2) answers, once; {@code -errno} if it has an error to tell. */
  OneshotReceiver<Integer> closeResult() {
    return closeResult.receiver();
  }

  /** Closes the number; if that may wait, and this thread must not, by the engine. */
  private void giveBack(int number) {
    if (options.writes() && Loop.currentOrNull() != null) {
      new CloseCall(this, number).start();
    } else {
      closed(closeNow(number));
    }
  }

  /** Makes the call on this thread. */
  int closeNow(int number) {
    description.locks.releaseAll(this, kernel, number);
    return context.loop().kernel().close(number);
  }

  /** The number is given back; a signal that came meanwhile says nothing of the file. */
  void closed(int result) {
    int errno = Errno.isInterrupted(-result) ? 0 : result;
    if (errno < 0) {
      description.noteFailure("close", path, -errno);
    }
    var _ = closeResult.sender().send(errno);
  }

  /** The exception for a failed call. */
  IOException failed(String call, long result) {
    if (result == -Errno.EAGAIN) {
      return new FileSystemException(path, null, call + " failed: EAGAIN (" + Errno.EAGAIN
          + "): a device that has nothing now and may have later: use AsyncFd, which waits for it");
    }
    return Errno.toFileException(call, path, null, (int) -result);
  }

  @Override
  public String toString() {
    return "AsyncFile[" + path + "]";
  }
}
