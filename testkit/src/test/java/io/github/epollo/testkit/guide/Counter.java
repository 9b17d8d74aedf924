package io.github.epollo.testkit.guide;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.epollo.fs.AsyncFiles;
import java.io.IOException;
import java.nio.file.Path;

/** What a user keeps in a file. */
// @start region="counter"
final class Counter {
  private final Path file;
  private long count;

  Counter(Path file) throws IOException {
    this.file = file;
    this.count = AsyncFiles.exists(file) ? Long.parseLong(AsyncFiles.readString(file)) : 0;
  }

  /** Counts one more; it is on the disk when this returns. */
  void increment() throws IOException {
    AsyncFiles.writeAtomically(file, Long.toString(count + 1).getBytes(US_ASCII));
    count++;
  }

  long count() {
    return count;
  }
}
// @end
