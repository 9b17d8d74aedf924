package io.github.epollo.fs;

import static io.github.epollo.fs.engine.NameOperation.OPEN;

import io.github.epollo.fs.engine.CallWait;
import io.github.epollo.fs.engine.DirectoryRead;
import io.github.epollo.fs.engine.Name;
import io.github.epollo.fs.engine.PathBytes;
import io.github.epollo.runtime.kernel.DirectoryEntries;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileStatus;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A walk through a tree in direct style, a chunk at a time: a directory comes before what is in it, and its entries in the order that the file system tells them. Nothing is read before it is asked for.
 *
 * <p><b>Threading:</b> one at a time calls {@link #next}; {@link #close} may come from any thread.
 */
final class TreeWalk {
  /*
   *   IDLE    -> RUNNING // next()
   *   RUNNING -> IDLE    // next() returns
   *   RUNNING -> CLOSED  // close(): next() closes the directories when it returns; or next() fails, and closes them
   *   IDLE    -> CLOSED  // close(), which closes the directories
   */
  private enum State {
    IDLE, RUNNING, CLOSED
  }

  /** How many entries there are in a chunk at the most, or a few more. */
  private static final int CHUNK = 256;

  private final Path start;
  private final int maxDepth;
  private final boolean follow;
  private final boolean withStart;
  private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);

  private @Nullable TreeDescent descent; // null before the first chunk
  private @Nullable Names names;

  /** {@code withStart}: whether the start is an entry, too, and need not be a directory; else it must be one, or a link to one. */
  TreeWalk(Path start, int maxDepth, boolean follow, boolean withStart) {
    this.start = start;
    this.maxDepth = maxDepth;
    this.follow = follow;
    this.withStart = withStart;
  }

  /** Waits for some more entries; none at the end. */
  List<DirectoryEntry> next() throws IOException {
    if (!state.compareAndSet(State.IDLE, State.RUNNING)) {
      return List.of(); // closed: nobody takes them
    }
    boolean done = false;
    try {
      List<DirectoryEntry> entries = read();
      done = true;
      return entries;
    } finally {
      if (!done) {
        state.set(State.CLOSED);
        closeDirectories();
      } else if (!state.compareAndSet(State.RUNNING, State.IDLE)) {
        closeDirectories();
      }
    }
  }

  /** Closes the directories, at once or when the chunk under way is there. Idempotent. */
  void close() {
    if (state.getAndSet(State.CLOSED) == State.IDLE) {
      closeDirectories();
    }
  }

  private void closeDirectories() {
    if (descent != null) {
      descent.close();
    }
  }

  private List<DirectoryEntry> read() throws IOException {
    List<DirectoryEntry> found = new ArrayList<>();
    TreeDescent down = descent;
    Names calls = names;
    if (down == null || calls == null) {
      calls = Names.current();
      down = new TreeDescent(calls);
      names = calls;
      descent = down;
      begin(calls, down, found);
    }
    TreeLevel level = down.last();
    while (level != null && found.size() < CHUNK) {
      DirectoryRead.Entry entry = level.next();
      if (entry != null) {
        visit(calls, down, level, entry, found);
      } else if (level.exhausted) {
        TreeLevel _ = down.pop();
      } else if (found.isEmpty()) {
        fill(calls, level);
      } else {
        return found; // before the next wait
      }
      level = down.last();
    }
    return found;
  }

  private void begin(Names calls, TreeDescent down, List<DirectoryEntry> found) throws IOException {
    Name name = Name.of(start);
    if (!withStart) {
      down.push(new TreeLevel(start, calls.openDirectory(name, true)));
      return;
    }
    FileType type = followed(calls, name, calls.status(name, false, TreeWalk::type));
    found.add(new DirectoryEntry(start, type, 0));
    if (type == FileType.DIRECTORY && maxDepth > 0) {
      int number = calls.tryOpenDirectory(name, follow);
      if (number >= 0) {
        down.push(new TreeLevel(start, calls.taken(number)));
      } else {
        requireGone(number, name);
      }
    }
  }

  private void fill(Names calls, TreeLevel level) throws IOException {
    DirectoryRead read = new DirectoryRead(calls.context(), level.open());
    long result = CallWait.forAnswer(read);
    try {
      if (result < 0) {
        throw Errno.toFileException("getdents64", level.toString(), null, (int) -result);
      }
      level.add(read.entries(result));
      level.exhausted = result == 0;
    } finally {
      read.end();
    }
  }

  private void visit(Names calls, TreeDescent down, TreeLevel level, DirectoryRead.Entry entry,
      List<DirectoryEntry> found) throws IOException {
    Name name = level.child(entry.name());
    FileType entryType = entry.type() == DirectoryEntries.UNKNOWN
        ? calls.statusIfPresent(name, false, TreeWalk::type)
        : FileType.ofMode(entry.type());
    if (entryType == null) {
      return; // it is gone since it was read
    }
    int depth = down.depth();
    FileType type = followed(calls, name, entryType);
    found.add(new DirectoryEntry(level.path().resolve(PathBytes.toPath(entry.name())), type, depth));
    if (type == FileType.DIRECTORY && depth < maxDepth) {
      enter(calls, down, level, entry, name, entryType != type);
    }
  }

  /** What a link points to, if that is asked for and there; else {@code type}. */
  private FileType followed(Names calls, Name name, FileType type) throws IOException {
    if (!follow || type != FileType.SYMBOLIC_LINK) {
      return type;
    }
    FileType target = calls.statusIfPresent(name, true, TreeWalk::type);
    return target == null ? type : target;
  }

  private static FileType type(FileStatus status) {
    return FileType.ofMode(status.mode());
  }

  private void enter(Names calls, TreeDescent down, TreeLevel level, DirectoryRead.Entry entry, Name name,
      boolean throughLink) throws IOException {
    TreeLevel far = down.tooMany();
    if (far != null) {
      while (!far.exhausted) {
        fill(calls, far);
      }
      down.shed(far);
    }
    int number = calls.tryOpenDirectory(name, throughLink);
    if (number < 0) {
      requireGone(number, name);
      return;
    }
    TreeLevel entered = new TreeLevel(level, entry.name(), throughLink, calls.taken(number));
    down.push(entered);
    if (follow) {
      requireNoLoop(down, entered);
    }
  }

  /** What was a directory may be none any more: then there is nothing in it. */
  private static void requireGone(int result, Name name) throws IOException {
    if (result != -Errno.ENOENT && result != -Errno.ENOTDIR && result != -Errno.ELOOP) {
      throw Names.failure(OPEN, name, null, result);
    }
  }

  private static void requireNoLoop(TreeDescent down, TreeLevel entered) throws IOException {
    FileIdentity identity = down.identify(entered);
    for (int i = 0; i + 1 < down.depth(); i++) {
      if (identity.equals(down.identify(down.level(i)))) {
        throw new FileSystemLoopException(entered.toString());
      }
    }
  }
}
