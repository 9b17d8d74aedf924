package io.github.epollo.runtime.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * {@code struct statx} in native memory: what statx(2) tells of a file. Equal on x86-64 and aarch64.
 *
 * <pre>
 *   0 mask   4 blksize   8 attributes   16 nlink   20 uid   24 gid   28 mode (short)   32 ino   40 size   48 blocks   56 attributes_mask
 *   64 atime   80 btime   96 ctime   112 mtime: seconds (long), nanoseconds (int), 4 bytes of padding
 *   128 rdev_major   132 rdev_minor   136 dev_major   140 dev_minor   144 mnt_id   152 dio_mem_align   156 dio_offset_align
 * </pre>
 *
 * <p>The memory lives as long as the arena. Not synchronized; which threads may use it follows from the arena.
 */
public final class FileStatus {
  /** Bytes. */
  public static final int SIZE = 256;

  /** Mask: what stat(2) tells. */
  public static final int BASIC = 0x7ff;

  /** Mask: the time of creation. */
  public static final int BIRTH_TIME = 0x800;

  /** Mask: alignment that {@link FileFlags#O_DIRECT} asks for. */
  public static final int DIRECT_ALIGNMENT = 0x2000;

  /** Where a time stands: of the last access. */
  public static final int ACCESS_TIME_OFFSET = 64;

  /** Where a time stands: of creation; valid with {@link #BIRTH_TIME} in {@link #mask}. */
  public static final int BIRTH_TIME_OFFSET = 80;

  /** Where a time stands: of the last change of metadata. */
  public static final int CHANGE_TIME_OFFSET = 96;

  /** Where a time stands: of the last change of data. */
  public static final int MODIFICATION_TIME_OFFSET = 112;

  private final MemorySegment memory;

  /** A struct in {@code arena}, all zero. */
  public FileStatus(Arena arena) {
    this(arena.allocate(SIZE, Long.BYTES));
  }

  private FileStatus(MemorySegment memory) {
    this.memory = memory;
  }

  /** The struct that stands at {@code address}: for a {@link Kernel} that is not Linux and must fill it. */
  public static FileStatus at(long address) {
    return new FileStatus(NativeMemory.segment(address, SIZE));
  }

  /** Where it starts. */
  public long address() {
    return memory.address();
  }

  /** Which fields are valid. */
  public int mask() {
    return memory.get(JAVA_INT_UNALIGNED, 0);
  }

  /** See {@link #mask()}. */
  public void mask(int mask) {
    memory.set(JAVA_INT_UNALIGNED, 0, mask);
  }

  /** The size of a block for I/O, in bytes. */
  public int blockSize() {
    return memory.get(JAVA_INT_UNALIGNED, 4);
  }

  /** See {@link #blockSize()}. */
  public void blockSize(int bytes) {
    memory.set(JAVA_INT_UNALIGNED, 4, bytes);
  }

  /** How many names the file has. */
  public int links() {
    return memory.get(JAVA_INT_UNALIGNED, 16);
  }

  /** See {@link #links()}. */
  public void links(int links) {
    memory.set(JAVA_INT_UNALIGNED, 16, links);
  }

  /** The owner's number. */
  public int user() {
    return memory.get(JAVA_INT_UNALIGNED, 20);
  }

  /** The group's number. */
  public int group() {
    return memory.get(JAVA_INT_UNALIGNED, 24);
  }

  /** Type and permissions. */
  public int mode() {
    return memory.get(JAVA_SHORT_UNALIGNED, 28) & 0xffff;
  }

  /** See {@link #mode()}. */
  public void mode(int mode) {
    memory.set(JAVA_SHORT_UNALIGNED, 28, (short) mode);
  }

  /** The file's number in its file system. */
  public long inode() {
    return memory.get(JAVA_LONG_UNALIGNED, 32);
  }

  /** See {@link #inode()}. */
  public void inode(long inode) {
    memory.set(JAVA_LONG_UNALIGNED, 32, inode);
  }

  /** Bytes of content. */
  public long size() {
    return memory.get(JAVA_LONG_UNALIGNED, 40);
  }

  /** See {@link #size()}. */
  public void size(long bytes) {
    memory.set(JAVA_LONG_UNALIGNED, 40, bytes);
  }

  /** Units of 512 bytes on the device. */
  public long blocks() {
    return memory.get(JAVA_LONG_UNALIGNED, 48);
  }

  /** See {@link #blocks()}. */
  public void blocks(long blocks) {
    memory.set(JAVA_LONG_UNALIGNED, 48, blocks);
  }

  /** The seconds since 1970 of the time at {@code offset}, one of the {@code ..._TIME_OFFSET} constants. */
  public long seconds(int offset) {
    return memory.get(JAVA_LONG_UNALIGNED, offset);
  }

  /** The nanoseconds within the second of the time at {@code offset}. */
  public int nanos(int offset) {
    return memory.get(JAVA_INT_UNALIGNED, offset + 8L);
  }

  /** Sets the time at {@code offset}. */
  public void time(int offset, long seconds, int nanos) {
    memory.set(JAVA_LONG_UNALIGNED, offset, seconds);
    memory.set(JAVA_INT_UNALIGNED, offset + 8L, nanos);
  }

  /** The device that holds the file: major number above, minor number below. */
  public long device() {
    return ((long) memory.get(JAVA_INT_UNALIGNED, 136) << 32) | (memory.get(JAVA_INT_UNALIGNED, 140) & 0xffffffffL);
  }

  /** See {@link #device()}. */
  public void device(long device) {
    memory.set(JAVA_INT_UNALIGNED, 136, (int) (device >>> 32));
    memory.set(JAVA_INT_UNALIGNED, 140, (int) device);
  }

  /** How memory must be aligned for {@link FileFlags#O_DIRECT}; 0 if the file cannot be so opened, or the kernel (before 6.1) does not say. */
  public int directMemoryAlignment() {
    return memory.get(JAVA_INT_UNALIGNED, 152);
  }

  /** How offsets and lengths must be aligned for {@link FileFlags#O_DIRECT}; 0 as above. */
  public int directOffsetAlignment() {
    return memory.get(JAVA_INT_UNALIGNED, 156);
  }

  /** See {@link #directMemoryAlignment} and {@link #directOffsetAlignment}. */
  public void directAlignment(int memoryAlignment, int offsetAlignment) {
    memory.set(JAVA_INT_UNALIGNED, 152, memoryAlignment);
    memory.set(JAVA_INT_UNALIGNED, 156, offsetAlignment);
  }
}
