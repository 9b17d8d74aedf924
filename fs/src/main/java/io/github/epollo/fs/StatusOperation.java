package io.github.epollo.fs;

import io.github.epollo.fs.engine.NativeBuffer;
import io.github.epollo.fs.engine.SubmissionEntry;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.FileKernel;
import io.github.epollo.runtime.kernel.FileStatus;
import io.github.epollo.runtime.kernel.IoUring;

/** A statx(2) of an open file that may wait. */
final class StatusOperation extends FileOperation {
  private static final int EMPTY_PATH = FileStatus.SIZE; // where a zero byte stands

  private final NativeBuffer memory;

  StatusOperation(FileHandle file) {
    super(file, "statx", false);
    this.memory = file.context.names().take();
    memory.bytes().put(EMPTY_PATH, (byte) 0);
  }

  @Override
  protected long call(FileKernel kernel) {
    return kernel.statx(file.fd.number(), memory.address() + EMPTY_PATH, FileFlags.AT_EMPTY_PATH,
        FileStatus.BASIC | FileStatus.BIRTH_TIME, memory.address());
  }

  @Override
  protected boolean describe(SubmissionEntry entry) {
    SubmissionEntry _ = entry.operation(IoUring.OP_STATX, file.fd.number()).address(memory.address() + EMPTY_PATH)
        .length(FileStatus.BASIC | FileStatus.BIRTH_TIME).offset(memory.address())
        .operationFlags(FileFlags.AT_EMPTY_PATH);
    return true;
  }

  /** The size. */
  @Override
  protected long finish(long result) {
    return FileStatus.at(memory.address()).size();
  }

  @Override
  protected void free() {
    file.context.names().give(memory);
  }
}
