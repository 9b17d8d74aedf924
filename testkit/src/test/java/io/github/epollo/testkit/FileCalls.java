package io.github.epollo.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.epollo.runtime.kernel.DirectoryEntries;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.FileKernel;
import io.github.epollo.runtime.kernel.FileStatus;
import io.github.epollo.runtime.kernel.FileSystemStatus;
import io.github.epollo.runtime.kernel.FileTimes;
import io.github.epollo.runtime.kernel.IoVectors;
import io.github.epollo.runtime.kernel.Kernel;
import io.github.epollo.runtime.kernel.NativeMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The calls on files with Java's values in place of addresses, and results as text. Relative paths start from the directory that it was made for; a name is a byte in each char. */
final class FileCalls implements AutoCloseable {
  private static final int DATA = 1 << 20;
  private static final int NAME = 8192;

  private final Kernel kernel;
  private final FileKernel files;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment data = arena.allocate(DATA, 4096);
  private final MemorySegment name = arena.allocate(NAME);
  private final MemorySegment other = arena.allocate(NAME);
  private final IoVectors vectors = new IoVectors(arena, 16);
  private final FileStatus status = new FileStatus(arena);
  private final FileSystemStatus system = new FileSystemStatus(arena);
  private final FileTimes times = new FileTimes(arena);
  private final List<Integer> opened = new ArrayList<>();
  private final int directory;

  FileCalls(Kernel kernel, String directory) {
    this.kernel = kernel;
    this.files = kernel.files();
    this.directory = files.openat(FileFlags.AT_FDCWD, put(name, directory), FileFlags.O_DIRECTORY, 0);
    if (this.directory < 0) {
      throw new AssertionError(directory + ": " + Calls.text(this.directory));
    }
  }

  FileKernel files() {
    return files;
  }

  long data() {
    return data.address();
  }

  /** The directory that relative paths start from. */
  int directory() {
    return directory;
  }

  private static long put(MemorySegment memory, String path) {
    byte[] bytes = path.getBytes(ISO_8859_1);
    MemorySegment.copy(bytes, 0, memory, java.lang.foreign.ValueLayout.JAVA_BYTE, 0, bytes.length);
    memory.set(java.lang.foreign.ValueLayout.JAVA_BYTE, bytes.length, (byte) 0);
    return memory.address();
  }

  long name(String path) {
    return put(name, path);
  }

  private long other(String path) {
    return put(other, path);
  }

  private int opened(int fd) {
    if (fd >= 0) {
      opened.add(fd);
    }
    return fd;
  }

  /** For fds that are closed with the others. */
  int keep(int fd) {
    return opened(fd);
  }

  int open(String path, int flags) {
    return open(path, flags, 0644);
  }

  int open(String path, int flags, int mode) {
    return opened(files.openat(directory, name(path), flags | FileFlags.O_CLOEXEC, mode));
  }

  int open2(String path, long flags, long mode, long resolve) {
    return opened(files.openat2(directory, name(path), flags, mode, resolve));
  }

  /** A new file with this content, open to read and write. */
  int file(String path, String content) {
    int fd = open(path, FileFlags.O_RDWR | FileFlags.O_CREAT | FileFlags.O_TRUNC);
    KernelContract.check(pwrite(fd, content, 0), Integer.toString(content.length()));
    return fd;
  }

  String close(int fd) {
    boolean _ = opened.removeIf(o -> o == fd);
    return Calls.text(kernel.close(fd));
  }

  private long put(String text) {
    byte[] bytes = text.getBytes(ISO_8859_1);
    NativeMemory.write(data.address(), bytes, 0, bytes.length);
    return bytes.length;
  }

  private String got(long result) {
    if (result < 0) {
      return Calls.text(result);
    }
    byte[] bytes = new byte[(int) result];
    NativeMemory.read(data.address(), bytes, 0, bytes.length);
    return "'" + new String(bytes, ISO_8859_1).replace('\0', '.') + "'";
  }

  String read(int fd, int count) {
    return got(kernel.read(fd, data.address(), count));
  }

  String write(int fd, String text) {
    long length = put(text);
    return Calls.text(kernel.write(fd, data.address(), length));
  }

  String pread(int fd, int count, long offset) {
    return got(files.pread(fd, data.address(), count, offset));
  }

  String pwrite(int fd, String text, long offset) {
    long length = put(text);
    return Calls.text(files.pwrite(fd, data.address(), length, offset));
  }

  private void split(int... lengths) {
    long at = data.address();
    for (int i = 0; i < lengths.length; i++) {
      vectors.put(i, at, lengths[i]);
      at += lengths[i];
    }
  }

  String preadv(int fd, long offset, int flags, int... lengths) {
    split(lengths);
    return got(files.preadv2(fd, vectors.address(), lengths.length, offset, flags));
  }

  String pwritev(int fd, String text, long offset, int flags, int... lengths) {
    long _ = put(text);
    split(lengths);
    return Calls.text(files.pwritev2(fd, vectors.address(), lengths.length, offset, flags));
  }

  long vectors(int... lengths) {
    split(lengths);
    return vectors.address();
  }

  String text(long result) {
    return Calls.text(result);
  }

  String lock(int fd, int type, long offset, long length) {
    return Calls.text(files.lock(fd, FileFlags.F_OFD_SETLK, type, offset, length));
  }

  /** The status of a path, which must be there. */
  FileStatus stat(String path) {
    KernelContract.check(statResult(path, FileFlags.AT_SYMLINK_NOFOLLOW), "0");
    return status;
  }

  String statResult(String path, int flags) {
    return Calls.text(files.statx(directory, name(path), flags, FileStatus.BASIC | FileStatus.BIRTH_TIME
        | FileStatus.DIRECT_ALIGNMENT, status.address()));
  }

  FileStatus stat(int fd) {
    KernelContract.check(files.statx(fd, 0, FileFlags.AT_EMPTY_PATH, FileStatus.BASIC, status.address()), "0");
    return status;
  }

  FileStatus status() {
    return status;
  }

  String chmod(String path, int mode) {
    return Calls.text(files.fchmodat(directory, name(path), mode));
  }

  String utimes(String path, int flags, long access, long accessNanos, long modification, long modificationNanos) {
    times.put(FileTimes.ACCESS, access, accessNanos);
    times.put(FileTimes.MODIFICATION, modification, modificationNanos);
    return Calls.text(files.utimensat(directory, path.isEmpty() ? 0 : name(path), times.address(), flags));
  }

  String futimes(int fd, long seconds, long nanos) {
    times.put(FileTimes.ACCESS, seconds, nanos);
    times.put(FileTimes.MODIFICATION, seconds, nanos);
    return Calls.text(files.utimensat(fd, 0, times.address(), 0));
  }

  String unlink(String path) {
    return Calls.text(files.unlinkat(directory, name(path), 0));
  }

  String rmdir(String path) {
    return Calls.text(files.unlinkat(directory, name(path), FileFlags.AT_REMOVEDIR));
  }

  String mkdir(String path) {
    return Calls.text(files.mkdirat(directory, name(path), 0755));
  }

  String mkfifo(String path) {
    return Calls.text(files.mkfifoat(directory, name(path), 0644));
  }

  String rename(String from, String to, int flags) {
    return Calls.text(files.renameat2(directory, name(from), directory, other(to), flags));
  }

  String link(String from, String to, int flags) {
    return Calls.text(files.linkat(directory, name(from), directory, other(to), flags));
  }

  String symlink(String target, String path) {
    return Calls.text(files.symlinkat(other(target), directory, name(path)));
  }

  String readlink(String path, int room) {
    return got(files.readlinkat(directory, name(path), data.address(), room));
  }

  /** The names in a directory and their types, sorted; read with room for few at a time. */
  String list(String path, int room) {
    int fd = open(path, FileFlags.O_DIRECTORY);
    if (fd < 0) {
      return Calls.text(fd);
    }
    TreeMap<String, String> names = new TreeMap<>();
    long filled = files.getdents(fd, data.address(), room);
    while (filled > 0) {
      DirectoryEntries entries = new DirectoryEntries(data, filled);
      while (entries.advance()) {
        String entry = new String(entries.name(), ISO_8859_1);
        if (names.put(entry, entry + ":" + Integer.toHexString(entries.type() >> 12)) != null) {
          throw new AssertionError("twice: " + entry);
        }
      }
      filled = files.getdents(fd, data.address(), room);
    }
    KernelContract.check(close(fd), "0");
    return filled < 0 ? Calls.text(filled) : String.join(" ", names.values());
  }

  FileSystemStatus statfs(String path) {
    KernelContract.check(files.statfs(name(path), system.address()), "0");
    return system;
  }

  String statfsResult(String path) {
    return Calls.text(files.statfs(name(path), system.address()));
  }

  /** The fds of a new pipe: to read, to write. */
  int[] pipe(int flags) {
    KernelContract.check(files.pipe2(data.address(), flags | FileFlags.O_CLOEXEC), "0");
    return new int[]{opened(NativeMemory.getInt(data.address())), opened(NativeMemory.getInt(data.address() + 4))};
  }

  /** A pipe that does not wait. */
  int[] pipe() {
    return pipe(FileFlags.O_NONBLOCK);
  }

  @Override
  public void close() {
    for (int fd : List.copyOf(opened)) {
      int _ = kernel.close(fd);
    }
    int _ = kernel.close(directory);
    arena.close();
  }
}
