package io.github.epollo.fs;

import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.FileKernel;
import io.github.epollo.runtime.kernel.IoVectors;
import java.lang.foreign.Arena;

/**
 * Tells how much of a file can be read without waiting, and brings it there: by reads whose vectors all point to one page that nobody looks at. One call covers a whole window, and the page stays in the processor's
 * first cache.
 *
 * <p><b>Threading:</b> any; that calls overwrite each other's bytes does not matter.
 */
final class ResidentProbe {
  /** Bytes that one call covers at the most. */
  static final int WINDOW = 128 * 1024;

  private static final int PAGE = 4096;
  private static final int COUNT = WINDOW / PAGE;
  private static final long VECTORS = vectors();

  private ResidentProbe() {}

  private static long vectors() {
    long page = Arena.global().allocate(PAGE, PAGE).address();
    IoVectors vectors = new IoVectors(Arena.global(), COUNT);
    for (int i = 0; i < COUNT; i++) {
      vectors.put(i, page, PAGE);
    }
    return vectors.address();
  }

  /** How many of the {@code length} bytes from {@code position} on are in the page cache, 0 at the end of the file, or {@code -errno}: {@code EAGAIN} if the first is not. */
  static long probe(FileKernel kernel, int fd, long position, long length) {
    return Math.min(read(kernel, fd, position, length, FileFlags.RWF_NOWAIT), length);
  }

  /** Reads them into the page cache, which may block; how many, 0 at the end, or {@code -errno}. */
  static long load(FileKernel kernel, int fd, long position, long length) {
    return Math.min(read(kernel, fd, position, length, 0), length);
  }

  private static long read(FileKernel kernel, int fd, long position, long length, int flags) {
    return kernel.preadv2(fd, VECTORS, count(length), position, flags);
  }

  /** The address of the vectors. */
  static long vectorsAddress() {
    return VECTORS;
  }

  /** How many vectors it takes for {@code length} bytes. */
  static int count(long length) {
    return (int) ((Math.min(length, WINDOW) + PAGE - 1) / PAGE);
  }
}
