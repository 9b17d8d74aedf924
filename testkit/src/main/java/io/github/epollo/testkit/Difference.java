package io.github.epollo.testkit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** Shows bytes to people: in hexadecimal, and as the ASCII text that they may be. */
final class Difference {
  private static final int BEFORE = 4;
  private static final int WINDOW = 16;
  private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

  private Difference() {}

  /** Says that {@code expected} and {@code actual}, which both begin at 0, differ first at {@code offset}. */
  static String at(int offset, byte[] expected, byte[] actual) {
    int from = Math.max(0, offset - BEFORE);
    return "the bytes differ at offset " + offset
        + "; from offset " + from + " on,\n  expected: " + show(expected, from) + "\n  actual:   " + show(actual, from);
  }

  /** The first of {@code bytes} from {@code from} on. */
  static String show(byte[] bytes, int from) {
    byte[] part = Arrays.copyOfRange(bytes, Math.min(from, bytes.length), Math.min(from + WINDOW, bytes.length));
    StringBuilder text = new StringBuilder(HEX.formatHex(part)).append(" \"");
    for (char c : new String(part, StandardCharsets.ISO_8859_1).toCharArray()) {
      text.append(c >= ' ' && c < 0x7f ? c : '.');
    }
    return text.append('"').append(from + WINDOW < bytes.length ? " ..." : "").toString();
  }
}
