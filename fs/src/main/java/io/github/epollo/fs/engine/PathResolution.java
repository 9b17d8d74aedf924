package io.github.epollo.fs.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.FileKernel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A path without links, {@code .} and {@code ..}: its parts are looked up one after the other, as the kernel does, many system calls as one for a thread. The result is 0, or {@code -errno}.
 */
public final class PathResolution extends FileCall {
  /** As many links as the kernel follows. */
  private static final int MAX_LINKS = 40;

  private static final byte[] SELF = ".".getBytes(UTF_8);

  private final FileContext context;
  private final byte[] path;
  private final NativeBuffer memory;
  private byte @Nullable [] resolved; // written by the thread, read when the call is done

  /**
   * A call that is not made yet.
   *
   * @throws IOException if a ring is asked for and cannot be had
   */
  public PathResolution(FileContext context, Path path) throws IOException {
    super(context.engine(), context.kernel());
    this.context = context;
    this.path = PathBytes.of(path.toAbsolutePath());
    this.memory = context.names().take();
  }

  @Override
  protected long call(FileKernel kernel) {
    Deque<byte[]> parts = new ArrayDeque<>();
    prepend(parts, path);
    byte[] done = {};
    int links = 0;
    for (byte[] part = parts.poll(); part != null; part = parts.poll()) {
      if (isCancelled()) {
        return -Errno.ECANCELED;
      }
      boolean up = DirectoryRead.isSelfOrParent(part);
      byte[] next = append(done, up ? SELF : part);
      long result = readLink(kernel, next);
      if (result >= 0) {
        if (++links > MAX_LINKS) {
          return -Errno.ELOOP;
        }
        byte[] target = new byte[(int) result];
        MemorySegment.copy(memory.memory(), ValueLayout.JAVA_BYTE, Name.MAX, target, 0, target.length);
        prepend(parts, target);
        if (target[0] == '/') {
          done = new byte[0];
        }
      } else if (result != -Errno.EINVAL) { // which says that it is no link
        return result;
      } else if (!up) {
        done = next;
      } else if (part.length == 2) {
        done = parent(done);
      }
    }
    resolved = done.length == 0 ? new byte[]{'/'} : done;
    return 0;
  }

  private static void prepend(Deque<byte[]> parts, byte[] path) {
    int end = path.length;
    while (end > 0) {
      int slash = end - 1;
      while (slash >= 0 && path[slash] != '/') {
        slash--;
      }
      if (slash + 1 < end) {
        parts.push(Arrays.copyOfRange(path, slash + 1, end));
      }
      end = slash;
    }
  }

  private static byte[] append(byte[] path, byte[] part) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(path);
    bytes.write('/');
    bytes.writeBytes(part);
    return bytes.toByteArray();
  }

  private static byte[] parent(byte[] path) {
    int slash = path.length - 1;
    while (slash > 0 && path[slash] != '/') {
      slash--;
    }
    return Arrays.copyOf(path, Math.max(slash, 0));
  }

  private long readLink(FileKernel kernel, byte[] name) {
    return put(name)
        ? kernel.readlinkat(FileFlags.AT_FDCWD, memory.address(), memory.address() + Name.MAX, Name.MAX)
        : -Errno.ENAMETOOLONG;
  }

  private boolean put(byte[] name) {
    if (name.length >= Name.MAX) {
      return false;
    }
    MemorySegment.copy(name, 0, memory.memory(), ValueLayout.JAVA_BYTE, 0, name.length);
    memory.memory().set(ValueLayout.JAVA_BYTE, name.length, (byte) 0);
    return true;
  }

  @Override
  protected void release() {
    context.names().give(memory);
  }

  /** The path that it has found. */
  public Path resolved() {
    byte[] found = resolved;
    if (found == null) {
      throw new IllegalStateException("not resolved");
    }
    return PathBytes.toPath(found);
  }

  @Override
  public String toString() {
    return "resolve " + PathBytes.toPath(path);
  }
}
