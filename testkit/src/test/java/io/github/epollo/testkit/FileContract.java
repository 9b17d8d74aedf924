package io.github.epollo.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;

/** A {@link KernelContract} with files: in a temporary directory of the real kernel, and on the disk of the simulated one. */
abstract class FileContract extends KernelContract {
  private final String root;
  private final boolean real;
  final FileCalls files;

  FileContract(Subject subject) {
    super(subject);
    this.real = subject == Subject.LINUX;
    this.root = real ? temporaryDirectory() : "/tmp";
    this.files = new FileCalls(kernel, root);
  }

  private static String temporaryDirectory() {
    try {
      return Files.createTempDirectory("epollo-files").toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The absolute path of the directory that relative ones start from. */
  final String root() {
    return root;
  }

  final boolean isReal() {
    return real;
  }

  @AfterEach
  void removeFiles() throws IOException {
    files.close();
    if (real) {
      try (Stream<Path> paths = Files.walk(Path.of(root))) {
        for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }
}
