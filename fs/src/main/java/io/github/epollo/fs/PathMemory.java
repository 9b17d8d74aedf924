package io.github.epollo.fs;

import io.github.epollo.fs.engine.FileContext;
import io.github.epollo.fs.engine.NativeBuffer;
import io.github.epollo.fs.engine.PathBytes;
import io.github.epollo.runtime.kernel.Errno;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** A path in native memory, for a call that owns it from then on. */
final class PathMemory {
  private PathMemory() {}

  /** A buffer of {@link FileContext#names} with the path and a zero byte. */
  static NativeBuffer of(FileContext context, Path path) throws FileSystemException {
    byte[] name = PathBytes.of(path);
    NativeBuffer memory = context.names().take();
    if (name.length >= memory.size()) {
      context.names().give(memory);
      throw Errno.toFileException("openat", path.toString(), null, Errno.ENAMETOOLONG);
    }
    memory.bytes().put(0, name).put(name.length, (byte) 0);
    return memory;
  }
}
