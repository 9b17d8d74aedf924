package io.github.epollo.fs;

import io.github.epollo.fs.engine.FileCall;
import io.github.epollo.fs.engine.FileContext;
import io.github.epollo.fs.engine.NativeBuffer;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.FileKernel;
import java.io.IOException;

/** A mkfifoat(3): rings know no such call. */
final class FifoCall extends FileCall {
  private final FileContext context;
  private final NativeBuffer path;
  private final int mode;

  /** {@code path}, which the call owns from here on, holds the path and a zero byte. */
  FifoCall(FileContext context, NativeBuffer path, int mode) throws IOException {
    super(context.engine(), context.kernel());
    this.context = context;
    this.path = path;
    this.mode = mode;
  }

  @Override
  protected long call(FileKernel kernel) {
    return kernel.mkfifoat(FileFlags.AT_FDCWD, path.address(), mode);
  }

  @Override
  protected void release() {
    context.names().give(path);
  }
}
