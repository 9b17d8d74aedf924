package io.github.epollo.runtime.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Native memory for one small struct of one call; the garbage collector frees it with this object. */
final class NativeBlock {
  /** Bytes: enough for {@code struct itimerspec}, the largest of them. */
  static final int SIZE = 32;

  private final MemorySegment memory = Arena.ofAuto().allocate(SIZE, Long.BYTES);
  private final long address = memory.address();

  /** The bytes, left as the last call left them. */
  MemorySegment memory() {
    return memory;
  }

  /** Where they start. An address keeps nothing alive: see {@link NativeBlocks#give}. */
  long address() {
    return address;
  }
}
