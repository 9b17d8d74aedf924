package io.github.epollo.fs;

import io.github.epollo.fs.engine.FileContext;
import io.github.epollo.fs.engine.NativeBuffer;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.FileStatus;
import java.io.IOException;

/** What an open descriptor is. */
final class FdStatus {
  private FdStatus() {}

  /** The {@code S_IF} bits of its mode, from what the kernel has in memory. */
  static int type(FileContext context, int number) throws IOException {
    NativeBuffer memory = context.names().take();
    try {
      int result = context.kernel().statx(number, 0, FileFlags.AT_EMPTY_PATH | FileFlags.AT_STATX_DONT_SYNC,
          FileStatus.BASIC, memory.address());
      if (result < 0) {
        throw Errno.toFileException("statx", "fd " + number, null, -result);
      }
      return FileStatus.at(memory.address()).mode() & FileFlags.S_IFMT;
    } finally {
      context.names().give(memory);
    }
  }
}
