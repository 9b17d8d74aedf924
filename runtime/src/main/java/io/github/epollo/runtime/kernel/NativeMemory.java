package io.github.epollo.runtime.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * Reads and writes native memory at a raw address: for a {@link Kernel} that is not Linux, which gets addresses and
 * must fill what they point to, and for memory that a kernel has mapped. Nothing is checked: a wrong address crashes the JVM.
 *
 * <p>It needs {@code --enable-native-access} for this module (on the class path: {@code ALL-UNNAMED}). {@link
 * LinuxKernel} does not use it.
 *
 * <p>Callable from any thread; plain accesses, without ordering.
 */
public final class NativeMemory {
  /** All memory, so that an access needs no segment of its own. */
  @SuppressWarnings("restricted") private static final MemorySegment EVERYTHING = MemorySegment.NULL
      .reinterpret(Long.MAX_VALUE);

  private NativeMemory() {}

  /** Reads an int. */
  public static int getInt(long address) {
    return EVERYTHING.get(JAVA_INT_UNALIGNED, address);
  }

  /** Writes an int. */
  public static void putInt(long address, int value) {
    EVERYTHING.set(JAVA_INT_UNALIGNED, address, value);
  }

  /** Reads a long. */
  public static long getLong(long address) {
    return EVERYTHING.get(JAVA_LONG_UNALIGNED, address);
  }

  /** Writes a long. */
  public static void putLong(long address, long value) {
    EVERYTHING.set(JAVA_LONG_UNALIGNED, address, value);
  }

  /** Copies {@code length} bytes at {@code address} into {@code target} from index {@code offset}. */
  public static void read(long address, byte[] target, int offset, int length) {
    MemorySegment.copy(EVERYTHING, JAVA_BYTE, address, target, offset, length);
  }

  /** Copies {@code length} bytes of {@code source} from index {@code offset} to {@code address}. */
  public static void write(long address, byte[] source, int offset, int length) {
    MemorySegment.copy(source, offset, EVERYTHING, JAVA_BYTE, address, length);
  }

  /** The {@code size} bytes at {@code address}, without a life time: the caller keeps the memory alive. */
  public static MemorySegment segment(long address, long size) {
    return EVERYTHING.asSlice(address, size);
  }
}
