package io.github.epollo.fs;

import java.nio.file.Path;

/** What a {@link DirectoryWatcher} has seen. Paths start with that of the watched directory, as it was given. */
public sealed interface DirectoryEvent {
  /**
   * A name is there that was not: made, linked, or moved in from elsewhere. What is found in a new directory when the watcher comes to it is told in the same way, so that this may come twice for one name.
   *
   * @param directory whether it is a directory
   */
  record Created(Path path, boolean directory) implements DirectoryEvent {}

  /** A file was written to, or cut; there may be more to come. */
  record Modified(Path path) implements DirectoryEvent {}

  /** A file was closed that had been open for writing. */
  record Written(Path path) implements DirectoryEvent {}

  /**
   * Permissions, owner, times, extended attributes or the count of links have changed; only if {@linkplain WatchOptions#withAttributes asked for}.
   *
   * @param directory whether it is a directory
   */
  record AttributesChanged(Path path, boolean directory) implements DirectoryEvent {}

  /**
   * A name is not there any more: deleted, or moved out, with all that is under it. If it is the watched directory itself, which may also have been moved or unmounted, nothing follows.
   *
   * @param directory whether it was a directory
   */
  record Deleted(Path path, boolean directory) implements DirectoryEvent {}

  /**
   * A name has become another one, with all that is under it; what had the new name before is gone.
   *
   * @param from the old name
   * @param path the new name
   * @param directory whether it is a directory
   */
  record Moved(Path from, Path path, boolean directory) implements DirectoryEvent {}

  /**
   * Events were lost, because more came than the kernel or the watcher keeps: look at the whole tree anew. Whatever changes after this event was taken is told as usual.
   *
   * @param root the watched directory
   */
  record Rescan(Path root) implements DirectoryEvent {}
}
