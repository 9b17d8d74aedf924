package io.github.epollo.fs;

import static io.github.epollo.fs.engine.NameOperation.MAKE_DIRECTORY;
import static io.github.epollo.fs.engine.NameOperation.OPEN;

import io.github.epollo.fs.engine.CallWait;
import io.github.epollo.fs.engine.Name;
import io.github.epollo.fs.engine.NameCall;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileFlags;
import java.io.IOException;
import java.nio.file.Path;

/** Makes temporary files and directories. What was made when its maker is cancelled is removed again. */
final class TemporaryNames {
  private static final int FILE_MODE = 0600;
  private static final int DIRECTORY_MODE = 0700;
  private static final int ATTEMPTS = 10; // one is enough, but for somebody who guesses

  private final Names names;

  TemporaryNames(Names names) {
    this.names = names;
  }

  Path file(Path directory, String prefix, String suffix) throws IOException {
    return make(directory, prefix, suffix, true);
  }

  Path directory(Path directory, String prefix) throws IOException {
    return make(directory, prefix, "", false);
  }

  private Path make(Path directory, String prefix, String suffix, boolean file) throws IOException {
    requirePart(prefix);
    requirePart(suffix);
    for (int i = 1;; i++) {
      Path path = directory.resolve(prefix + RandomName.create() + suffix);
      Name name = Name.of(path);
      int result = file ? makeFile(name) : makeDirectory(name);
      if (result >= 0) {
        return path;
      }
      if (result != -Errno.EEXIST || i == ATTEMPTS) {
        throw Names.failure(file ? OPEN : MAKE_DIRECTORY, name, null, result);
      }
    }
  }

  private static void requirePart(String part) {
    if (part.indexOf('/') >= 0) {
      throw new IllegalArgumentException(
          "cannot make a temporary name with \"" + part + "\": name the directory by the first argument");
    }
  }

  private int makeFile(Name name) throws IOException {
    int flags = FileFlags.O_WRONLY | FileFlags.O_CREAT | FileFlags.O_EXCL | FileFlags.O_NOFOLLOW | FileFlags.O_CLOEXEC;
    NameCall call = new NameCall(names.context(), OPEN, name, null, flags, FILE_MODE);
    long result = CallWait.forOutcome(call, number -> {
      names.taken(number).close();
      names.removeQuietly(name, 0);
    });
    call.end();
    if (result >= 0) {
      names.taken(result).close();
    }
    return (int) result;
  }

  private int makeDirectory(Name name) throws IOException {
    NameCall call = new NameCall(names.context(), MAKE_DIRECTORY, name, null, 0, DIRECTORY_MODE);
    long result = CallWait.forOutcome(call, _ -> names.removeQuietly(name, FileFlags.AT_REMOVEDIR));
    call.end();
    return (int) result;
  }
}
