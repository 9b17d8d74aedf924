package io.github.epollo.runtime.io;

import io.github.epollo.runtime.kernel.DirectMemory;
import io.github.epollo.runtime.kernel.Pool;
import io.github.epollo.runtime.loop.LoopLocal;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Native memory that heap buffers and small ones are copied through, for the length of one call. The garbage collector frees it. */
final class FdMemory {
  /** Bytes: what a pipe holds, unless it was told otherwise. */
  static final int SIZE = 64 * 1024;

  private static final int SLOTS = 4; // under the loop carrier one is in use at a time

  /** A loop's pool. */
  static final LoopLocal<Pool<FdMemory>> POOL = new LoopLocal<>(_ -> new Pool<>(SLOTS, FdMemory::new));

  private final MemorySegment memory = Arena.ofAuto().allocate(SIZE, 64);
  private final long address = memory.address();
  private final ByteBuffer bytes = memory.asByteBuffer();

  /** Where the kernel itself reads or writes {@code buffer}; 0 for one that is copied: the JDK tells an address only through an object. */
  static long inPlace(ByteBuffer buffer) {
    return buffer.remaining() > SIZE / 4 ? DirectMemory.address(buffer) : 0;
  }

  long address() {
    return address;
  }

  /** The memory as a buffer; use absolute accesses only. */
  ByteBuffer bytes() {
    return bytes;
  }
}
