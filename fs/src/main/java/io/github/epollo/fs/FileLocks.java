package io.github.epollo.fs;

import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.FileKernel;
import io.github.epollo.runtime.sync.SpinLock;
import java.nio.channels.OverlappingFileLockException;
import java.util.ArrayList;
import java.util.List;

/**
 * The locks of an open file and its duplicates, those that are waited for too. The kernel would let a second one take the first one's place, so overlapping ones are refused here.
 *
 * <p><b>Threading:</b> every method may be called from any thread.
 */
final class FileLocks {
  private final SpinLock lock = new SpinLock();
  private final List<AsyncFileLock> locks = new ArrayList<>(); // under the lock
  private volatile boolean duplicated;

  /** Says that closing one of the files leaves its locks to the others. */
  void duplicated() {
    duplicated = true;
  }

  /**
   * Adds a lock that is about to be asked for.
   *
   * @return false if one is in the way that nobody wants any more, and that the kernel may still give: soon it will be gone
   * @throws OverlappingFileLockException if one is in the way that is held or waited for
   */
  boolean add(AsyncFileLock added) {
    AsyncFileLock overlapping = null;
    lock.lock();
    try {
      for (AsyncFileLock other : locks) {
        if (other.overlaps(added) && (overlapping == null || overlapping.isLeaving())) {
          overlapping = other;
        }
      }
      if (overlapping == null) {
        locks.add(added);
        return true;
      }
    } finally {
      lock.unlock();
    }
    if (overlapping.isLeaving()) {
      return false;
    }
    throw new Overlapping("cannot have " + added + ": this program holds " + overlapping
        + ", or waits for it, with the same open file; close that one first, or open the file again for a lock of its own");
  }

  void remove(AsyncFileLock removed) {
    lock.lock();
    try {
      locks.remove(removed);
    } finally {
      lock.unlock();
    }
  }

  /** Whether closing {@code file} leaves locks of it behind. */
  boolean isHeldBy(FileHandle file) {
    if (!duplicated) {
      return false;
    }
    lock.lock();
    try {
      for (AsyncFileLock held : locks) {
        if (held.file() == file) {
          return true;
        }
      }
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Gives the locks of {@code file} back, whose {@code number} is about to be closed. */
  void releaseAll(FileHandle file, FileKernel kernel, int number) {
    List<AsyncFileLock> left = new ArrayList<>();
    lock.lock();
    try {
      locks.removeIf(held -> {
        boolean its = held.file() == file;
        if (its) {
          left.add(held);
        }
        return its;
      });
    } finally {
      lock.unlock();
    }
    if (duplicated) {
      for (AsyncFileLock held : left) {
        int _ = kernel.lock(number, FileFlags.F_OFD_SETLK, FileFlags.F_UNLCK, held.position(), held.kernelLength());
      }
    }
  }

  private static final class Overlapping extends OverlappingFileLockException {
    private static final long serialVersionUID = 1;
    private final String message;

    Overlapping(String message) {
      this.message = message;
    }

    @Override
    public String getMessage() {
      return message;
    }
  }
}
