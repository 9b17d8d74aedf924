package io.github.epollo.testkit.sim.disk;

import io.github.epollo.runtime.kernel.FileFlags;
import org.jspecify.annotations.Nullable;

/** A named pipe: a name for a pipe that exists while somebody has it open. */
public final class Fifo extends Node {
  private @Nullable Object pipe;

  Fifo(Disk disk, int permissions) {
    super(disk, FileFlags.S_IFIFO | permissions);
  }

  /** The pipe that those who have opened it share, or null; its type is {@code sim.files}' own. */
  public @Nullable Object pipe() {
    return pipe;
  }

  /** See {@link #pipe()}. */
  public void pipe(@Nullable Object pipe) {
    this.pipe = pipe;
  }

  @Override
  public long size() {
    return 0;
  }
}
