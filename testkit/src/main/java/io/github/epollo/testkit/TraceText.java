package io.github.epollo.testkit;

import io.github.epollo.runtime.kernel.IoVectors;
import io.github.epollo.runtime.kernel.NativeMemory;
import io.github.epollo.runtime.kernel.SocketAddresses;
import io.github.epollo.runtime.kernel.Sockets;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** What the arguments and results of system calls point to, as text for a {@link Trace}. */
final class TraceText {
  private TraceText() {}

  /** The checksum of what was read or written. */
  static String checksum(long address, long length) {
    CRC32C sum = new CRC32C();
    update(sum, address, length);
    return length <= 0 ? "" : " #" + Long.toHexString(sum.getValue());
  }

  /** The same, of the first {@code length} bytes of {@code count} vectors. */
  static String checksum(long vectorsAddress, int count, long length) {
    if (length <= 0 || count <= 0) {
      return "";
    }
    CRC32C sum = new CRC32C();
    IoVectors vectors = IoVectors.at(vectorsAddress, count);
    long left = length;
    for (int i = 0; i < count && left > 0; i++) {
      long part = Math.min(left, vectors.length(i));
      update(sum, vectors.base(i), part);
      left -= part;
    }
    return " #" + Long.toHexString(sum.getValue());
  }

  /** A path, of which only what can be printed stays as it is. */
  static String path(String path) {
    StringBuilder text = new StringBuilder("\"");
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c >= ' ' && c < 0x7f) {
        text.append(c);
      } else {
        text.append("\\x").append(Integer.toHexString(c | 0x100), 1, 3);
      }
    }
    return text.append('"').toString();
  }

  private static void update(CRC32C sum, long address, long length) {
    if (length > 0) {
      sum.update(bytes(address, (int) length));
    }
  }

  private static byte[] bytes(long address, int length) {
    byte[] bytes = new byte[length];
    NativeMemory.read(address, bytes, 0, length);
    return bytes;
  }

  /** A socket address that is given to the kernel. */
  static String address(long address, int length) {
    if (address != 0 && length >= SocketAddresses.LENGTH_V4 && SocketAddresses.family(address) == Sockets.AF_INET) {
      int host = SocketAddresses.v4(address);
      return (host >>> 24) + "." + (host >>> 16 & 0xff) + "." + (host >>> 8 & 0xff) + "." + (host & 0xff) + ":"
          + SocketAddresses.port(address);
    }
    if (address != 0 && length >= SocketAddresses.LENGTH_V6 && SocketAddresses.family(address) == Sockets.AF_INET6) {
      return "[" + Long.toHexString(SocketAddresses.v6High(address)) + ":"
          + Long.toHexString(SocketAddresses.v6Low(address)) + "]:" + SocketAddresses.port(address);
    }
    return length + " bytes";
  }

  /** A socket address that the kernel has answered, if it has. */
  static String answer(int result, long address, long lengthAddress) {
    return result < 0 || address == 0 || lengthAddress == 0 ? "" : " " + address(address, intAt(lengthAddress));
  }

  /** The value of an option that is set: a number if it is an int. */
  static String option(long address, int length) {
    return address != 0 && length == Integer.BYTES ? "value " + intAt(address) : length + " bytes";
  }

  /** The value of an option that the kernel has answered, if it has. */
  static String option(int result, long address, long lengthAddress) {
    return result < 0 || lengthAddress == 0 ? "" : " " + option(address, intAt(lengthAddress));
  }

  private static int intAt(long address) {
    return ByteBuffer.wrap(bytes(address, Integer.BYTES)).order(ByteOrder.nativeOrder()).getInt();
  }
}
