package io.github.epollo.testkit.sim;

import io.github.epollo.runtime.kernel.NativeMemory;
import java.nio.charset.StandardCharsets;

/** Strings of C in native memory: bytes up to a zero, each of which is a char here. */
public final class NativeText {
  /** Longer ones are cut: no call takes them. */
  private static final int LONGEST = 4096;

  private NativeText() {}

  /** The string at an address. */
  public static String at(long address) {
    byte[] one = new byte[1];
    int length = 0;
    do {
      NativeMemory.read(address + length, one, 0, 1);
    } while (one[0] != 0 && ++length < LONGEST);
    byte[] bytes = new byte[length];
    NativeMemory.read(address, bytes, 0, length);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
