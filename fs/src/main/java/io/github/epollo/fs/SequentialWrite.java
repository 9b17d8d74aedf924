package io.github.epollo.fs;

import io.github.epollo.fs.engine.NativeBuffer;
import io.github.epollo.fs.engine.SubmissionEntry;
import io.github.epollo.runtime.kernel.FileKernel;
import io.github.epollo.runtime.kernel.IoUring;
import java.nio.ByteBuffer;

/** A write(2) that may wait, at the position that the file itself has. */
final class SequentialWrite extends FileOperation {
  private final ByteBuffer source;
  private final NativeBuffer memory;
  private final int length;

  SequentialWrite(FileHandle file, ByteBuffer source) {
    super(file, "write", true);
    this.source = source;
    this.memory = file.context.data().take();
    this.length = Math.min(source.remaining(), memory.size());
    memory.bytes().put(0, source, source.position(), length);
  }

  @Override
  protected long call(FileKernel kernel) {
    return file.context.loop().kernel().write(file.fd.number(), memory.address(), length);
  }

  @Override
  protected boolean describe(SubmissionEntry entry) {
    SubmissionEntry _ = entry.operation(IoUring.OP_WRITE, file.fd.number()).address(memory.address()).length(length)
        .offset(-1);
    return true;
  }

  /** How many bytes were written. */
  @Override
  protected long finish(long result) {
    source.position(source.position() + (int) result);
    return result;
  }

  @Override
  protected void free() {
    file.context.data().give(memory);
  }
}
