package io.github.epollo.fs;

import io.github.epollo.fs.engine.SubmissionEntry;
import io.github.epollo.runtime.kernel.Fd;
import io.github.epollo.runtime.kernel.FileKernel;
import io.github.epollo.runtime.kernel.IoUring;

/** Moves bytes from a pipe into a file. */
final class SpliceOperation extends FileOperation {
  private final Fd pipe;
  private final long position;
  private final int length;

  /** {@code pipe} was acquired for this, and is released when the kernel uses it no more. */
  SpliceOperation(FileHandle file, Fd pipe, long position, int length) {
    super(file, "splice", true);
    this.pipe = pipe;
    this.position = position;
    this.length = length;
  }

  @Override
  protected long call(FileKernel kernel) {
    return kernel.splice(pipe.number(), -1, file.fd.number(), position, length, 0);
  }

  @Override
  protected boolean describe(SubmissionEntry entry) {
    SubmissionEntry _ = entry.operation(IoUring.OP_SPLICE, file.fd.number()).offset(position)
        .spliceFrom(pipe.number()).address(-1).length(length);
    return true;
  }

  @Override
  protected void answered(long result) {
    WriteOperation.noteFailure(file, result);
    super.answered(result);
  }

  /** How many bytes were moved. */
  @Override
  protected long finish(long result) {
    return result;
  }

  @Override
  protected void free() {
    pipe.release();
  }
}
