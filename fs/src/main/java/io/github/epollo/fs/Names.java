package io.github.epollo.fs;

import static io.github.epollo.fs.engine.NameOperation.CHANGE_MODE;
import static io.github.epollo.fs.engine.NameOperation.CHANGE_TIMES;
import static io.github.epollo.fs.engine.NameOperation.FILE_SYSTEM;
import static io.github.epollo.fs.engine.NameOperation.LINK;
import static io.github.epollo.fs.engine.NameOperation.LINK_AND_RENAME;
import static io.github.epollo.fs.engine.NameOperation.MAKE_DIRECTORY;
import static io.github.epollo.fs.engine.NameOperation.OPEN;
import static io.github.epollo.fs.engine.NameOperation.READ_LINK;
import static io.github.epollo.fs.engine.NameOperation.RENAME;
import static io.github.epollo.fs.engine.NameOperation.STATUS;
import static io.github.epollo.fs.engine.NameOperation.SYMBOLIC_LINK;
import static io.github.epollo.fs.engine.NameOperation.SYNC;
import static io.github.epollo.fs.engine.NameOperation.UNLINK;

import io.github.epollo.fs.engine.CallWait;
import io.github.epollo.fs.engine.FileContext;
import io.github.epollo.fs.engine.Name;
import io.github.epollo.fs.engine.NameCall;
import io.github.epollo.fs.engine.NameOperation;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.Fd;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.FileStatus;
import io.github.epollo.runtime.kernel.FileSystemStatus;
import io.github.epollo.runtime.kernel.FileTimes;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NotLinkException;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The calls on names in direct style, on the files of one loop. Those that change something wait for their outcome even when they are cancelled ({@link CallWait#forOutcome}).
 *
 * <p>Results are {@code >= 0} or {@code -errno} where an error may be an answer; the other methods throw.
 */
final class Names {
  private static final int ALL_PERMISSIONS = 0777;

  private final FileContext context;

  private Names(FileContext context) {
    this.context = context;
  }

  /** On the files of the loop that the caller runs on. */
  static Names current() {
    return new Names(FileContext.current());
  }

  FileContext context() {
    return context;
  }

  /** The exception for {@code result}, an error. */
  static FileSystemException failure(NameOperation operation, Name name, @Nullable Name other, long result) {
    return Errno.toFileException(operation.toString(), name.toString(), other == null ? null : other.toString(),
        (int) -result);
  }

  /** Waits for a call that changes something; {@code >= 0} or {@code -errno}. */
  private int outcome(NameOperation operation, Name name, @Nullable Name other, int flags, int mode)
      throws IOException {
    return outcome(new NameCall(context, operation, name, other, flags, mode));
  }

  private static int outcome(NameCall call) {
    int result = (int) CallWait.forOutcome(call);
    call.end();
    return result;
  }

  /** As {@link #outcome}; throws if it failed. */
  private int change(NameOperation operation, Name name, @Nullable Name other, int flags, int mode)
      throws IOException {
    int result = outcome(operation, name, other, flags, mode);
    if (result < 0) {
      throw failure(operation, name, other, result);
    }
    return result;
  }

  private <T> T ask(NameOperation operation, Name name, int flags, int mode, Function<NameCall, T> answer)
      throws IOException {
    NameCall call = new NameCall(context, operation, name, null, flags, mode);
    long result = CallWait.forAnswer(call);
    try {
      if (result < 0) {
        throw failure(operation, name, null, result);
      }
      return answer.apply(call);
    } finally {
      call.end();
    }
  }

  /** What {@code answer} makes of the status of a file. */
  <T> T status(Name name, boolean follow, Function<FileStatus, T> answer) throws IOException {
    NameCall call = statusCall(name, follow);
    try {
      int result = statusResult(call);
      if (result < 0) {
        throw failure(STATUS, name, null, result);
      }
      return answer.apply(call.status());
    } finally {
      call.abandon();
    }
  }

  /** As {@link #status}; null if there is no file. */
  <T> @Nullable T statusIfPresent(Name name, boolean follow, Function<FileStatus, T> answer) throws IOException {
    NameCall call = statusCall(name, follow);
    try {
      int result = statusResult(call);
      if (result == -Errno.ENOENT || result == -Errno.ENOTDIR) {
        return null;
      }
      if (result < 0) {
        throw failure(STATUS, name, null, result);
      }
      return answer.apply(call.status());
    } finally {
      call.abandon();
    }
  }

  private NameCall statusCall(Name name, boolean follow) throws IOException {
    int flags = (name.isEmpty() ? FileFlags.AT_EMPTY_PATH : 0) | (follow ? 0 : FileFlags.AT_SYMLINK_NOFOLLOW);
    return new NameCall(context, STATUS, name, null, flags, FileStatus.BASIC | FileStatus.BIRTH_TIME);
  }

  /** On the spot, or from the engine. */
  private static int statusResult(NameCall call) {
    Awaiter awaiter = Awaiter.current();
    while (!Awaiter.proceed(awaiter)) {
      awaiter.park(call); // others get their turn
    }
    int result = call.statusOnTheSpot();
    return result != NameCall.WOULD_WAIT ? result : (int) CallWait.forAnswer(call);
  }

  /** Opens a file; the caller closes it. */
  Fd open(Name name, int flags, int mode) throws IOException {
    return taken(change(OPEN, name, null, flags | FileFlags.O_CLOEXEC, mode));
  }

  /** As {@link #open}; {@code -errno}, or the number of a file that {@link #taken} takes over. */
  int tryOpen(Name name, int flags, int mode) throws IOException {
    return outcome(OPEN, name, null, flags | FileFlags.O_CLOEXEC, mode);
  }

  /** The file that {@link #tryOpen} has opened; the caller closes it. */
  Fd taken(long number) {
    return new Fd(context.loop().kernel(), (int) number);
  }

  /** Opens a directory, which the last part of the name must be itself unless links are followed. */
  int tryOpenDirectory(Name name, boolean follow) throws IOException {
    return tryOpen(name, FileFlags.O_RDONLY | FileFlags.O_DIRECTORY | (follow ? 0 : FileFlags.O_NOFOLLOW), 0);
  }

  /** As {@link #tryOpenDirectory}, or throws. */
  Fd openDirectory(Name name, boolean follow) throws IOException {
    return open(name, FileFlags.O_RDONLY | FileFlags.O_DIRECTORY | (follow ? 0 : FileFlags.O_NOFOLLOW), 0);
  }

  void makeDirectory(Name name, int mode) throws IOException {
    int _ = change(MAKE_DIRECTORY, name, null, 0, mode);
  }

  int tryMakeDirectory(Name name) throws IOException {
    return outcome(MAKE_DIRECTORY, name, null, 0, ALL_PERMISSIONS);
  }

  /** Removes a file, or a directory that is empty. */
  void delete(Name name) throws IOException {
    int result = tryDelete(name);
    if (result < 0) {
      throw failure(UNLINK, name, null, result);
    }
  }

  /** As {@link #delete}; false if there is none. */
  boolean deleteIfPresent(Name name) throws IOException {
    int result = tryDelete(name);
    if (result < 0 && result != -Errno.ENOENT) {
      throw failure(UNLINK, name, null, result);
    }
    return result == 0;
  }

  /** As {@link #delete}; 0 or {@code -errno}. */
  int tryDelete(Name name) throws IOException {
    int result = tryUnlink(name, 0);
    return result == -Errno.EISDIR ? tryUnlink(name, FileFlags.AT_REMOVEDIR) : result;
  }

  /** Removes what must not stay, in a shield. That it cannot be removed is less than what led here. */
  void removeQuietly(Name name, int flags) {
    try {
      int _ = tryUnlink(name, flags);
    } catch (IOException e) {
      // no engine, or the directory was closed: then there is nobody to tell, and nothing that could be done
    }
  }

  /** As {@link #removeQuietly}, for a file and from outside of a shield. */
  void removeShielded(Name name) {
    Tasks.shield(() -> removeQuietly(name, 0));
  }

  int tryUnlink(Name name, int flags) throws IOException {
    return outcome(UNLINK, name, null, flags, 0);
  }

  int tryRename(Name source, Name target, int flags) throws IOException {
    return outcome(RENAME, source, target, flags, 0);
  }

  void rename(Name source, Name target, int flags) throws IOException {
    int _ = change(RENAME, source, target, flags, 0);
  }

  void link(Name existing, Name name, int flags) throws IOException {
    int _ = change(LINK, existing, name, flags, 0);
  }

  int tryLink(Name existing, Name name, int flags) throws IOException {
    return outcome(LINK, existing, name, flags, 0);
  }

  /** Links {@code existing} as {@code target}, in whose place it comes; by way of a name in the same directory. */
  int tryLinkAndRename(Name existing, byte[] temporary, Name target, int flags) throws IOException {
    NameCall call = new NameCall(context, LINK_AND_RENAME, existing, target, flags, 0);
    call.temporary(temporary);
    return outcome(call);
  }

  void symbolicLink(Name name, Name target) throws IOException {
    int _ = change(SYMBOLIC_LINK, name, target, 0, 0);
  }

  byte[] readLink(Name name) throws IOException {
    NameCall call = new NameCall(context, READ_LINK, name, null, 0, 0);
    long result = CallWait.forAnswer(call);
    try {
      if (result == -Errno.EINVAL) {
        throw new NotLinkException(name.toString(), null, "readlinkat failed: it is no symbolic link");
      }
      if (result < 0) {
        throw failure(READ_LINK, name, null, result);
      }
      return call.text((int) result);
    } finally {
      call.end();
    }
  }

  void changeMode(Name name, int mode) throws IOException {
    int _ = change(CHANGE_MODE, name, null, 0, mode);
  }

  /** Waits until what was written to an open file, or changed in an open directory, is on the device. */
  void sync(Name file) throws IOException {
    int _ = change(SYNC, file, null, 0, 0);
  }

  /** Sets the times that are not null. */
  void changeTimes(Name name, @Nullable Instant accessed, @Nullable Instant modified, boolean follow)
      throws IOException {
    NameCall call = new NameCall(context, CHANGE_TIMES, name, null, follow ? 0 : FileFlags.AT_SYMLINK_NOFOLLOW, 0);
    put(call.times(), FileTimes.ACCESS, accessed);
    put(call.times(), FileTimes.MODIFICATION, modified);
    int result = outcome(call);
    if (result < 0) {
      throw failure(CHANGE_TIMES, name, null, result);
    }
  }

  private static void put(FileTimes times, int index, @Nullable Instant time) {
    if (time == null) {
      times.put(index, 0, FileTimes.OMIT);
    } else {
      times.put(index, time.getEpochSecond(), time.getNano());
    }
  }

  /** What {@code answer} makes of the file system of a file. */
  <T> T fileSystem(Name name, Function<FileSystemStatus, T> answer) throws IOException {
    return ask(FILE_SYSTEM, name, 0, 0, call -> answer.apply(call.fileSystem()));
  }
}
