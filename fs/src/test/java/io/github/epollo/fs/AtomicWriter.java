package io.github.epollo.fs;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import java.nio.file.Path;
import java.util.Arrays;

/** A program that replaces a file by {@link AsyncFiles#writeAtomically} until it is killed: with so many bytes that are all the same, each time others. */
final class AtomicWriter {
  static final int SIZE = 300_000;

  private AtomicWriter() {}

  /** Arguments: the file, and the back end. */
  public static void main(String... args) {
    Path file = Path.of(args[0]);
    EpolloOptions options = EpolloOptions.defaults().with(FileOptions.class,
        FileOptions.defaults().withBackend(FileBackend.valueOf(args[1])));
    Epollo.run(options, () -> {
      byte[] bytes = new byte[SIZE];
      for (int i = 1;; i++) {
        Arrays.fill(bytes, (byte) i);
        AsyncFiles.writeAtomically(file, bytes);
        System.out.println(i); // somebody listens, and kills at some moment after one of these
      }
    });
  }
}
