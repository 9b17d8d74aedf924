package io.github.epollo.fs;

import io.github.epollo.fs.engine.NativeBuffer;
import io.github.epollo.fs.engine.PathBytes;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.FileTimes;
import io.github.epollo.runtime.kernel.IoUring;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What can be done with an open file beside reading and writing: each method checks, and makes the call that the engine is to make. */
final class FileCommands {
  private static final int PROC_PATH_SIZE = 64;

  private final FileHandle file;
  private final FileWrites writes;

  FileCommands(FileHandle file, FileWrites writes) {
    this.file = file;
    this.writes = writes;
  }

  FileOperation truncate(long size) throws IOException {
    writes.requireWritable();
    return new FileCommand(file, "ftruncate(" + size + ")", true, (kernel, fd) -> kernel.ftruncate(fd, size),
        (entry, fd) -> entry.operation(IoUring.OP_FTRUNCATE, fd).offset(size));
  }

  FileOperation allocate(long position, long length) throws IOException {
    return fallocate("fallocate", 0, position, length);
  }

  FileOperation punchHole(long position, long length) throws IOException {
    return fallocate("fallocate(FALLOC_FL_PUNCH_HOLE)",
        FileFlags.FALLOC_FL_PUNCH_HOLE | FileFlags.FALLOC_FL_KEEP_SIZE, position, length);
  }

  private FileOperation fallocate(String name, int mode, long position, long length) throws IOException {
    requireRange(position, length);
    writes.requireWritable();
    return new FileCommand(file, name, true, (kernel, fd) -> kernel.fallocate(fd, mode, position, length),
        (entry, fd) -> entry.operation(IoUring.OP_FALLOCATE, fd).offset(position).length(mode).address(length));
  }

  private static void requireRange(long position, long length) {
    TransferBuffers.requirePosition(position);
    if (length <= 0) {
      throw new IllegalArgumentException("the length of a part of a file must be positive: " + length);
    }
  }

  FileOperation advise(long position, long length, FileAdvice advice) {
    TransferBuffers.requirePosition(position);
    if (length < 0) {
      throw new IllegalArgumentException("the length of a part of a file cannot be negative: " + length);
    }
    int number = advice.number;
    return new FileCommand(file, "posix_fadvise(" + advice + ")", false,
        (kernel, fd) -> kernel.fadvise(fd, position, length, number), length > Integer.MAX_VALUE
            ? null
            : (entry, fd) -> entry.operation(IoUring.OP_FADVISE, fd).offset(position).length((int) length)
                .operationFlags(number));
  }

  FileOperation sync(boolean dataOnly) throws IOException {
    file.requireOpen();
    file.description.requireNoLoss(file.path);
    String name = dataOnly ? "fdatasync" : "fsync";
    return new FileCommand(file, name, true, (kernel, fd) -> dataOnly ? kernel.fdatasync(fd) : kernel.fsync(fd),
        (entry, fd) -> entry.operation(IoUring.OP_FSYNC, fd).operationFlags(dataOnly ? IoUring.FSYNC_DATASYNC : 0)) {
      @Override
      protected void answered(long result) {
        if (result < 0) {
          file.description.noteFailure(name, file.path, (int) -result);
        }
        super.answered(result);
      }
    };
  }

  FileOperation setPermissions(int mode) {
    int checked = Permissions.require(mode);
    return new FileCommand(file, "fchmod(" + Permissions.toString(mode) + ")", true,
        (kernel, fd) -> kernel.fchmod(fd, checked), null);
  }

  FileOperation setTimes(@Nullable Instant accessed, @Nullable Instant modified) {
    NativeBuffer memory = file.context.names().take();
    FileTimes times = FileTimes.at(memory.address());
    put(times, FileTimes.ACCESS, accessed);
    put(times, FileTimes.MODIFICATION, modified);
    return new FileCommand(file, "futimens", true,
        (kernel, fd) -> kernel.utimensat(fd, 0, memory.address(), 0), null) {
      @Override
      protected void free() {
        file.context.names().give(memory);
      }
    };
  }

  private static void put(FileTimes times, int index, @Nullable Instant time) {
    if (time == null) {
      times.put(index, 0, FileTimes.OMIT);
    } else {
      times.put(index, time.getEpochSecond(), time.getNano());
    }
  }

  /** A name for a file that was opened without one. */
  FileOperation linkTo(Path path) {
    byte[] name = PathBytes.of(path);
    NativeBuffer memory = file.context.names().take();
    if (PROC_PATH_SIZE + name.length >= memory.size()) {
      file.context.names().give(memory);
      throw new IllegalArgumentException("a path of " + name.length + " bytes is too long: " + path);
    }
    byte[] own = ("/proc/self/fd/" + file.fd.number() + "\0").getBytes(StandardCharsets.US_ASCII);
    memory.bytes().put(0, own).put(PROC_PATH_SIZE, name).put(PROC_PATH_SIZE + name.length, (byte) 0);
    long target = memory.address() + PROC_PATH_SIZE;
    return new FileCommand(file, "linkat(" + path + ")", true, (kernel, _) -> kernel.linkat(FileFlags.AT_FDCWD,
        memory.address(), FileFlags.AT_FDCWD, target, FileFlags.AT_SYMLINK_FOLLOW), null) {
      @Override
      protected void free() {
        file.context.names().give(memory);
      }
    };
  }
}
