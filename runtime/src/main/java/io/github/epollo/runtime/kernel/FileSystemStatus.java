package io.github.epollo.runtime.kernel;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * {@code struct statfs} in native memory. Equal on x86-64 and aarch64.
 *
 * <pre>
 *   0 type   8 bsize   16 blocks   24 bfree   32 bavail   40 files   48 ffree   56 fsid   64 namelen   72 frsize   80 flags   88 spare[4]
 * </pre>
 *
 * <p>The memory lives as long as the arena. Not synchronized.
 */
public final class FileSystemStatus {
  private static final int SIZE = 120;

  private final MemorySegment memory;

  /** A struct in {@code arena}, all zero. */
  public FileSystemStatus(Arena arena) {
    this(arena.allocate(SIZE, Long.BYTES));
  }

  private FileSystemStatus(MemorySegment memory) {
    this.memory = memory;
  }

  /** The struct at {@code address}: for a {@link Kernel} that is not Linux and must fill it. */
  public static FileSystemStatus at(long address) {
    return new FileSystemStatus(NativeMemory.segment(address, SIZE));
  }

  /** Where it starts. */
  public long address() {
    return memory.address();
  }

  /** Which kind of file system: its magic number. */
  public long type() {
    return memory.get(JAVA_LONG_UNALIGNED, 0);
  }

  /** All bytes. */
  public long totalBytes() {
    return blockSize() * memory.get(JAVA_LONG_UNALIGNED, 16);
  }

  /** Bytes that are free. */
  public long freeBytes() {
    return blockSize() * memory.get(JAVA_LONG_UNALIGNED, 24);
  }

  /** Bytes that are free for users without privileges. */
  public long availableBytes() {
    return blockSize() * memory.get(JAVA_LONG_UNALIGNED, 32);
  }

  /** Sets what the struct tells. */
  public void put(long type, long blockSize, long blocks, long freeBlocks, long availableBlocks) {
    memory.set(JAVA_LONG_UNALIGNED, 0, type);
    memory.set(JAVA_LONG_UNALIGNED, 8, blockSize);
    memory.set(JAVA_LONG_UNALIGNED, 16, blocks);
    memory.set(JAVA_LONG_UNALIGNED, 24, freeBlocks);
    memory.set(JAVA_LONG_UNALIGNED, 32, availableBlocks);
    memory.set(JAVA_LONG_UNALIGNED, 72, blockSize);
  }

  /** The counts are in units of frsize, where the kernel gives one. */
  private long blockSize() {
    long fragment = memory.get(JAVA_LONG_UNALIGNED, 72);
    return fragment != 0 ? fragment : memory.get(JAVA_LONG_UNALIGNED, 8);
  }
}
