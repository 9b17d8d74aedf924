package io.github.epollo.runtime.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * An array of {@code struct epoll_event} in native memory: what {@link Kernel#epollWait} fills. The struct is packed
 * on x86-64 (12 bytes) and padded on aarch64 (16 bytes).
 *
 * <p>The memory lives as long as the arena. Accessors allocate nothing.
 *
 * <p><b>Threading:</b> not synchronized; which threads may use it follows from the arena.
 */
public final class EpollEvents {
  private final MemorySegment memory;
  private final int stride;
  private final int dataOffset;
  private final int capacity;

  /** An array of this machine's layout with room for {@code capacity} events. */
  public EpollEvents(Arena arena, int capacity) {
    this(allocate(arena, EpollEventLayout.NATIVE, capacity), EpollEventLayout.NATIVE, capacity);
  }

  EpollEvents(Arena arena, EpollEventLayout layout, int capacity) {
    this(allocate(arena, layout, capacity), layout, capacity);
  }

  private EpollEvents(MemorySegment memory, EpollEventLayout layout, int capacity) {
    this.memory = memory;
    this.stride = layout.size();
    this.dataOffset = layout.data();
    this.capacity = capacity;
  }

  /** The array that stands at {@code address}: for a {@link Kernel} that is not Linux and must fill it. */
  public static EpollEvents at(long address, int capacity) {
    long size = (long) EpollEventLayout.NATIVE.size() * capacity;
    return new EpollEvents(NativeMemory.segment(address, size), EpollEventLayout.NATIVE, capacity);
  }

  /** Where the array starts. */
  public long address() {
    return memory.address();
  }

  /** How many events fit. */
  public int capacity() {
    return capacity;
  }

  /** The event bits of event {@code index}: constants of {@link Epoll}. */
  public int events(int index) {
    return memory.get(JAVA_INT_UNALIGNED, offset(index) + EpollEventLayout.EVENTS);
  }

  /** The data that was given to {@link Kernel#epollCtl} for the fd of event {@code index}. */
  public long data(int index) {
    return memory.get(JAVA_LONG_UNALIGNED, offset(index) + dataOffset);
  }

  /** Writes event {@code index}. */
  public void put(int index, int events, long data) {
    memory.set(JAVA_INT_UNALIGNED, offset(index) + EpollEventLayout.EVENTS, events);
    memory.set(JAVA_LONG_UNALIGNED, offset(index) + dataOffset, data);
  }

  private long offset(int index) {
    return (long) index * stride;
  }

  private static MemorySegment allocate(Arena arena, EpollEventLayout layout, int capacity) {
    if (capacity <= 0) {
      throw new IllegalArgumentException("capacity must be positive: " + capacity);
    }
    return arena.allocate((long) layout.size() * capacity, Long.BYTES);
  }
}
