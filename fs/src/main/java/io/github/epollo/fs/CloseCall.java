package io.github.epollo.fs;

import io.github.epollo.fs.engine.FileCall;
import io.github.epollo.fs.engine.SubmissionEntry;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileKernel;
import io.github.epollo.runtime.kernel.IoUring;

/** A close(2) that may wait: for what was written to reach a server, or for a large file that was deleted. Nobody can cancel it. */
final class CloseCall extends FileCall {
  private final FileHandle file;
  private final int number;

  CloseCall(FileHandle file, int number) {
    super(file.engine, file.kernel);
    this.file = file;
    this.number = number;
  }

  void start() {
    boolean _ = poll(() -> {}); // who waits, waits for the handle to say what came of it
  }

  @Override
  protected long call(FileKernel kernel) {
    return file.closeNow(number);
  }

  @Override
  protected boolean describe(SubmissionEntry entry) {
    if (file.description.locks.isHeldBy(file)) {
      return false; // they are given back first
    }
    SubmissionEntry _ = entry.operation(IoUring.OP_CLOSE, number);
    return true;
  }

  /** A number is free whatever close(2) answers: the next call could close a stranger's. */
  @Override
  protected boolean isRepeatable() {
    return false;
  }

  @Override
  protected void answered(long result) {
    // An engine that is closed makes no calls any more.
    file.closed(result == -Errno.ECANCELED ? file.closeNow(number) : (int) result);
  }
}
