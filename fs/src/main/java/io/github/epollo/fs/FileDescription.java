package io.github.epollo.fs;

import io.github.epollo.runtime.kernel.Errno;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel keeps once for a file and its duplicates: its locks, and whether data was lost.
 *
 * <p><b>Threading:</b> every method may be called from any thread.
 */
final class FileDescription {
  /*
   * The kernel reports that data could not be written back to the next fsync(2) and then forgets it; the pages count as clean, and another fsync(2) succeeds. So it is remembered here: once data
   * may be lost, no write and no sync of this open file succeeds any more.
   */
  private final AtomicReference<@Nullable IOException> loss = new AtomicReference<>();

  final FileLocks locks = new FileLocks();

  /** Notes that {@code call} failed with {@code errno}, if that means that data may be lost. */
  void noteFailure(String call, String path, int errno) {
    if (Errno.mayHaveLostData(errno)) {
      loss.compareAndSet(null, Errno.toFileException(call, path, null, errno));
    }
  }

  /** Throws if data may have been lost before. */
  void requireNoLoss(String path) throws IOException {
    IOException first = loss.get();
    if (first != null) {
      FileSystemException exception = new FileSystemException(path, null,
          "an earlier write or sync failed, so that data written before may be lost, and no later one can change that: open the file anew and write all of it again");
      exception.initCause(first);
      throw exception;
    }
  }
}
