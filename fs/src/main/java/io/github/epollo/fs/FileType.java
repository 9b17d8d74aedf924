package io.github.epollo.fs;

import io.github.epollo.runtime.kernel.FileFlags;

/** What a name in a file system may stand for. */
public enum FileType {
  /** A file with content. */
  REGULAR,
  /** A directory. */
  DIRECTORY,
  /** A symbolic link. */
  SYMBOLIC_LINK,
  /** A named pipe. */
  FIFO,
  /** A Unix socket. */
  SOCKET,
  /** A device of characters, such as a terminal. */
  CHARACTER_DEVICE,
  /** A device of blocks, such as a disk. */
  BLOCK_DEVICE,
  /** Something that the file system does not tell. */
  UNKNOWN;

  /** The type in the bits of a mode. */
  static FileType ofMode(int mode) {
    return switch (mode & FileFlags.S_IFMT) {
      case FileFlags.S_IFREG -> REGULAR;
      case FileFlags.S_IFDIR -> DIRECTORY;
      case FileFlags.S_IFLNK -> SYMBOLIC_LINK;
      case FileFlags.S_IFIFO -> FIFO;
      case FileFlags.S_IFSOCK -> SOCKET;
      case FileFlags.S_IFCHR -> CHARACTER_DEVICE;
      case FileFlags.S_IFBLK -> BLOCK_DEVICE;
      default -> UNKNOWN;
    };
  }
}
