package io.github.epollo.testkit.sim.files;

import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.Sockets;
import io.github.epollo.testkit.sim.OpenFile;
import io.github.epollo.testkit.sim.SimSocket;
import io.github.epollo.testkit.sim.UserMemory;
import io.github.epollo.testkit.sim.WouldWait;
import io.github.epollo.testkit.sim.disk.RegularFile;
import io.github.epollo.testkit.sim.disk.Watcher;
import java.lang.foreign.Arena;

/** The calls that move bytes from one file to another inside the kernel. */
public final class Transfers {
  private static final int CHUNK = 64 * 1024;

  private final FdCalls fds;

  Transfers(FdCalls fds) {
    this.fds = fds;
  }

  /** copy_file_range(2). */
  public long copyFileRange(int sourceFd, long sourceOffset, int targetFd, long targetOffset, long length) {
    OpenFile from = fds.file(sourceFd);
    OpenFile to = fds.file(targetFd);
    if (from instanceof OpenDirectory || to instanceof OpenDirectory) {
      return -Errno.EISDIR;
    }
    if (!(from instanceof OpenRegular source) || !(to instanceof OpenRegular target)) {
      boolean path = from instanceof NodeFile || to instanceof NodeFile;
      return path && !(from instanceof OpenRegular && to instanceof OpenRegular) && isPath(from, to)
          ? -Errno.EBADF
          : -Errno.EINVAL;
    }
    if (!source.isReadable() || !target.isWritable() || target.has(FileFlags.O_APPEND)) {
      return -Errno.EBADF;
    }
    long in = sourceOffset == -1 ? source.seek(0, FileFlags.SEEK_CUR) : sourceOffset;
    long out = targetOffset == -1 ? target.seek(0, FileFlags.SEEK_CUR) : targetOffset;
    if (in < 0 || out < 0 || length < 0) {
      return -Errno.EINVAL;
    }
    RegularFile file = source.file();
    int most = (int) Math.min(length, 1 << 30);
    int count = file.available(in, most);
    if (file == target.file() && in < out + count && out < in + count) {
      return -Errno.EINVAL;
    }
    if (count == 0) {
      return 0;
    }
    int done = target.file().write(out, file.read(in, count));
    target.file().happened(Watcher.MODIFY);
    moved(source, sourceOffset, done);
    moved(target, targetOffset, done);
    return done;
  }

  private static boolean isPath(OpenFile from, OpenFile to) {
    return (from instanceof NodeFile f && f.isPath()) || (to instanceof NodeFile t && t.isPath());
  }

  private static void moved(OpenRegular file, long offset, long count) {
    if (offset == -1) {
      long _ = file.seek(count, FileFlags.SEEK_CUR);
    }
  }

  /** sendfile(2). */
  public long sendfile(int targetFd, int sourceFd, long sourceOffset, long count) {
    OpenFile from = fds.file(sourceFd);
    OpenFile to = fds.file(targetFd);
    if (!isReadable(from)) {
      return -Errno.EBADF;
    }
    if (sourceOffset != -1 && !(from instanceof NodeFile)) {
      return -Errno.ESPIPE;
    }
    if (sourceOffset < -1) {
      return -Errno.EINVAL;
    }
    if (!isWritable(to)) {
      return -Errno.EBADF;
    }
    if (to instanceof PipeEnd end && !end.pipe().hasReaders()) {
      return -Errno.EPIPE;
    }
    if (to instanceof PipeEnd end && end.pipe().isFull()) {
      return waiting(end.isNonBlocking(), "sendfile into a full pipe");
    }
    if (!(from instanceof OpenRegular source) || (to instanceof NodeFile target && target.has(FileFlags.O_APPEND))) {
      return -Errno.EINVAL;
    }
    long at = sourceOffset == -1 ? source.seek(0, FileFlags.SEEK_CUR) : sourceOffset;
    long done = 0;
    while (done < count) {
      byte[] bytes = source.file().read(at + done, (int) Math.min(CHUNK, count - done));
      if (bytes.length == 0) {
        break;
      }
      long result = write(to, bytes);
      if (result < 0) {
        if (done == 0) {
          return result;
        }
        break;
      }
      done += result;
      if (result < bytes.length) {
        break;
      }
    }
    source.file().load(at, (int) Math.min(done, Integer.MAX_VALUE));
    moved(source, sourceOffset, done);
    return done;
  }

  private static long write(OpenFile file, byte[] bytes) {
    try (Arena arena = Arena.ofConfined()) {
      return file.write(UserMemory.copyOf(bytes, arena));
    }
  }

  /** splice(2). */
  public long splice(int sourceFd, long sourceOffset, int targetFd, long targetOffset, long length, int flags) {
    if (length == 0) {
      return 0;
    }
    return splice(fds.file(sourceFd), sourceOffset, fds.file(targetFd), targetOffset, length, flags);
  }

  /** splice(2) between files that were looked up before. */
  public long splice(OpenFile from, long sourceOffset, OpenFile to, long targetOffset, long length, int flags) {
    boolean dontWait = (flags & FileFlags.SPLICE_F_NONBLOCK) != 0;
    if (length == 0) {
      return 0;
    }
    if (length < 0 || (flags & ~0xf) != 0) {
      return -Errno.EINVAL;
    }
    PipeEnd in = from instanceof PipeEnd end ? end : null;
    PipeEnd out = to instanceof PipeEnd end ? end : null;
    if (!isPath(from, to) && ((in != null && sourceOffset != -1) || (out != null && targetOffset != -1))) {
      return -Errno.ESPIPE;
    }
    if (!isReadable(from) || !isWritable(to)) {
      return -Errno.EBADF;
    }
    int most = (int) Math.min(length, 1 << 30);
    if (in != null) {
      if (out != null && in.pipe() == out.pipe()) {
        return -Errno.EINVAL;
      }
      return fromPipe(in, to, targetOffset, most, dontWait);
    }
    return out == null ? -Errno.EINVAL : toPipe(from, sourceOffset, out, most, dontWait);
  }

  private static boolean isReadable(OpenFile file) {
    return file instanceof PipeEnd end ? end.isReader() : !(file instanceof NodeFile node) || node.isReadable();
  }

  private static boolean isWritable(OpenFile file) {
    return file instanceof PipeEnd end ? end.isWriter() : !(file instanceof NodeFile node) || node.isWritable();
  }

  private long fromPipe(PipeEnd in, OpenFile to, long targetOffset, int length, boolean dontWait) {
    Pipe pipe = in.pipe();
    if (to instanceof OpenRegular target && target.has(FileFlags.O_APPEND)) {
      return -Errno.EINVAL;
    }
    if (pipe.isEmpty() && pipe.hasWriters()) {
      return waiting(dontWait || in.isNonBlocking(), "SPLICE_F_NONBLOCK is missing for a splice from an empty pipe");
    }
    if (to instanceof PipeEnd out && !out.pipe().hasReaders()) {
      return -Errno.EPIPE;
    }
    if (pipe.isEmpty()) {
      return 0;
    }
    int count = Math.min(length, pipe.size());
    if (to instanceof PipeEnd out) {
      count = Math.min(count, out.pipe().room());
      if (count == 0) {
        return waiting(dontWait || out.isNonBlocking(), "SPLICE_F_NONBLOCK is missing for a splice into a full pipe");
      }
    }
    byte[] bytes = pipe.peek(count);
    long result = switch (to) {
      case OpenRegular target -> {
        long at = targetOffset == -1 ? target.seek(0, FileFlags.SEEK_CUR) : targetOffset;
        int written = target.file().write(at, bytes);
        target.file().happened(Watcher.MODIFY);
        moved(target, targetOffset, written);
        yield written;
      }
      case PipeEnd out -> out.write(bytes, true);
      default -> targetOffset != -1 ? -Errno.ESPIPE : write(to, bytes);
    };
    if (result > 0) {
      in.taken((int) result);
    }
    return result;
  }

  private long toPipe(OpenFile from, long sourceOffset, PipeEnd out, int length, boolean dontWait) {
    if (!out.pipe().hasReaders()) {
      return -Errno.EPIPE;
    }
    int room = Math.min(length, out.pipe().room());
    if (room == 0) {
      return waiting(dontWait || out.isNonBlocking(), "SPLICE_F_NONBLOCK is missing for a splice into a full pipe");
    }
    byte[] bytes;
    if (from instanceof OpenRegular source) {
      long at = sourceOffset == -1 ? source.seek(0, FileFlags.SEEK_CUR) : sourceOffset;
      if (at < 0) {
        return -Errno.EINVAL;
      }
      bytes = source.file().read(at, room);
      source.file().load(at, bytes.length);
      moved(source, sourceOffset, bytes.length);
    } else if (from instanceof SimSocket socket) {
      if (sourceOffset != -1) {
        return -Errno.ESPIPE;
      }
      try (Arena arena = Arena.ofConfined()) {
        UserMemory memory = UserMemory.copyOf(new byte[room], arena);
        long result = socket.receive(memory, dontWait ? Sockets.MSG_DONTWAIT : 0);
        if (result <= 0) {
          return result;
        }
        bytes = memory.read((int) result);
      }
    } else {
      return -Errno.EINVAL;
    }
    return bytes.length == 0 ? 0 : out.write(bytes, true);
  }

  private static long waiting(boolean dontWait, String what) {
    if (dontWait) {
      return -Errno.EAGAIN;
    }
    throw new WouldWait(what);
  }
}
