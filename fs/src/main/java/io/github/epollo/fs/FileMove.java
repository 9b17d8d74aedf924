package io.github.epollo.fs;

import static io.github.epollo.fs.engine.NameOperation.RENAME;

import io.github.epollo.fs.engine.Name;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileFlags;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.CopyOption;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** {@link AsyncFiles#move}: a rename, or a copy to another file system. */
final class FileMove {
  private final Names names;
  private final boolean replace;
  private final boolean atomic;

  private FileMove(Names names, boolean replace, boolean atomic) {
    this.names = names;
    this.replace = replace;
    this.atomic = atomic;
  }

  /**
   * A move as {@code options} say.
   *
   * @throws UnsupportedOperationException if one of them is for something else
   */
  static FileMove of(Names names, CopyOption... options) {
    boolean replace = false;
    boolean atomic = false;
    for (CopyOption option : options) {
      if (option == StandardCopyOption.REPLACE_EXISTING) {
        replace = true;
      } else if (option == StandardCopyOption.ATOMIC_MOVE) {
        atomic = true;
      } else if (option != LinkOption.NOFOLLOW_LINKS) { // which a move never does
        throw new UnsupportedOperationException("cannot move with " + option + ": use REPLACE_EXISTING or ATOMIC_MOVE");
      }
    }
    return new FileMove(names, replace, atomic);
  }

  void move(Path source, Path target) throws IOException {
    Name from = Name.of(source);
    Name to = Name.of(target);
    int result = names.tryRename(from, to, replace || atomic ? 0 : FileFlags.RENAME_NOREPLACE);
    if (result == -Errno.EEXIST && isSame(from, to)) {
      return;
    }
    if (result == -Errno.EINVAL && !replace && !atomic) {
      result = renameIfFree(from, to); // the file system cannot do that in one step; or a directory goes into itself
    }
    if ((result == -Errno.EISDIR || result == -Errno.ENOTDIR) && replace && !atomic && isOfAnotherType(from, to)) {
      names.delete(to); // a file takes the place of an empty directory, or a directory of a file
      result = names.tryRename(from, to, FileFlags.RENAME_NOREPLACE);
    }
    if (result == -Errno.EXDEV && atomic) {
      throw new AtomicMoveNotSupportedException(source.toString(), target.toString(),
          "the target is on another file system: move without ATOMIC_MOVE, which copies");
    }
    if (result == -Errno.EXDEV) {
      moveByCopy(source, from, target);
    } else if (result < 0) {
      throw Names.failure(RENAME, result == -Errno.EEXIST || result == -Errno.ENOTEMPTY ? to : from,
          result == -Errno.EEXIST || result == -Errno.ENOTEMPTY ? null : to, result);
    }
  }

  /** Whether one is a directory and the other is not, both being there; else the error means that a part of a path is no directory. */
  private boolean isOfAnotherType(Name from, Name to) throws IOException {
    FileType source = names.statusIfPresent(from, false, s -> FileType.ofMode(s.mode()));
    FileType target = names.statusIfPresent(to, false, s -> FileType.ofMode(s.mode()));
    return source != null && target != null && (source == FileType.DIRECTORY) != (target == FileType.DIRECTORY);
  }

  private boolean isSame(Name from, Name to) throws IOException {
    FileIdentity there = names.statusIfPresent(to, false, FileIdentity::of);
    return there != null && there.equals(names.statusIfPresent(from, false, FileIdentity::of));
  }

  private int renameIfFree(Name from, Name to) throws IOException {
    FileType there = names.statusIfPresent(to, false, s -> FileType.ofMode(s.mode()));
    return there != null ? -Errno.EEXIST : names.tryRename(from, to, 0);
  }

  private void moveByCopy(Path source, Name from, Path target) throws IOException {
    FileType type = names.status(from, false, s -> FileType.ofMode(s.mode()));
    if (type != FileType.REGULAR && type != FileType.SYMBOLIC_LINK) {
      throw new FileSystemException(source.toString(), target.toString(),
          "cannot move " + type + " to another file system: copy what is in it, or make another there");
    }
    CopyOption[] options = replace
        ? new CopyOption[]{StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS,
          StandardCopyOption.REPLACE_EXISTING}
        : new CopyOption[]{StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS};
    FileCopy.of(names, options).copy(source, target, null);
    names.delete(from);
  }
}
