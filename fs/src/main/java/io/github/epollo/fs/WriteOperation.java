package io.github.epollo.fs;

import io.github.epollo.fs.engine.NativeBuffer;
import io.github.epollo.fs.engine.SubmissionEntry;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileKernel;
import io.github.epollo.runtime.kernel.IoUring;
import java.nio.ByteBuffer;

/** A pwrite(2) that may wait. */
final class WriteOperation extends FileOperation {
  private final ByteBuffer[] sources;
  private final int offset;
  private final int length;
  private final long position;
  private final NativeBuffer memory;
  private final int copied;

  WriteOperation(FileHandle file, ByteBuffer[] sources, int offset, int length, long position) {
    super(file, "pwrite", true);
    this.sources = sources;
    this.offset = offset;
    this.length = length;
    this.position = position;
    this.memory = file.context.data().take();
    this.copied = TransferBuffers.gather(sources, offset, length, memory);
  }

  @Override
  protected long call(FileKernel kernel) {
    return kernel.pwrite(file.fd.number(), memory.address(), copied, position);
  }

  @Override
  protected boolean describe(SubmissionEntry entry) {
    SubmissionEntry _ = entry.operation(IoUring.OP_WRITE, file.fd.number()).address(memory.address()).length(copied)
        .offset(position);
    return true;
  }

  @Override
  protected void answered(long result) {
    noteFailure(file, result);
    super.answered(result);
  }

  /** A full device is not a loss: nothing that was accepted is gone. That the device has failed is one, and so is anything where each write waits for the device. */
  static void noteFailure(FileHandle file, long result) {
    if (result == -Errno.EIO || (result < 0 && file.options.syncsWrites())) {
      file.description.noteFailure("pwrite", file.path, (int) -result);
    }
  }

  /** How many bytes were written. */
  @Override
  protected long finish(long result) {
    TransferBuffers.advance((int) result, sources, offset, length);
    return result;
  }

  @Override
  protected void free() {
    file.context.data().give(memory);
  }
}
