package io.github.epollo.fs.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Native memory for one call: what heap buffers are copied through, paths, structs. The garbage collector frees it; hold it for as long as the kernel may use it. */
public final class NativeBuffer {
  private static final int PAGE = 4096; // also enough for O_DIRECT on every common device

  private final MemorySegment memory;
  private final long address;
  private final ByteBuffer bytes;

  /** {@code size} bytes, aligned to a page. */
  public NativeBuffer(int size) {
    this.memory = Arena.ofAuto().allocate(size, PAGE);
    this.address = memory.address();
    this.bytes = memory.asByteBuffer();
  }

  /** The memory. */
  public MemorySegment memory() {
    return memory;
  }

  /** Where it starts. */
  public long address() {
    return address;
  }

  /** The memory as a buffer; use absolute accesses only. */
  public ByteBuffer bytes() {
    return bytes;
  }

  /** Bytes. */
  public int size() {
    return bytes.capacity();
  }
}
