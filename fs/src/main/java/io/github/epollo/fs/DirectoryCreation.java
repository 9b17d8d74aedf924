package io.github.epollo.fs;

import static io.github.epollo.fs.engine.NameOperation.MAKE_DIRECTORY;

import io.github.epollo.fs.engine.Name;
import io.github.epollo.runtime.kernel.Errno;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/** {@link AsyncFiles#createDirectories}. */
final class DirectoryCreation {
  private DirectoryCreation() {}

  static void create(Names names, Path directory) throws IOException {
    // up to the first that can be made, or is there, then down again
    Deque<Path> missing = new ArrayDeque<>();
    Path path = directory;
    int result = names.tryMakeDirectory(Name.of(path));
    while (result == -Errno.ENOENT && path.getParent() != null) {
      missing.push(path);
      path = path.getParent();
      result = names.tryMakeDirectory(Name.of(path));
    }
    requireDirectory(names, path, result);
    for (Path next : missing) {
      requireDirectory(names, next, names.tryMakeDirectory(Name.of(next)));
    }
  }

  private static void requireDirectory(Names names, Path path, int result) throws IOException {
    if (result == 0) {
      return;
    }
    Name name = Name.of(path);
    // a file system that cannot be written says so even of a directory that is there
    FileType there = result == -Errno.ENOENT ? null : names.statusIfPresent(name, true, s -> FileType.ofMode(s.mode()));
    if (there != FileType.DIRECTORY) {
      throw Names.failure(MAKE_DIRECTORY, name, null, result);
    }
  }
}
