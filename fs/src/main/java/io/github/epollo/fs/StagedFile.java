package io.github.epollo.fs;

import static io.github.epollo.fs.engine.NameOperation.LINK;
import static io.github.epollo.fs.engine.NameOperation.LINK_AND_RENAME;
import static io.github.epollo.fs.engine.NameOperation.OPEN;
import static io.github.epollo.fs.engine.NameOperation.RENAME;

import io.github.epollo.fs.engine.CallWait;
import io.github.epollo.fs.engine.Name;
import io.github.epollo.fs.engine.NameCall;
import io.github.epollo.fs.engine.PathBytes;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.Fd;
import io.github.epollo.runtime.kernel.FileFlags;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A new file that gets its name when it is complete. Until then it has none, where the file system can do that ({@code O_TMPFILE}), so that nothing is left even if the process is killed; else a
 * hidden one that nobody can guess, which {@link #close} removes.
 *
 * <p>Used by one thread at a time, in direct style.
 */
final class StagedFile implements AutoCloseable {
  private final Names names;
  private final Fd directory;
  private final Name target;
  private final FileHandle handle;
  private final AsyncFile file;
  private @Nullable Name hidden; // the name that it has meanwhile, where it cannot be without one

  private StagedFile(Names names, Fd directory, Name target, FileHandle handle, @Nullable Name hidden) {
    this.names = names;
    this.directory = directory;
    this.target = target;
    this.handle = handle;
    this.file = AsyncFile.of(handle);
    this.hidden = hidden;
  }

  /**
   * Begins a file for {@code target}, in the same directory. If {@code target} is a link, it is the link that the file will take the place of.
   *
   * @param mode its permissions, less those of the umask
   */
  static StagedFile create(Names names, Path target, int mode) throws IOException {
    Path last = target.getFileName();
    if (last == null) {
      throw Errno.toFileException("openat", target.toString(), null, Errno.EISDIR);
    }
    Fd directory = names.open(Name.above(target), FileFlags.O_RDONLY | FileFlags.O_DIRECTORY, 0);
    boolean done = false;
    try {
      Name name = new Name(directory, PathBytes.of(last), target);
      StagedFile staged = create(names, directory, name, mode);
      done = true;
      return staged;
    } finally {
      if (!done) {
        directory.close();
      }
    }
  }

  private static StagedFile create(Names names, Fd directory, Name target, int mode) throws IOException {
    Name self = new Name(directory, new byte[]{'.'}, target);
    int number = names.tryOpen(self, FileFlags.O_TMPFILE | FileFlags.O_RDWR, mode);
    if (number >= 0) {
      return new StagedFile(names, directory, target, handle(names, number, target), null);
    }
    if (number != -Errno.EOPNOTSUPP && number != -Errno.EISDIR && number != -Errno.EINVAL) {
      throw Names.failure(OPEN, target, null, number);
    }
    Name hidden = new Name(directory, hiddenName(), target);
    NameCall call = new NameCall(names.context(), OPEN, hidden, null, FileFlags.O_CREAT | FileFlags.O_EXCL
        | FileFlags.O_NOFOLLOW | FileFlags.O_RDWR | FileFlags.O_CLOEXEC, mode);
    long result = CallWait.forOutcome(call, opened -> {
      names.taken(opened).close();
      names.removeQuietly(hidden, 0);
    });
    call.end();
    if (result < 0) {
      throw Names.failure(OPEN, hidden, null, result);
    }
    return new StagedFile(names, directory, target, handle(names, result, target), hidden);
  }

  private static FileHandle handle(Names names, long number, Name target) throws IOException {
    return new FileHandle(Epollo.current(), names.context(), names.context().engine(), (int) number,
        new FileDescription(), target.toString(), OpenOptions.defaults().write(), 1, false, 0);
  }

  private static byte[] hiddenName() {
    return (".epollo-" + RandomName.create() + ".tmp").getBytes(StandardCharsets.US_ASCII);
  }

  /** The open file, to be written. */
  AsyncFile file() {
    return file;
  }

  /** Its number. */
  Fd fd() {
    return handle.fd;
  }

  /** The directory that it is in. */
  Fd directory() {
    return directory;
  }

  /** What the file will replace, or not. */
  Name target() {
    return target;
  }

  /**
   * Gives the file its name, in one step for whoever looks. What was cancelled may have happened.
   *
   * @throws java.nio.file.FileAlreadyExistsException if the name is taken and not to be replaced
   */
  void publish(boolean replace) throws IOException {
    if (hidden == null) {
      link(replace);
      return;
    }
    int result = names.tryRename(hidden, target, replace ? 0 : FileFlags.RENAME_NOREPLACE);
    if (result == -Errno.EINVAL && !replace) { // the file system cannot do that in one step, but link it can
      names.link(hidden, target, 0);
      return;
    }
    if (result < 0) {
      throw Names.failure(RENAME, target, null, result);
    }
    hidden = null;
  }

  private void link(boolean replace) throws IOException {
    int result = tryLink(Name.itself(handle.fd, target), FileFlags.AT_EMPTY_PATH, replace);
    if (result == -Errno.ENOENT || result == -Errno.EPERM) {
      // before Linux 6.10 that needs a privilege, and this does not
      byte[] path = ("/proc/self/fd/" + handle.fd.number()).getBytes(StandardCharsets.US_ASCII);
      result = tryLink(new Name(null, path, target), FileFlags.AT_SYMLINK_FOLLOW, replace);
    }
    if (result < 0) {
      throw Names.failure(replace ? LINK_AND_RENAME : LINK, target, null, result);
    }
  }

  private int tryLink(Name existing, int flags, boolean replace) throws IOException {
    return replace
        ? names.tryLinkAndRename(existing, hiddenName(), target, flags)
        : names.tryLink(existing, target, flags);
  }

  /** Ends it: a file that has not got its name is gone. Held back from being cancelled. */
  @Override
  public void close() throws IOException {
    try (directory) {
      Name left = hidden;
      if (left != null) {
        hidden = null;
        names.removeShielded(left);
      }
      file.close();
    }
  }
}
