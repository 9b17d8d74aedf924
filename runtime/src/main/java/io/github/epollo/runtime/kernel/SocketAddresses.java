package io.github.epollo.runtime.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Reads and writes {@code struct sockaddr_in} and {@code sockaddr_in6} at a raw address: for a {@link Kernel} that is not Linux. Equal on x86-64 and aarch64.
 *
 * <pre>
 *   sockaddr_in   0 family  2 port (big endian)  4 address (big endian)  8 zero                     16 bytes
 *   sockaddr_in6  0 family  2 port (big endian)  4 flow information      8 address     24 scope id  28 bytes
 * </pre>
 */
public final class SocketAddresses {
  /** Bytes of a {@code sockaddr_in}. */
  public static final int LENGTH_V4 = 16;

  /** Bytes of a {@code sockaddr_in6}. */
  public static final int LENGTH_V6 = 28;

  private static final ValueLayout.OfShort PORT = JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt ADDRESS_V4 = JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong ADDRESS_V6 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private SocketAddresses() {}

  /** The address family: {@link Sockets#AF_INET}, {@link Sockets#AF_INET6} or another. */
  public static int family(long address) {
    return Short.toUnsignedInt(NativeMemory.segment(address, 2).get(JAVA_SHORT_UNALIGNED, 0));
  }

  /** The port of either struct. */
  public static int port(long address) {
    return Short.toUnsignedInt(NativeMemory.segment(address, LENGTH_V4).get(PORT, 2));
  }

  /** The address of a {@code sockaddr_in}. */
  public static int v4(long address) {
    return NativeMemory.segment(address, LENGTH_V4).get(ADDRESS_V4, 4);
  }

  /** The first eight bytes of the address of a {@code sockaddr_in6}. */
  public static long v6High(long address) {
    return NativeMemory.segment(address, LENGTH_V6).get(ADDRESS_V6, 8);
  }

  /** The last eight bytes of the address of a {@code sockaddr_in6}. */
  public static long v6Low(long address) {
    return NativeMemory.segment(address, LENGTH_V6).get(ADDRESS_V6, 16);
  }

  /**
   * Answers a call as the kernel does: writes a {@code sockaddr_in}, cut off where the room ends, and its full length.
   *
   * @param lengthAddress an int, in: the room at {@code address}
   * @return 0, or {@code -EINVAL} if the room is negative
   */
  public static int putV4(long address, long lengthAddress, int host, int port) {
    byte[] bytes = new byte[LENGTH_V4];
    MemorySegment name = MemorySegment.ofArray(bytes);
    name.set(JAVA_SHORT_UNALIGNED, 0, (short) Sockets.AF_INET);
    name.set(PORT, 2, (short) port);
    name.set(ADDRESS_V4, 4, host);
    return put(address, lengthAddress, bytes);
  }

  /** As {@link #putV4}, a {@code sockaddr_in6}. */
  public static int putV6(long address, long lengthAddress, long high, long low, int port) {
    byte[] bytes = new byte[LENGTH_V6];
    MemorySegment name = MemorySegment.ofArray(bytes);
    name.set(JAVA_SHORT_UNALIGNED, 0, (short) Sockets.AF_INET6);
    name.set(PORT, 2, (short) port);
    name.set(ADDRESS_V6, 8, high);
    name.set(ADDRESS_V6, 16, low);
    return put(address, lengthAddress, bytes);
  }

  private static int put(long address, long lengthAddress, byte[] bytes) {
    MemorySegment length = NativeMemory.segment(lengthAddress, Integer.BYTES);
    int room = length.get(JAVA_INT_UNALIGNED, 0);
    if (room < 0) {
      return -Errno.EINVAL;
    }
    NativeMemory.write(address, bytes, 0, Math.min(room, bytes.length));
    length.set(JAVA_INT_UNALIGNED, 0, bytes.length);
    return 0;
  }
}
