package io.github.epollo.fs;

import io.github.epollo.fs.engine.NativeBuffer;
import io.github.epollo.fs.engine.SubmissionEntry;
import io.github.epollo.runtime.kernel.FileKernel;
import io.github.epollo.runtime.kernel.IoUring;
import java.nio.ByteBuffer;

/** A pread(2) that may wait. */
final class ReadOperation extends FileOperation {
  private final ByteBuffer[] targets;
  private final int offset;
  private final int length;
  private final long position;
  private final NativeBuffer memory;
  private final int wanted;

  ReadOperation(FileHandle file, ByteBuffer[] targets, int offset, int length, long position) {
    super(file, "pread", false);
    this.targets = targets;
    this.offset = offset;
    this.length = length;
    this.position = position;
    this.memory = file.context.data().take();
    this.wanted = (int) Math.min(TransferBuffers.remaining(targets, offset, length), memory.size());
  }

  @Override
  protected long call(FileKernel kernel) {
    return kernel.pread(file.fd.number(), memory.address(), wanted, position);
  }

  @Override
  protected boolean describe(SubmissionEntry entry) {
    SubmissionEntry _ = entry.operation(IoUring.OP_READ, file.fd.number()).address(memory.address()).length(wanted)
        .offset(position);
    return true;
  }

  /** How many bytes came, or -1 at the end. */
  @Override
  protected long finish(long result) {
    TransferBuffers.scatter(memory, (int) result, targets, offset, length);
    return result == 0 ? -1 : result;
  }

  @Override
  protected void free() {
    file.context.data().give(memory);
  }
}
