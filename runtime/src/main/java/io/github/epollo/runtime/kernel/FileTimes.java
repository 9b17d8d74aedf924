package io.github.epollo.runtime.kernel;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The two {@code struct timespec} of utimensat(2) in native memory: last access, then last modification. Equal on x86-64 and aarch64.
 *
 * <p>The memory lives as long as the arena. Not synchronized.
 */
public final class FileTimes {
  /** In place of nanoseconds: the time of the call. */
  public static final long NOW = (1L << 30) - 1;

  /** In place of nanoseconds: leave it as it is. */
  public static final long OMIT = (1L << 30) - 2;

  /** Index: the time of the last access. */
  public static final int ACCESS = 0;

  /** Index: the time of the last modification. */
  public static final int MODIFICATION = 1;

  private static final int SIZE = 16;

  private final MemorySegment memory;

  /** Two times in {@code arena}: 1970. */
  public FileTimes(Arena arena) {
    this(arena.allocate(2 * SIZE, Long.BYTES));
  }

  private FileTimes(MemorySegment memory) {
    this.memory = memory;
  }

  /** The times at {@code address}: for a {@link Kernel} that is not Linux and must read them. */
  public static FileTimes at(long address) {
    return new FileTimes(NativeMemory.segment(address, 2 * SIZE));
  }

  /** Where they start. */
  public long address() {
    return memory.address();
  }

  /** Sets one of the times; {@code nanos} may be {@link #NOW} or {@link #OMIT}. */
  public void put(int index, long seconds, long nanos) {
    memory.set(JAVA_LONG_UNALIGNED, (long) index * SIZE, seconds);
    memory.set(JAVA_LONG_UNALIGNED, (long) index * SIZE + 8, nanos);
  }

  /** The seconds since 1970 of one of the times. */
  public long seconds(int index) {
    return memory.get(JAVA_LONG_UNALIGNED, (long) index * SIZE);
  }

  /** The nanoseconds of one of the times, or {@link #NOW}, or {@link #OMIT}. */
  public long nanos(int index) {
    return memory.get(JAVA_LONG_UNALIGNED, (long) index * SIZE + 8);
  }
}
