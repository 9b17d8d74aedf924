package io.github.epollo.fs;

import io.github.epollo.fs.engine.SubmissionEntry;
import io.github.epollo.runtime.kernel.FileKernel;
import io.github.epollo.runtime.kernel.IoUring;

/** Brings a part of a file into the page cache. */
final class LoadOperation extends FileOperation {
  private final long position;
  private final long length;

  LoadOperation(FileHandle file, long position, long length) {
    super(file, "preadv2", false);
    this.position = position;
    this.length = length;
  }

  @Override
  protected long call(FileKernel kernel) {
    return ResidentProbe.load(kernel, file.fd.number(), position, length);
  }

  @Override
  protected boolean describe(SubmissionEntry entry) {
    SubmissionEntry _ = entry.operation(IoUring.OP_READV, file.fd.number()).address(ResidentProbe.vectorsAddress())
        .length(ResidentProbe.count(length)).offset(position);
    return true;
  }

  /** How many bytes are there; 0 at the end of the file. */
  @Override
  protected long finish(long result) {
    return result;
  }
}
