package io.github.epollo.fs;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Parts of names that nobody can guess. */
final class RandomName {
  private static final int BYTES = 12; // two of a billion names are alike with a probability of 10^-11

  private static final SecureRandom RANDOM = new SecureRandom();

  private RandomName() {}

  static String create() {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
