package io.github.epollo.runtime.io;

import io.github.epollo.runtime.kernel.Pool;
import io.github.epollo.runtime.loop.LoopLocal;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Native memory that the buffers which a call cannot use in place are copied through, for the length of one call. The garbage collector frees it. */
final class FdMemory {
  /** Bytes: what a pipe holds, unless it was told otherwise. */
  static final int SIZE = 64 * 1024;

  private static final int SLOTS = 4; // under the loop carrier one is in use at a time

  /** A loop's pool. */
  static final LoopLocal<Pool<FdMemory>> POOL = new LoopLocal<>(_ -> new Pool<>(SLOTS, FdMemory::new));

  private final MemorySegment memory = Arena.ofAuto().allocate(SIZE, 64);
  private final long address = memory.address();
  private final ByteBuffer bytes = memory.asByteBuffer();

  long address() {
    return address;
  }

  /** The memory as a buffer; use absolute accesses only. */
  ByteBuffer bytes() {
    return bytes;
  }
}
