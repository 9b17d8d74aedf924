package io.github.epollo.fs;

import io.github.epollo.fs.engine.FileContext;
import io.github.epollo.fs.engine.Name;
import io.github.epollo.runtime.kernel.Fd;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.FileStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Arrays;

/** Files that are read or written as a whole, in direct style. */
final class WholeFile {
  private static final int LIMIT = Integer.MAX_VALUE - 8; // of an array
  private static final int FIRST = 8192; // for files that do not know their size
  private static final int DEFAULT_MODE = 0666;

  private WholeFile() {}

  static byte[] read(Path path) throws IOException {
    try (AsyncFile file = AsyncFile.open(path, OpenOptions.defaults())) {
      FileHandle handle = file.handle();
      long size = handle.openedSize;
      requireArray(path, size);
      byte[] bytes = new byte[size > 0 ? (int) size : FIRST];
      int filled = 0;
      ByteBuffer more = ByteBuffer.allocate(1); // so that a read which fills the array also tells whether the file has grown
      while (true) {
        int left = bytes.length - filled;
        ByteBuffer[] targets = {ByteBuffer.wrap(bytes, filled, left), more};
        int n = (int) file.readAt(targets, filled);
        if (n < 0) {
          return filled == bytes.length ? bytes : Arrays.copyOf(bytes, filled);
        }
        filled += n;
        if (filled > bytes.length) {
          requireArray(path, filled);
          int last = bytes.length;
          bytes = Arrays.copyOf(bytes, (int) Math.min(LIMIT, Math.max(FIRST, 2L * last)));
          bytes[last] = more.flip().get();
          more.clear();
        } else if (filled == size && left < FileContext.DATA_SIZE && handle.local) {
          return bytes;
        }
      }
    }
  }

  private static void requireArray(Path path, long size) throws FileSystemException {
    if (size > LIMIT) {
      throw new FileSystemException(path.toString(), null,
          "has " + size + " bytes or more, which no array holds: open it, and read a part at a time");
    }
  }

  static String readString(Path path, Charset charset) throws IOException {
    byte[] bytes = read(path);
    try {
      return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString(); // which reports what is malformed
    } catch (CharacterCodingException e) {
      throw notText(path, "its bytes are no text in " + charset, e);
    }
  }

  static byte[] encode(Path path, CharSequence text, Charset charset) throws IOException {
    try {
      ByteBuffer bytes = charset.newEncoder().encode(CharBuffer.wrap(text));
      return Arrays.copyOfRange(bytes.array(), bytes.arrayOffset(), bytes.arrayOffset() + bytes.limit());
    } catch (CharacterCodingException e) {
      throw notText(path, "the text cannot be written in " + charset, e);
    }
  }

  private static FileSystemException notText(Path path, String reason, CharacterCodingException cause) {
    FileSystemException exception = new FileSystemException(path.toString(), null,
        reason + ": " + cause.getMessage() + "; name the right charset, or use bytes");
    exception.initCause(cause);
    return exception;
  }

  static void write(Path path, byte[] bytes) throws IOException {
    try (AsyncFile file = AsyncFile.open(path, OpenOptions.defaults().write().create().truncate())) {
      file.writeFullyAt(ByteBuffer.wrap(bytes), 0);
    }
  }

  static void append(Path path, byte[] bytes) throws IOException {
    try (AsyncFile file = AsyncFile.open(path, OpenOptions.defaults().append().create())) {
      ByteBuffer source = ByteBuffer.wrap(bytes);
      while (source.hasRemaining()) {
        int _ = file.write(source);
      }
    }
  }

  /** {@link AsyncFiles#writeAtomically}. */
  static void writeAtomically(Names names, Path path, byte[] bytes) throws IOException {
    Name name = Name.of(path);
    Integer present = names.statusIfPresent(name, false, FileStatus::mode);
    int there = present == null ? 0 : present;
    boolean keepsMode = FileType.ofMode(there) == FileType.REGULAR;
    try (StagedFile staged = StagedFile.create(names, path, keepsMode ? there & 0777 : DEFAULT_MODE)) {
      AsyncFile file = staged.file();
      file.writeFullyAt(ByteBuffer.wrap(bytes), 0);
      if (keepsMode) {
        file.setPermissions(there & 07777);
      }
      file.sync();
      staged.publish(true);
      names.sync(Name.itself(staged.directory(), path));
    }
  }

  /** Waits until what was changed in {@code directory} is on the device. */
  static void syncDirectory(Names names, Path directory) throws IOException {
    Fd fd = names.open(Name.of(directory), FileFlags.O_RDONLY | FileFlags.O_DIRECTORY, 0);
    try {
      names.sync(Name.itself(fd, directory));
    } finally {
      fd.close();
    }
  }
}
