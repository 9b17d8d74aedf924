package io.github.epollo.fs;

import io.github.epollo.fs.engine.FileCall;
import io.github.epollo.fs.engine.FileContext;
import io.github.epollo.fs.engine.NativeBuffer;
import io.github.epollo.fs.engine.SubmissionEntry;
import io.github.epollo.runtime.kernel.Fd;
import io.github.epollo.runtime.kernel.FileKernel;
import io.github.epollo.runtime.kernel.IoUring;
import io.github.epollo.runtime.kernel.Kernel;
import java.io.IOException;

/** A read(2) that may wait, at the position that the file itself has. */
final class SequentialCall extends FileCall {
  final NativeBuffer memory;

  private final FileContext context;
  private final Kernel kernel;
  private final Fd fd;
  private final int length;

  /** {@code fd} was acquired for this call. */
  SequentialCall(FileContext context, Fd fd, int length) throws IOException {
    super(context.engine(), context.kernel());
    this.context = context;
    this.kernel = context.loop().kernel();
    this.fd = fd;
    this.memory = context.data().take();
    this.length = Math.min(length, memory.size());
  }

  @Override
  protected long call(FileKernel files) {
    return kernel.read(fd.number(), memory.address(), length);
  }

  @Override
  protected boolean describe(SubmissionEntry entry) {
    SubmissionEntry _ = entry.operation(IoUring.OP_READ, fd.number()).address(memory.address()).length(length)
        .offset(-1);
    return true;
  }

  @Override
  protected void release() {
    context.data().give(memory);
    fd.release();
  }
}
