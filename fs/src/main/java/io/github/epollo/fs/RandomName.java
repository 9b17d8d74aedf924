package io.github.epollo.fs;

import io.github.epollo.runtime.future.Chance;
import java.util.HexFormat;

/** Parts of names that nobody else uses. Whoever guesses one gains nothing: files are made anew, or not at all. A test that gives the runtime a seed sees the same names again. */
final class RandomName {
  private static final int BYTES = 12; // two of a billion names are alike with a probability of 10^-11

  private RandomName() {}

  static String create() {
    byte[] bytes = new byte[BYTES];
    Chance.current().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
