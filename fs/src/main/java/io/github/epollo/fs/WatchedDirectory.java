package io.github.epollo.fs;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A directory in a {@link WatchTree}: where it is, and the watch that tells of it. Not synchronized. */
final class WatchedDirectory {
  /** No watch yet, or no more. */
  static final int NONE = -1;

  final Map<Path, WatchedDirectory> children = new HashMap<>(); // by name
  @Nullable WatchedDirectory parent; // null for the root, and for what was taken out
  Path name; // the root's is its path
  int watch = NONE;

  WatchedDirectory(@Nullable WatchedDirectory parent, Path name) {
    this.parent = parent;
    this.name = name;
  }

  /** Whether it is {@code other}, or below it. */
  boolean isWithin(WatchedDirectory other) {
    WatchedDirectory above = parent;
    return this == other || (above != null && above.isWithin(other));
  }

  /** Where it is now, as far as events have told. */
  Path path() {
    WatchedDirectory above = parent;
    return above == null ? name : above.path().resolve(name);
  }
}
