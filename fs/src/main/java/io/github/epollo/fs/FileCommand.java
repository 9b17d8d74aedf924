package io.github.epollo.fs;

import io.github.epollo.fs.engine.SubmissionEntry;
import io.github.epollo.runtime.kernel.FileKernel;
import org.jspecify.annotations.Nullable;

/** A call on an open file that takes and gives numbers only. */
class FileCommand extends FileOperation {
  private final Call call;
  private final @Nullable Description description;

  /**
   * A call.
   *
   * @param name for messages
   * @param changes whether its outcome must be known, see {@link FileOperation}
   * @param description how a ring makes it, or null if rings cannot
   */
  FileCommand(FileHandle file, String name, boolean changes, Call call, @Nullable Description description) {
    super(file, name, changes);
    this.call = call;
    this.description = description;
  }

  @Override
  protected final long call(FileKernel kernel) {
    return call.make(kernel, file.fd.number());
  }

  @Override
  protected final boolean describe(SubmissionEntry entry) {
    if (description == null) {
      return false;
    }
    SubmissionEntry _ = description.into(entry, file.fd.number());
    return true;
  }

  @Override
  protected long finish(long result) {
    return result;
  }

  /** The call as a thread makes it. */
  interface Call {
    long make(FileKernel kernel, int fd);
  }

  /** The call as a ring makes it. */
  interface Description {
    SubmissionEntry into(SubmissionEntry entry, int fd);
  }
}
