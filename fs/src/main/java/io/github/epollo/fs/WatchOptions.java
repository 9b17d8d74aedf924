package io.github.epollo.fs;

/** What a {@link DirectoryWatcher} watches. Immutable: each {@code with...} returns a changed copy. */
public final class WatchOptions {
  private static final int EVENTS = 16384; // as many as the kernel keeps, unless fs.inotify.max_queued_events was changed
  private static final WatchOptions DEFAULTS = new WatchOptions(false, false, EVENTS);

  private final boolean recursive;
  private final boolean attributes;
  private final int queue;

  private WatchOptions(boolean recursive, boolean attributes, int queue) {
    this.recursive = recursive;
    this.attributes = attributes;
    this.queue = queue;
  }

  /** The directory itself, without attributes. */
  public static WatchOptions defaults() {
    return DEFAULTS;
  }

  /** The directories below, too, also those that come later; links to directories are not followed. Each takes a watch of the user's {@code fs.inotify.max_user_watches}. */
  public WatchOptions withSubdirectories() {
    return new WatchOptions(true, attributes, queue);
  }

  /** {@link DirectoryEvent.AttributesChanged}, too. */
  public WatchOptions withAttributes() {
    return new WatchOptions(recursive, true, queue);
  }

  /**
   * How many events the watcher keeps that nobody has taken, when it finds many files in new directories; 16384 by default. Beyond that all of them become one {@link DirectoryEvent.Rescan}.
   *
   * @throws IllegalArgumentException if not positive
   */
  public WatchOptions withQueue(int events) {
    if (events <= 0) {
      throw new IllegalArgumentException("the number of events must be positive: " + events);
    }
    return new WatchOptions(recursive, attributes, events);
  }

  boolean recursive() {
    return recursive;
  }

  boolean attributes() {
    return attributes;
  }

  int queue() {
    return queue;
  }
}
