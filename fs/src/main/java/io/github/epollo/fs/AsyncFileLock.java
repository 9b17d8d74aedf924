package io.github.epollo.fs;

import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.Fd;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.FileKernel;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A lock on a part of a file, from {@link AsyncFile#lock}: one of the open file, not of the process, so that two parts of one program that opened the file each for itself exclude one another, too.
 * Advisory: who does not ask for a lock is not kept away. Closing gives it back, and so does closing the file.
 *
 * <p><b>Threading:</b> every method may be called from any thread.
 */
public final class AsyncFileLock implements AutoCloseable {
  private final FileHandle file;
  private final long position;
  private final long size;
  private final boolean shared;
  private final AtomicBoolean released = new AtomicBoolean();
  private volatile boolean leaving;

  AsyncFileLock(FileHandle file, long position, long size, boolean shared) {
    if (position < 0 || size <= 0) {
      throw new IllegalArgumentException("cannot lock " + size + " bytes at " + position
          + ": give a position that is not negative, and a size that is positive; Long.MAX_VALUE is to the end");
    }
    this.file = file;
    this.position = position;
    this.size = Math.min(size, Long.MAX_VALUE - position);
    this.shared = shared;
  }

  FileHandle file() {
    return file;
  }

  /** Where it begins. */
  public long position() {
    return position;
  }

  /** How many bytes it covers; {@code Long.MAX_VALUE} less the position if it goes to the end, however far that grows. */
  public long size() {
    return size;
  }

  /** Whether others may have such a lock, too. */
  public boolean isShared() {
    return shared;
  }

  /** Whether neither it nor the file was closed. */
  public boolean isValid() {
    return !released.get() && file.isOpen();
  }

  boolean overlaps(AsyncFileLock other) {
    return position < other.position + other.size && other.position < position + size;
  }

  /** 0 stands for the end there. */
  long kernelLength() {
    return size == Long.MAX_VALUE - position ? 0 : size;
  }

  /** Asks for it once: 1 if it is had, 0 if another file has one in the way, or {@code -errno}. */
  int attempt(FileKernel kernel, int number) {
    int result = kernel.lock(number, FileFlags.F_OFD_SETLK, shared ? FileFlags.F_RDLCK : FileFlags.F_WRLCK, position,
        kernelLength());
    return result == -Errno.EAGAIN || result == -Errno.EACCES ? 0 : result < 0 ? result : 1;
  }

  int undo(FileKernel kernel, int number) {
    return kernel.lock(number, FileFlags.F_OFD_SETLK, FileFlags.F_UNLCK, position, kernelLength());
  }

  /** Nobody wants it any more, but the kernel was asked. */
  void leave() {
    leaving = true;
  }

  boolean isLeaving() {
    return leaving;
  }

  /** It was not had. */
  void drop() {
    if (released.compareAndSet(false, true)) {
      file.description.locks.remove(this);
    }
  }

  /**
   * Gives the lock back. Idempotent.
   *
   * <p><b>Cancellation:</b> is held back until it is given back.
   *
   * @throws IOException if the server of the file cannot be reached
   */
  @Override
  public void close() throws IOException {
    if (!released.compareAndSet(false, true)) {
      return;
    }
    Fd fd = file.fd;
    if (!fd.acquire()) {
      return; // closing the file did it
    }
    try {
      if (file.local) {
        int result = undo(file.kernel, fd.number());
        if (result < 0) {
          throw file.failed("fcntl(F_OFD_SETLK)", result);
        }
      } else {
        long _ = new FileCommand(file, "fcntl(F_OFD_SETLK)", true, this::undo, null).await(Awaiter.current());
      }
    } finally {
      file.description.locks.remove(this);
      fd.release();
    }
  }

  /** As in {@code shared lock on 0..99 of AsyncFile[a]}. */
  @Override
  public String toString() {
    return (shared ? "a shared lock on " : "an exclusive lock on ") + position + ".."
        + (kernelLength() == 0 ? "" : position + size - 1) + " of " + file;
  }
}
