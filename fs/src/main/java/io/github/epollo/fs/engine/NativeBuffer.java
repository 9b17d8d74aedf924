package io.github.epollo.fs.engine;

import io.github.epollo.runtime.kernel.IoVectors;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Native memory for one call: what heap buffers are copied through, paths, structs. The garbage collector frees it; hold it for as long as the kernel may use it. */
public final class NativeBuffer {
  private static final int PAGE = 4096; // also enough for O_DIRECT on every common device

  private final MemorySegment memory;
  private final long address;
  private final ByteBuffer bytes;
  private final IoVectors vector = new IoVectors(Arena.ofAuto(), 1);

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

  /** The address of a vector of the first {@code length} bytes, for a call that takes vectors. */
  public long vector(int length) {
    return vector(address, length);
  }

  /** The address of a vector of {@code length} bytes at {@code base}. */
  public long vector(long base, int length) {
    vector.put(0, base, length);
    return vector.address();
  }

  /** Bytes. */
  public int size() {
    return bytes.capacity();
  }
}
