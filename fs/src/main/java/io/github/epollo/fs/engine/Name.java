package io.github.epollo.fs.engine;

import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.Fd;
import io.github.epollo.runtime.kernel.FileFlags;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A name as system calls take it: bytes, from an open directory on or from the current one. */
public final class Name {
  /** The most bytes of a name, its final zero byte included: {@code PATH_MAX}. */
  public static final int MAX = 4096;

  private final @Nullable Fd directory;
  private final byte[] bytes;
  private final Object shown;

  /**
   * A name.
   *
   * @param directory where a relative name starts; null for the current directory of the process
   * @param bytes the name, without a zero byte at its end
   * @param shown what messages call it
   */
  public Name(@Nullable Fd directory, byte[] bytes, Object shown) {
    this.directory = directory;
    this.bytes = bytes;
    this.shown = shown;
  }

  /**
   * The name of {@code path}.
   *
   * @throws java.nio.file.ProviderMismatchException if it is no path of the default file system
   * @throws FileSystemException if the kernel takes none that is so long
   */
  public static Name of(Path path) throws FileSystemException {
    byte[] bytes = PathBytes.of(path);
    if (bytes.length >= MAX) {
      throw Errno.toFileException("path", path.toString(), null, Errno.ENAMETOOLONG);
    }
    return new Name(null, bytes, path);
  }

  /** The directory that {@code path} names something in, for a call that is about {@code path}. */
  public static Name above(Path path) throws FileSystemException {
    Path parent = path.getParent();
    return new Name(null, of(parent == null ? Path.of("") : parent).bytes, path);
  }

  /** The file that {@code directory} itself is. */
  public static Name itself(Fd directory, Object shown) {
    return new Name(directory, new byte[0], shown);
  }

  @Nullable
  Fd directory() {
    return directory;
  }

  byte[] bytes() {
    return bytes;
  }

  /** Whether it is {@link #itself}. */
  public boolean isEmpty() {
    return bytes.length == 0;
  }

  /** The number of the directory; while it is held. */
  int directoryNumber() {
    return directory == null ? FileFlags.AT_FDCWD : directory.number();
  }

  @Override
  public String toString() {
    return shown.toString();
  }
}
