package io.github.epollo.fs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What is in a directory, as one knows it who has heard of every event: paths, and whether they are directories. */
final class TreeModel {
  private final Map<Path, Boolean> names = new TreeMap<>();
  private final boolean recursive;

  TreeModel(boolean recursive) {
    this.recursive = recursive;
  }

  /** What is there now. */
  static Map<Path, Boolean> of(Path root, boolean recursive) throws IOException {
    Map<Path, Boolean> names = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(root, recursive ? Integer.MAX_VALUE : 1)) {
      paths.filter(path -> !path.equals(root))
          .forEach(path -> names.put(path, Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)));
    }
    return names;
  }

  /** Forgets what it knows, and looks. */
  void look(Path root) throws IOException {
    names.clear();
    names.putAll(of(root, recursive));
  }

  void apply(DirectoryEvent event) throws IOException {
    switch (event) {
      case DirectoryEvent.Created(Path path, boolean directory) -> names.put(path, directory);
      case DirectoryEvent.Deleted(Path path, _) -> delete(path);
      case DirectoryEvent.Moved(Path from, Path path, boolean directory) -> {
        delete(path);
        Map<Path, Boolean> moved = new TreeMap<>();
        names.forEach((name, isDirectory) -> {
          if (name.startsWith(from) && !name.equals(from)) {
            moved.put(path.resolve(from.relativize(name)), isDirectory);
          }
        });
        delete(from);
        names.put(path, directory);
        names.putAll(moved);
      }
      case DirectoryEvent.Rescan(Path root) -> look(root);
      default -> {}
    }
  }

  private void delete(Path path) {
    names.keySet().removeIf(name -> name.startsWith(path));
  }

  Map<Path, Boolean> names() {
    return names;
  }
}
