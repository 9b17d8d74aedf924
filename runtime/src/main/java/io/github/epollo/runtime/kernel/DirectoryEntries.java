package io.github.epollo.runtime.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * A cursor over the {@code struct linux_dirent64} that getdents64(2) fills memory with. Equal on x86-64 and aarch64.
 *
 * <pre>
 *   0 ino (long)   8 off (long)   16 reclen (short)   18 type (byte)   19 name, ended by a zero byte
 * </pre>
 *
 * <p>Not synchronized.
 */
public final class DirectoryEntries {
  /** Type of an entry: the file system does not say; ask statx(2). */
  public static final int UNKNOWN = 0;

  private static final int LENGTH = 16;
  private static final int TYPE = 18;
  private static final int NAME = 19;

  private final MemorySegment memory;
  private final long filled;
  private long next;
  private long at;

  /** The entries in the first {@code filled} bytes of {@code memory}; begin with {@link #advance}. */
  public DirectoryEntries(MemorySegment memory, long filled) {
    this.memory = memory;
    this.filled = filled;
  }

  /** Goes to the next entry; false if there is none. */
  public boolean advance() {
    if (next >= filled) {
      return false;
    }
    at = next;
    next += memory.get(JAVA_SHORT_UNALIGNED, at + LENGTH) & 0xffff;
    return true;
  }

  /** The inode of the entry. */
  public long inode() {
    return memory.get(JAVA_LONG_UNALIGNED, at);
  }

  /** The type of the entry, as the {@code S_IF} bits of a mode ({@link FileFlags}), or {@link #UNKNOWN}. */
  public int type() {
    return (memory.get(JAVA_BYTE, at + TYPE) & 0xf) << 12;
  }

  /** The name of the entry, without the zero byte. */
  public byte[] name() {
    long end = at + NAME;
    while (memory.get(JAVA_BYTE, end) != 0) {
      end++;
    }
    byte[] name = new byte[(int) (end - at - NAME)];
    MemorySegment.copy(memory, JAVA_BYTE, at + NAME, name, 0, name.length);
    return name;
  }

  /** The bytes that an entry with such a name takes. */
  public static int size(byte[] name) {
    return (NAME + name.length + 1 + 7) & ~7;
  }

  /** Writes an entry at {@code address}: for a {@link Kernel} that is not Linux. {@code type} as {@link #type()}. */
  public static void write(long address, long inode, long position, int type, byte[] name) {
    MemorySegment entry = NativeMemory.segment(address, size(name));
    entry.fill((byte) 0);
    entry.set(JAVA_LONG_UNALIGNED, 0, inode);
    entry.set(JAVA_LONG_UNALIGNED, 8, position);
    entry.set(JAVA_SHORT_UNALIGNED, LENGTH, (short) size(name));
    entry.set(JAVA_BYTE, TYPE, (byte) (type >>> 12));
    MemorySegment.copy(name, 0, entry, JAVA_BYTE, NAME, name.length);
  }
}
