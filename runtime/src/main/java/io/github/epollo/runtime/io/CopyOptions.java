package io.github.epollo.runtime.io;

import java.util.Objects;
import java.util.function.LongConsumer;

/** How a {@link ByteCopy} copies. Immutable: each {@code with...} returns a changed copy of {@link #defaults()}. */
public final class CopyOptions {
  private static final CopyOptions DEFAULTS = new CopyOptions(16 * 1024, Long.MAX_VALUE, _ -> {});

  private final int bufferSize;
  private final long limit;
  private final LongConsumer progress;

  private CopyOptions(int bufferSize, long limit, LongConsumer progress) {
    this.bufferSize = bufferSize;
    this.limit = limit;
    this.progress = progress;
  }

  /** 16 KiB at a time, up to the end. */
  public static CopyOptions defaults() {
    return DEFAULTS;
  }

  /**
   * How many bytes are under way at most, in each direction.
   *
   * @throws IllegalArgumentException unless positive
   */
  public CopyOptions withBufferSize(int bufferSize) {
    if (bufferSize <= 0) {
      throw new IllegalArgumentException("the buffer size must be positive: " + bufferSize);
    }
    return new CopyOptions(bufferSize, limit, progress);
  }

  /**
   * Copies so many bytes at most, in each direction, and reads no further.
   *
   * @throws IllegalArgumentException if negative
   */
  public CopyOptions withLimit(long limit) {
    if (limit < 0) {
      throw new IllegalArgumentException("the limit must not be negative: " + limit);
    }
    return new CopyOptions(bufferSize, limit, progress);
  }

  /**
   * Calls {@code progress} with the number of bytes after each write, on the task that copies: to count, or to put off an idle timeout. It must not wait; what it
   * throws ends the copy.
   */
  public CopyOptions withProgress(LongConsumer progress) {
    return new CopyOptions(bufferSize, limit, Objects.requireNonNull(progress, "progress"));
  }

  int bufferSize() {
    return bufferSize;
  }

  long limit() {
    return limit;
  }

  LongConsumer progress() {
    return progress;
  }

  @Override
  public String toString() {
    return "CopyOptions[bufferSize=" + bufferSize + (limit == Long.MAX_VALUE ? "" : ", limit=" + limit) + "]";
  }
}
