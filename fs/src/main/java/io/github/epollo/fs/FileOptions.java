package io.github.epollo.fs;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a runtime makes calls on files. Immutable: each {@code with...} returns a changed copy.
 *
 * {@snippet file="io/github/epollo/fs/SnippetsTest.java" region="options"}
 */
public final class FileOptions {
  private static final FileOptions DEFAULTS = new FileOptions(null, 4, 64, 4);

  private final @Nullable FileBackend backend;
  private final int threads;
  private final int ringEntries;
  private final int ringWorkers;

  private FileOptions(@Nullable FileBackend backend, int threads, int ringEntries, int ringWorkers) {
    this.backend = backend;
    this.threads = threads;
    this.ringEntries = ringEntries;
    this.ringWorkers = ringWorkers;
  }

  /** A ring where the kernel lets the process have one, else threads. */
  public static FileOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Forces the choice. With {@link FileBackend#RING}, the first call on a file fails where there is no ring to be had; operations that rings lack are still made by threads.
   */
  public FileOptions withBackend(FileBackend backend) {
    return new FileOptions(Objects.requireNonNull(backend, "backend"), threads, ringEntries, ringWorkers);
  }

  /**
   * How many threads there may be at most for calls on files; 4 by default. Calls beyond that wait for one.
   *
   * @throws IllegalArgumentException if not positive
   */
  public FileOptions withThreads(int max) {
    return new FileOptions(backend, requirePositive("threads", max), ringEntries, ringWorkers);
  }

  /**
   * How many calls a loop hands to its ring at a time; 64 by default, rounded up to a power of two. More wait for the next turn.
   *
   * @throws IllegalArgumentException if not positive, or more than 32768
   */
  public FileOptions withRingEntries(int entries) {
    if (requirePositive("ring entries", entries) > 32768) {
      throw new IllegalArgumentException("cannot make a ring of " + entries + " entries: the kernel takes up to 32768");
    }
    return new FileOptions(backend, threads, entries, ringWorkers);
  }

  /**
   * How many threads the kernel may use at most for each loop's ring, for calls that cannot be made without one; 4 by default.
   *
   * @throws IllegalArgumentException if not positive
   */
  public FileOptions withRingWorkers(int max) {
    return new FileOptions(backend, threads, ringEntries, requirePositive("ring workers", max));
  }

  private static int requirePositive(String what, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException("the number of " + what + " must be positive: " + value);
    }
    return value;
  }

  /** The forced choice, or null. */
  public @Nullable FileBackend backend() {
    return backend;
  }

  /** See {@link #withThreads}. */
  public int threads() {
    return threads;
  }

  /** See {@link #withRingEntries}. */
  public int ringEntries() {
    return ringEntries;
  }

  /** See {@link #withRingWorkers}. */
  public int ringWorkers() {
    return ringWorkers;
  }
}
