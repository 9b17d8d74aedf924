package io.github.epollo.fs;

import io.github.epollo.fs.engine.FileCall;
import io.github.epollo.fs.engine.FileContext;
import io.github.epollo.fs.engine.NativeBuffer;
import io.github.epollo.fs.engine.SubmissionEntry;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.FileKernel;
import io.github.epollo.runtime.kernel.IoUring;
import java.io.IOException;

/** An openat(2) that may wait. What was opened and is not taken is closed. */
final class OpenCall extends FileCall {
  private final FileContext context;
  private final NativeBuffer path;
  private final int flags;
  private final int mode;
  private final boolean unlinks;

  /**
   * A call.
   *
   * @param path holds the path and a zero byte; the call's from here on
   * @param unlinks whether the name is removed at once
   */
  OpenCall(FileContext context, NativeBuffer path, int flags, int mode, boolean unlinks) throws IOException {
    super(context.engine(), context.kernel());
    this.context = context;
    this.path = path;
    this.flags = flags;
    this.mode = mode;
    this.unlinks = unlinks;
  }

  @Override
  protected long call(FileKernel kernel) {
    int number = kernel.openat(FileFlags.AT_FDCWD, path.address(), flags, mode);
    if (number >= 0 && unlinks) {
      int result = kernel.unlinkat(FileFlags.AT_FDCWD, path.address(), 0);
      if (result < 0) {
        discard(kernel, number);
        return result;
      }
    }
    return number;
  }

  @Override
  protected boolean describe(SubmissionEntry entry) {
    if (unlinks) {
      return false;
    }
    SubmissionEntry _ = entry.operation(IoUring.OP_OPENAT, FileFlags.AT_FDCWD).address(path.address()).length(mode)
        .operationFlags(flags);
    return true;
  }

  @Override
  protected void discard(FileKernel kernel, long result) {
    int _ = context.loop().kernel().close((int) result);
  }

  @Override
  protected void release() {
    context.names().give(path);
  }
}
