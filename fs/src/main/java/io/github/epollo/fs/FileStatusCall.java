package io.github.epollo.fs;

import io.github.epollo.fs.engine.NativeBuffer;
import io.github.epollo.fs.engine.SubmissionEntry;
import io.github.epollo.runtime.kernel.Fd;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.FileKernel;
import io.github.epollo.runtime.kernel.FileStatus;
import io.github.epollo.runtime.kernel.IoUring;
import java.io.IOException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A statx(2) of an open file that may wait: a server is asked. */
final class FileStatusCall extends FileOperation {
  private static final int MASK = FileStatus.BASIC | FileStatus.BIRTH_TIME;
  private static final int EMPTY_PATH = FileStatus.SIZE; // where a zero byte stands

  private final NativeBuffer memory;
  private @Nullable FileMetadata metadata;

  FileStatusCall(FileHandle file) {
    super(file, "statx", false);
    this.memory = file.context.names().take();
    memory.bytes().put(EMPTY_PATH, (byte) 0);
  }

  @Override
  protected long call(FileKernel kernel) {
    return kernel.statx(file.fd.number(), memory.address() + EMPTY_PATH, FileFlags.AT_EMPTY_PATH, MASK,
        memory.address());
  }

  @Override
  protected boolean describe(SubmissionEntry entry) {
    SubmissionEntry _ = entry.operation(IoUring.OP_STATX, file.fd.number()).address(memory.address() + EMPTY_PATH)
        .length(MASK).offset(memory.address()).operationFlags(FileFlags.AT_EMPTY_PATH);
    return true;
  }

  /** The size. */
  @Override
  protected long finish(long result) {
    FileMetadata found = FileMetadata.of(FileStatus.at(memory.address()));
    metadata = found;
    return found.size();
  }

  /** What was found, once the result was taken. */
  FileMetadata metadata() {
    FileMetadata found = metadata;
    if (found == null) {
      throw new IllegalStateException("no result yet: " + this);
    }
    return found;
  }

  @Override
  protected void free() {
    file.context.names().give(memory);
  }

  /** The size as this machine knows it, which is right unless a server's file is changed elsewhere. Does not wait. */
  static long sizeOnTheSpot(FileHandle file) throws IOException {
    return onTheSpot(file, FileStatus::size);
  }

  /** As {@link #sizeOnTheSpot}. */
  static FileMetadata metadataOnTheSpot(FileHandle file) throws IOException {
    return onTheSpot(file, FileMetadata::of);
  }

  private static <T> T onTheSpot(FileHandle file, Function<FileStatus, T> part) throws IOException {
    Fd fd = file.acquire();
    NativeBuffer memory = file.context.names().take();
    try {
      int result = file.kernel.statx(fd.number(), 0, FileFlags.AT_EMPTY_PATH | FileFlags.AT_STATX_DONT_SYNC, MASK,
          memory.address());
      if (result < 0) {
        throw file.failed("statx", result);
      }
      return part.apply(FileStatus.at(memory.address()));
    } finally {
      file.context.names().give(memory);
      fd.release();
    }
  }
}
