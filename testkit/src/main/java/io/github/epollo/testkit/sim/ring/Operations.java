package io.github.epollo.testkit.sim.ring;

import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.IoUring;
import io.github.epollo.testkit.sim.NativeText;
import io.github.epollo.testkit.sim.OpenFile;
import io.github.epollo.testkit.sim.UserMemory;
import io.github.epollo.testkit.sim.WouldWait;
import io.github.epollo.testkit.sim.disk.FileError;
import io.github.epollo.testkit.sim.files.FdCalls;
import io.github.epollo.testkit.sim.files.HostFiles;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes operations of submissions. */
final class Operations {
  /** Those that there are; {@link IoUring#OP_ASYNC_CANCEL} is the ring's own. */
  static final List<Integer> KNOWN = List.of(IoUring.OP_NOP, IoUring.OP_READV, IoUring.OP_WRITEV, IoUring.OP_FSYNC,
      IoUring.OP_ASYNC_CANCEL, IoUring.OP_FALLOCATE, IoUring.OP_OPENAT, IoUring.OP_CLOSE, IoUring.OP_STATX,
      IoUring.OP_READ, IoUring.OP_WRITE, IoUring.OP_FADVISE, IoUring.OP_SPLICE, IoUring.OP_RENAMEAT,
      IoUring.OP_UNLINKAT, IoUring.OP_MKDIRAT, IoUring.OP_SYMLINKAT, IoUring.OP_LINKAT, IoUring.OP_FTRUNCATE);

  private final HostFiles host;
  private final RingEvents events;

  Operations(HostFiles host, RingEvents events) {
    this.host = host;
    this.events = events;
  }

  private FdCalls fds() {
    return host.fds();
  }

  /** What {@code s} asks for; fails with what its completion is to tell. */
  Operation of(Submission s) {
    Operation operation = make(s);
    return s.isAsync() ? operation.forWorker() : operation;
  }

  private Operation make(Submission s) {
    return switch (s.opcode()) {
      case IoUring.OP_NOP -> new Operation("nop", List.of(), 0, () -> 0);
      case IoUring.OP_READ -> read("read", s, UserMemory.of(s.address(), Integer.toUnsignedLong(s.length())));
      case IoUring.OP_READV -> read("readv", s, vectors(s));
      case IoUring.OP_WRITE -> write("write", s, UserMemory.of(s.address(), Integer.toUnsignedLong(s.length())));
      case IoUring.OP_WRITEV -> write("writev", s, vectors(s));
      case IoUring.OP_SPLICE -> splice(s);
      case IoUring.OP_CLOSE -> new Operation("close", List.of(), 0, () -> host.host().close(s.fd()));
      case IoUring.OP_FSYNC, IoUring.OP_FALLOCATE, IoUring.OP_FTRUNCATE, IoUring.OP_FADVISE -> onFile(s);
      default -> onPath(s);
    };
  }

  private static UserMemory vectors(Submission s) {
    if (s.length() < 0 || s.length() > UserMemory.MAX_VECTORS) {
      throw new FileError(Errno.EINVAL);
    }
    return UserMemory.ofVectors(s.address(), s.length());
  }

  private Operation read(String name, Submission s, UserMemory memory) {
    UserMemory target = memory.first(events.length(name, memory.length()));
    OpenFile file = fds().file(s.fd());
    boolean noWait = (s.operationFlags() & FileFlags.RWF_NOWAIT) != 0;
    if (file.isPollable()) {
      return new Operation(name, List.of(file), 0, () -> onPipe(file, noWait, s.offset() == -1 || s.offset() == 0
          ? fds().read(file, target, true)
          : -Errno.ESPIPE));
    }
    int misses = noWait ? 0 : fds().misses(file, s.offset(), (int) target.length());
    return new Operation(name, List.of(file), misses, () -> s.offset() == -1
        ? fds().read(file, target, noWait)
        : fds().readAt(file, target, s.offset(), noWait));
  }

  private Operation write(String name, Submission s, UserMemory memory) {
    UserMemory source = memory.first(events.length(name, memory.length()));
    OpenFile file = fds().file(s.fd());
    boolean noWait = (s.operationFlags() & FileFlags.RWF_NOWAIT) != 0;
    boolean sync = (s.operationFlags() & FileFlags.RWF_DSYNC) != 0;
    if (file.isPollable()) {
      return new Operation(name, List.of(file), 0, () -> onPipe(file, noWait, s.offset() == -1 || s.offset() == 0
          ? fds().write(file, source, true, false)
          : -Errno.ESPIPE));
    }
    return new Operation(name, List.of(file), noWait ? 0 : 1, () -> s.offset() == -1
        ? fds().write(file, source, noWait, sync)
        : fds().writeAt(file, source, s.offset(), noWait, sync));
  }

  /** A file that is not ready is waited for, even if it is non-blocking. */
  private static long onPipe(OpenFile file, boolean noWait, long result) {
    if (result == -Errno.EAGAIN && !noWait) {
      throw new WouldWait("use a ring for " + file);
    }
    return result;
  }

  private Operation splice(Submission s) {
    OpenFile from = fds().file(s.spliceFrom());
    OpenFile to = fds().file(s.fd());
    return new Operation("splice", List.of(from, to), 1, () -> host.transfers().splice(from, s.address(), to,
        s.offset(), Integer.toUnsignedLong(s.length()), s.operationFlags()));
  }

  private Operation onFile(Submission s) {
    OpenFile file = fds().file(s.fd());
    List<OpenFile> files = List.of(file);
    return switch (s.opcode()) {
      case IoUring.OP_FSYNC -> new Operation("fsync", files, Math.max(1, fds().unsynced(file)),
          () -> fds().sync(file));
      case IoUring.OP_FALLOCATE -> new Operation("fallocate", files, 1,
          () -> fds().fallocate(file, s.length(), s.offset(), s.address()));
      case IoUring.OP_FTRUNCATE -> new Operation("ftruncate", files, 1, () -> fds().ftruncate(file, s.offset()));
      default -> new Operation("fadvise", files, 0,
          () -> fds().fadvise(file, s.offset(), Integer.toUnsignedLong(s.length()), s.operationFlags()));
    };
  }

  private static String path(long address) {
    if (address == 0) {
      throw new FileError(Errno.EFAULT);
    }
    return NativeText.at(address);
  }

  private Operation onPath(Submission s) {
    return switch (s.opcode()) {
      case IoUring.OP_OPENAT -> {
        String path = path(s.address());
        yield Operation.of("openat",
            () -> host.paths().openat(s.fd(), path, s.operationFlags(), s.length()));
      }
      case IoUring.OP_STATX -> {
        @Nullable String path = s.address() == 0 ? null : path(s.address());
        yield Operation.of("statx", () -> host.paths().statx(s.fd(), path, s.operationFlags(), s.offset()));
      }
      case IoUring.OP_UNLINKAT -> {
        String path = path(s.address());
        yield Operation.of("unlinkat", () -> host.paths().unlinkat(s.fd(), path, s.operationFlags()));
      }
      case IoUring.OP_MKDIRAT -> {
        String path = path(s.address());
        yield Operation.of("mkdirat", () -> host.paths().mkdirat(s.fd(), path, s.length()));
      }
      case IoUring.OP_SYMLINKAT -> {
        String target = path(s.address());
        String path = path(s.offset());
        yield Operation.of("symlinkat", () -> host.paths().symlinkat(target, s.fd(), path));
      }
      case IoUring.OP_LINKAT, IoUring.OP_RENAMEAT -> {
        String from = path(s.address());
        String to = path(s.offset());
        yield s.opcode() == IoUring.OP_LINKAT
            ? Operation.of("linkat",
                () -> host.paths().linkat(s.fd(), from, s.length(), to, s.operationFlags()))
            : Operation.of("renameat",
                () -> host.paths().renameat2(s.fd(), from, s.length(), to, s.operationFlags()));
      }
      default -> throw new FileError(Errno.EINVAL);
    };
  }
}
