package io.github.epollo.runtime.kernel;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * An array of {@code struct iovec} in native memory: the buffers of readv(2), writev(2), recvmsg(2) and sendmsg(2).
 * Equal on x86-64 and aarch64: {@code base} at 0, {@code length} at 8, 16 bytes each.
 *
 * <p>The memory lives as long as the arena. The buffers are the caller's. Accessors allocate nothing.
 *
 * <p><b>Threading:</b> not synchronized; which threads may use it follows from the arena.
 */
public final class IoVectors {
  private static final int SIZE = 16;
  private static final int BASE = 0;
  private static final int LENGTH = 8;

  private final MemorySegment memory;
  private final int capacity;

  /** An array with room for {@code capacity} vectors, all of length 0. */
  public IoVectors(Arena arena, int capacity) {
    this(allocate(arena, capacity), capacity);
  }

  private IoVectors(MemorySegment memory, int capacity) {
    this.memory = memory;
    this.capacity = capacity;
  }

  /** The array that stands at {@code address}: for a {@link Kernel} that is not Linux and must read it. */
  public static IoVectors at(long address, int capacity) {
    return new IoVectors(NativeMemory.segment(address, (long) SIZE * capacity), capacity);
  }

  /** Where the array starts. */
  public long address() {
    return memory.address();
  }

  /** The address of vector {@code index}: an array that starts there leaves the ones before out. */
  public long address(int index) {
    return memory.address() + offset(index);
  }

  /** How many vectors fit. */
  public int capacity() {
    return capacity;
  }

  /** The address of buffer {@code index}. */
  public long base(int index) {
    return memory.get(JAVA_LONG_UNALIGNED, offset(index) + BASE);
  }

  /** The bytes of buffer {@code index}. */
  public long length(int index) {
    return memory.get(JAVA_LONG_UNALIGNED, offset(index) + LENGTH);
  }

  /** Sets vector {@code index} to {@code length} bytes at {@code base}. */
  public void put(int index, long base, long length) {
    memory.set(JAVA_LONG_UNALIGNED, offset(index) + BASE, base);
    memory.set(JAVA_LONG_UNALIGNED, offset(index) + LENGTH, length);
  }

  private static long offset(int index) {
    return (long) index * SIZE;
  }

  private static MemorySegment allocate(Arena arena, int capacity) {
    if (capacity <= 0) {
      throw new IllegalArgumentException("capacity must be positive: " + capacity);
    }
    return arena.allocate((long) SIZE * capacity, Long.BYTES);
  }
}
