package io.github.epollo.runtime.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Socket addresses of the loopback interface, as bytes. */
final class Loopback {
  private static final ValueLayout.OfShort PORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private Loopback() {}

  /** {@code struct sockaddr_in} or {@code sockaddr_in6}. */
  static MemorySegment address(Arena arena, int family, int port) {
    boolean v4 = family == Sockets.AF_INET;
    MemorySegment address = arena.allocate(v4 ? 16 : 28, 4);
    address.set(ValueLayout.JAVA_SHORT, 0, (short) family);
    address.set(PORT, 2, (short) port);
    if (v4) {
      address.set(ValueLayout.JAVA_BYTE, 4, (byte) 127);
      address.set(ValueLayout.JAVA_BYTE, 7, (byte) 1);
    } else {
      address.set(ValueLayout.JAVA_BYTE, 23, (byte) 1);
    }
    return address;
  }

  static int port(MemorySegment address) {
    return Short.toUnsignedInt(address.get(PORT, 2));
  }
}
