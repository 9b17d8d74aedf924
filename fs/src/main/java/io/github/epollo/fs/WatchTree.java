package io.github.epollo.fs;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** The directories that a watcher knows, by their place and by their watch. A watch belongs to a directory, wherever that is moved to. Not synchronized. */
final class WatchTree {
  private final Map<Integer, WatchedDirectory> byWatch = new HashMap<>();
  private final WatchedDirectory root;

  WatchTree(Path root) {
    this.root = new WatchedDirectory(null, root);
  }

  WatchedDirectory root() {
    return root;
  }

  @Nullable
  WatchedDirectory byWatch(int watch) {
    return byWatch.get(watch);
  }

  /** Adds a directory without a watch, where there is none of that name. */
  static WatchedDirectory add(WatchedDirectory parent, Path name) {
    WatchedDirectory directory = new WatchedDirectory(parent, name);
    parent.children.put(name, directory);
    return directory;
  }

  void setWatch(WatchedDirectory directory, int watch) {
    directory.watch = watch;
    byWatch.put(watch, directory);
  }

  /** The kernel has ended a watch. */
  void watchEnded(int watch) {
    WatchedDirectory directory = byWatch.remove(watch);
    if (directory != null) {
      directory.watch = WatchedDirectory.NONE;
    }
  }

  /** Puts a directory, with all below it, under another name. */
  static void move(WatchedDirectory directory, WatchedDirectory parent, Path name) {
    cut(directory);
    directory.parent = parent;
    directory.name = name;
    parent.children.put(name, directory);
  }

  /** Takes a directory out, with all below it; {@code watches} is told what watched them. */
  void remove(WatchedDirectory directory, IntConsumer watches) {
    cut(directory);
    clear(directory, watches);
  }

  /** Takes out all that is below {@code directory}, and its own watch; {@code watches} is told what watched them. */
  void clear(WatchedDirectory directory, IntConsumer watches) {
    if (directory.watch != WatchedDirectory.NONE) {
      byWatch.remove(directory.watch);
      watches.accept(directory.watch);
      directory.watch = WatchedDirectory.NONE;
    }
    for (WatchedDirectory child : directory.children.values()) {
      child.parent = null;
      clear(child, watches);
    }
    directory.children.clear();
  }

  private static void cut(WatchedDirectory directory) {
    WatchedDirectory above = directory.parent;
    if (above != null) {
      above.children.remove(directory.name, directory);
      directory.parent = null;
    }
  }
}
