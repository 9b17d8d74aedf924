package io.github.epollo.fs;

import io.github.epollo.runtime.kernel.FileFlags;

/** What kind of file a name stands for. */
public enum FileType {
  /** A sequence of bytes. */
  REGULAR,
  /** A directory. */
  DIRECTORY,
  /** A symbolic link itself. */
  SYMBOLIC_LINK,
  /** A pipe with a name. */
  FIFO,
  /** A socket of the Unix domain. */
  SOCKET,
  /** A device of bytes, such as a terminal. */
  CHARACTER_DEVICE,
  /** A device of blocks, such as a disk. */
  BLOCK_DEVICE,
  /** None of these. */
  OTHER;

  /** The type that the bits of a mode tell. */
  static FileType of(int mode) {
    return switch (mode & FileFlags.S_IFMT) {
      case FileFlags.S_IFREG -> REGULAR;
      case FileFlags.S_IFDIR -> DIRECTORY;
      case FileFlags.S_IFLNK -> SYMBOLIC_LINK;
      case FileFlags.S_IFIFO -> FIFO;
      case FileFlags.S_IFSOCK -> SOCKET;
      case FileFlags.S_IFCHR -> CHARACTER_DEVICE;
      case FileFlags.S_IFBLK -> BLOCK_DEVICE;
      default -> OTHER;
    };
  }
}
