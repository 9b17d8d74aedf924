package io.github.epollo.examples;

import io.github.epollo.fs.AsyncFiles;
import io.github.epollo.runtime.Epollo;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Copies a file, and shows how far it is. The target appears when it is complete.
 *
 * <pre>
 * mvn compile exec:exec -Dexample=Copy -Dexample.args="big.iso /mnt/big.iso"
 * </pre>
 */
public final class Copy {
  private Copy() {}

  /** Copies the first argument to the second. */
  public static void main(String[] args) {
    Arguments arguments = new Arguments("Copy SOURCE TARGET [--replace]", args);
    boolean replace = arguments.flag("--replace");
    Path source = arguments.path("the source");
    Path target = arguments.path("the target");
    arguments.end();
    Epollo.run(() -> copy(source, target, replace, System.err));
  }

  static void copy(Path source, Path target, boolean replace, PrintStream report) throws IOException {
    long size = AsyncFiles.metadata(source).size();
    StandardCopyOption[] options = replace
        ? new StandardCopyOption[]{StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES}
        : new StandardCopyOption[]{StandardCopyOption.COPY_ATTRIBUTES};
    AsyncFiles.copy(source, target, done -> report.print("\r" + percent(done, size) + " %"), options);
    report.println("\r" + size + " bytes copied");
  }

  private static long percent(long done, long size) {
    return size == 0 ? 100 : 100 * done / size;
  }
}
