package io.github.epollo.runtime.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Where the bytes of a direct buffer stand: for a system call that reads or writes them in place. Callable from any thread. */
public final class DirectMemory {
  // The classes of the scopes that nobody can close; the JDK does not tell that of a scope itself.
  private static final Class<?> OF_BUFFERS = MemorySegment.ofBuffer(ByteBuffer.allocateDirect(1)).scope().getClass();
  private static final Class<?> AUTOMATIC = Arena.ofAuto().scope().getClass();
  private static final Class<?> GLOBAL = Arena.global().scope().getClass();

  private DirectMemory() {}

  /**
   * The address of the byte at the buffer's position; 0 if a call must not use it: for a buffer in the heap, and for memory of an arena that somebody may close, which frees it even while the kernel writes to it.
   *
   * <p>The memory stays where it is while {@code buffer} can be reached, so a caller needs a {@link java.lang.ref.Reference#reachabilityFence} after the call. May allocate some 40 bytes, as the JIT compiler decides.
   */
  public static long address(ByteBuffer buffer) {
    if (!buffer.isDirect()) {
      return 0;
    }
    MemorySegment memory = MemorySegment.ofBuffer(buffer);
    Class<?> scope = memory.scope().getClass();
    return scope == OF_BUFFERS || scope == AUTOMATIC || scope == GLOBAL ? memory.address() : 0;
  }
}
