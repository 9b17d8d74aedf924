package io.github.epollo.fs;

import static io.github.epollo.fs.engine.NameOperation.OPEN;
import static io.github.epollo.fs.engine.NameOperation.UNLINK;

import io.github.epollo.fs.engine.CallWait;
import io.github.epollo.fs.engine.DirectoryPurge;
import io.github.epollo.fs.engine.DirectoryRead;
import io.github.epollo.fs.engine.Name;
import io.github.epollo.fs.engine.PathBytes;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileFlags;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/**
 * {@link AsyncFiles#deleteTree}. What is removed is always named within an open directory that was reached from the tree's own root without following a link, so that whatever others put in the place
 * of a directory meanwhile, nothing outside is touched.
 */
final class TreeDeletion {
  /** How often a name is looked at that others keep changing, or a directory that others keep filling. */
  private static final int ATTEMPTS = 100;

  private final Names names;

  TreeDeletion(Names names) {
    this.names = names;
  }

  void delete(Path path) throws IOException {
    Name whole = Name.of(path);
    Path last = path.getFileName();
    byte[] name = last == null ? new byte[0] : PathBytes.of(last);
    if (name.length == 0 || DirectoryRead.isSelfOrParent(name)) {
      throw new FileSystemException(whole.toString(), null,
          "cannot delete a tree by a path that does not end with its name; give its canonical path");
    }
    Path parent = path.getParent();
    Path start = parent == null ? Path.of("") : parent;
    try (TreeDescent descent = new TreeDescent(names)) {
      descent.push(new TreeLevel(start, names.open(Name.above(path), FileFlags.O_PATH | FileFlags.O_DIRECTORY, 0)));
      deleteWithin(descent, name);
    }
  }

  private void deleteWithin(TreeDescent descent, byte[] root) throws IOException {
    TreeLevel base = descent.level(0);
    Name whole = base.child(root);
    int result = names.tryUnlink(whole, 0);
    if (result < 0 && result != -Errno.EISDIR) {
      throw Names.failure(UNLINK, whole, null, result);
    }
    if (result < 0) {
      enter(descent, base, root, 0);
    }
    TreeLevel level = descent.last();
    while (level != null && level != base) {
      DirectoryRead.Entry directory = level.next();
      if (directory != null) {
        enter(descent, level, directory.name(), 0);
      } else if (!level.exhausted) {
        purge(level);
      } else {
        removeEmptied(descent);
      }
      level = descent.last();
    }
  }

  /** Goes into a directory, or removes what is in its place by now. */
  private void enter(TreeDescent descent, TreeLevel level, byte[] child, int scans) throws IOException {
    Name name = level.child(child);
    for (int i = 0; i < ATTEMPTS; i++) {
      int number = names.tryOpenDirectory(name, false);
      if (number >= 0) {
        TreeLevel entered = new TreeLevel(level, child, false, names.taken(number));
        entered.scans = scans + 1;
        descent.push(entered);
        TreeLevel far = descent.tooMany();
        if (far != null) {
          descent.shed(far);
        }
        return;
      }
      if (number == -Errno.ENOENT) {
        return;
      }
      if (number != -Errno.ENOTDIR && number != -Errno.ELOOP) {
        throw Names.failure(OPEN, name, null, number);
      }
      int result = names.tryUnlink(name, 0);
      if (result == 0 || result == -Errno.ENOENT) {
        return;
      }
      if (result != -Errno.EISDIR) {
        throw Names.failure(UNLINK, name, null, result);
      }
    }
    throw new FileSystemException(name.toString(), null, "cannot delete it: others keep changing it");
  }

  private void purge(TreeLevel level) throws IOException {
    DirectoryPurge purge = new DirectoryPurge(names.context(), level.open());
    long result = CallWait.forOutcome(purge);
    try {
      level.add(purge.directories());
      level.exhausted = result == 0;
      byte[] culprit = purge.culprit();
      if (culprit != null) {
        throw Names.failure(UNLINK, level.child(culprit), null, result);
      }
      if (result < 0) {
        throw Errno.toFileException("getdents64", level.toString(), null, (int) -result);
      }
    } finally {
      purge.end();
    }
  }

  private void removeEmptied(TreeDescent descent) throws IOException {
    TreeLevel emptied = descent.pop();
    TreeLevel above = descent.level(descent.depth() - 1);
    Name name = above.child(emptied.name);
    int result = names.tryUnlink(name, FileFlags.AT_REMOVEDIR);
    boolean filledAgain = result == -Errno.ENOTEMPTY || result == -Errno.EEXIST;
    if (result == -Errno.ENOTDIR || (filledAgain && emptied.scans < ATTEMPTS)) {
      enter(descent, above, emptied.name, emptied.scans);
    } else if (result < 0 && result != -Errno.ENOENT) {
      throw Names.failure(UNLINK, name, null, result);
    }
  }
}
