package io.github.epollo.testkit.sim.disk;

/** Who is told what happens to an inode: see inotify(7), whose event bits these are. */
@FunctionalInterface
public interface Watcher {
  /** IN_ACCESS. */
  int ACCESS = 1;

  /** IN_MODIFY. */
  int MODIFY = 2;

  /** IN_ATTRIB. */
  int ATTRIBUTES = 4;

  /** IN_CLOSE_WRITE. */
  int CLOSE_WRITE = 8;

  /** IN_CLOSE_NOWRITE. */
  int CLOSE_NO_WRITE = 0x10;

  /** IN_OPEN. */
  int OPEN = 0x20;

  /** IN_MOVED_FROM. */
  int MOVED_FROM = 0x40;

  /** IN_MOVED_TO. */
  int MOVED_TO = 0x80;

  /** IN_CREATE. */
  int CREATE = 0x100;

  /** IN_DELETE. */
  int DELETE = 0x200;

  /** IN_DELETE_SELF. */
  int DELETE_SELF = 0x400;

  /** IN_MOVE_SELF. */
  int MOVE_SELF = 0x800;

  /** IN_ISDIR. */
  int IS_DIRECTORY = 0x4000_0000;

  /**
   * Something happened.
   *
   * @param cookie what joins both halves of a move, or 0
   * @param name in a directory that is watched, or empty
   */
  void happened(int event, int cookie, String name);
}
