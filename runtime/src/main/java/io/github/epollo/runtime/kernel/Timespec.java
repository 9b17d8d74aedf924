package io.github.epollo.runtime.kernel;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * {@code struct timespec}, and {@code struct itimerspec} that holds two of them. Equal on x86-64 and aarch64.
 *
 * <pre>
 *   timespec    0 seconds   8 nanoseconds
 *   itimerspec  0 interval  16 value
 * </pre>
 */
final class Timespec {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final int SECONDS = 0;
  private static final int NANOS = 8;
  private static final int INTERVAL = 0;
  private static final int VALUE = 16;

  private Timespec() {}

  /** The timespec at the start of {@code memory}, in nanoseconds. */
  static long nanos(MemorySegment memory) {
    return memory.get(JAVA_LONG_UNALIGNED, SECONDS) * NANOS_PER_SECOND + memory.get(JAVA_LONG_UNALIGNED, NANOS);
  }

  /** Writes an itimerspec that expires once, at {@code nanos}; 0 disarms. A negative time stays one: EINVAL. */
  static void putSingleExpiry(MemorySegment memory, long nanos) {
    put(memory, INTERVAL, 0);
    put(memory, VALUE, nanos);
  }

  private static void put(MemorySegment memory, int offset, long nanos) {
    memory.set(JAVA_LONG_UNALIGNED, offset + SECONDS, Math.floorDiv(nanos, NANOS_PER_SECOND));
    memory.set(JAVA_LONG_UNALIGNED, offset + NANOS, Math.floorMod(nanos, NANOS_PER_SECOND));
  }
}
