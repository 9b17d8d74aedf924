package io.github.epollo.testkit;

import static io.github.epollo.runtime.kernel.FileFlags.O_APPEND;
import static io.github.epollo.runtime.kernel.FileFlags.O_CREAT;
import static io.github.epollo.runtime.kernel.FileFlags.O_DIRECTORY;
import static io.github.epollo.runtime.kernel.FileFlags.O_EXCL;
import static io.github.epollo.runtime.kernel.FileFlags.O_NOFOLLOW;
import static io.github.epollo.runtime.kernel.FileFlags.O_NONBLOCK;
import static io.github.epollo.runtime.kernel.FileFlags.O_TRUNC;

import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.FileStatus;
import io.github.epollo.runtime.kernel.Kernel;
import java.util.ArrayList;
import java.util.List;

/** The files of a kernel under a sequence of random steps; answers that can be compared with another's. */
final class FileMachine implements AutoCloseable {
  enum Op {
    OPEN, OPEN_AGAIN, CREATE, CREATE_AGAIN, CLOSE, READ, WRITE, PREAD, PREAD_AGAIN, PWRITE, PWRITE_AGAIN, SEEK, TRUNCATE, ALLOCATE, PUNCH, LOCK, SYNC, COPY, SENDFILE, SPLICE, PIPE, RESIZE, //
    STAT, LIST, MKDIR, MKDIR_AGAIN, RMDIR, UNLINK, RENAME, RENAME_AGAIN, LINK, SYMLINK, READLINK, CHMOD, FIFO
  }

  /** One step; what the numbers mean depends on the operation. */
  record Step(Op op, int a, int b, int c) {}

  private static final String[] NAMES = {"a", "b", "c", "d", "d/a", "d/b", "d/e", "d/e/a", "a/x", "d/../b", "d/.", "l",
    "l/a", "b/", "./c", "d//e/"};

  private final FileCalls files;
  private final Kernel kernel;
  private final List<Integer> open = new ArrayList<>();

  FileMachine(Kernel kernel, String root) {
    this.kernel = kernel;
    this.files = new FileCalls(kernel, root);
  }

  private static String name(int n) {
    return NAMES[Math.floorMod(n, NAMES.length)];
  }

  private int fd(int n) {
    return open.isEmpty() ? -1 : open.get(n % open.size());
  }

  private String opened(int fd) {
    if (fd < 0) {
      return Calls.text(fd);
    }
    open.add(fd);
    return "#" + open.size();
  }

  private static String content(int n) {
    return Character.toString('A' + n % 26).repeat(1 + n % 3 * (n % 7 == 0 ? 3000 : 5));
  }

  private String text(long result) {
    return Calls.text(result);
  }

  private String close(Integer fd) {
    boolean _ = open.removeIf(fd::equals);
    return files.close(fd);
  }

  String apply(Step s) {
    return switch (s.op) {
      case OPEN, OPEN_AGAIN -> open(s, 0);
      case CREATE, CREATE_AGAIN -> open(s, O_CREAT);
      case CLOSE -> open.isEmpty() ? "-" : close(open.get(s.a % open.size()));
      case READ -> files.read(fd(s.a), s.b % 5000);
      case WRITE -> files.write(fd(s.a), content(s.b));
      case PREAD, PREAD_AGAIN -> files.pread(fd(s.a), s.b % 5000, s.c * 37L - 37);
      case PWRITE, PWRITE_AGAIN -> files.pwrite(fd(s.a), content(s.b), s.c * 37L - 37);
      case SEEK -> text(files.files().lseek(seekable(s.a), s.b * 11L - 500, s.c % 3));
      case TRUNCATE -> text(files.files().ftruncate(fd(s.a), s.b * 31L - 31));
      case ALLOCATE -> text(files.files().fallocate(fd(s.a), s.c % 2, s.b * 11L - 11, s.c * 17L));
      case PUNCH -> text(files.files().fallocate(fd(s.a), 3, s.b * 11L - 11, s.c * 17L));
      case LOCK -> text(lock(s));
      case SYNC -> text(files.files().fsync(fd(s.a))) + text(files.files().fdatasync(fd(s.b)));
      case COPY -> text(files.files().copyFileRange(fd(s.a), s.c % 3 == 0 ? -1 : s.c, fd(s.b), s.b % 3 == 0
          ? -1
          : s.a * 5L, s.c * 10L));
      case SENDFILE -> isOwn(s.a, s.b)
          ? "-"
          : text(files.files().sendfile(fd(s.a), fd(s.b), s.c % 3 == 0 ? -1 : s.c, s.c * 10L));
      case SPLICE -> text(files.files().splice(fd(s.a), s.a % 3 == 0 ? s.c : -1, fd(s.b), s.b % 3 == 0 ? s.c : -1,
          s.c * 50L, FileFlags.SPLICE_F_NONBLOCK));
      case PIPE -> {
        int[] pipe = files.pipe();
        yield opened(pipe[0]) + opened(pipe[1]);
      }
      case RESIZE -> text(kernel.fcntl(fd(s.a), s.b % 2 == 0 ? FileFlags.F_GETPIPE_SZ : FileFlags.F_SETPIPE_SZ,
          s.c * 300));
      case STAT -> stat(s);
      case LIST -> files.list(name(s.a), 100 + 50 * s.b);
      case MKDIR, MKDIR_AGAIN -> files.mkdir(name(s.a));
      case RMDIR -> files.rmdir(name(s.a));
      case UNLINK -> files.unlink(name(s.a));
      case RENAME, RENAME_AGAIN -> files.rename(name(s.a), name(s.b), s.c % 4 == 3 ? 0 : s.c % 4);
      case LINK -> files.link(name(s.a), name(s.b), s.c % 2 == 0 ? 0 : FileFlags.AT_SYMLINK_FOLLOW);
      case SYMLINK -> files.symlink(name(s.a), name(s.b));
      case READLINK -> files.readlink(name(s.a), 1 + s.b % 10);
      case CHMOD -> files.chmod(name(s.a), 0600 | s.b % 64);
      case FIFO -> files.mkfifo(name(s.a));
    };
  }

  private String open(Step s, int flags) {
    int more = (s.c % 5 == 0 ? O_TRUNC : 0) | (s.c % 7 == 0 ? O_APPEND : 0) | (s.c % 11 == 0 ? O_EXCL : 0)
        | (s.c % 13 == 0 ? O_NOFOLLOW : 0) | (s.c % 17 == 0 && flags == 0 ? O_DIRECTORY : 0);
    // O_EXCL without O_CREAT is undefined
    more = flags == 0 ? more & ~O_EXCL : more;
    return opened(files.open(name(s.a), flags | more | O_NONBLOCK | s.b % 3));
  }

  /** ext4 has positions of its own in directories. */
  private int seekable(int n) {
    int fd = fd(n);
    return fd >= 0 && (files.stat(fd).mode() & FileFlags.S_IFMT) == FileFlags.S_IFDIR ? -1 : fd;
  }

  private int lock(Step s) {
    int fd = fd(s.a);
    return fd >= 0 && (files.stat(fd).mode() & FileFlags.S_IFMT) != FileFlags.S_IFREG
        ? 0
        : files.files().lock(fd, FileFlags.F_OFD_SETLK, s.b % 3, s.c, s.c % 20);
  }

  /** Whether both are the same file: what it reads may be what it has just written. */
  private boolean isOwn(int a, int b) {
    return fd(a) < 0 || fd(b) < 0 || files.stat(fd(a)).inode() == files.stat(fd(b)).inode();
  }

  private String stat(Step s) {
    String result = files.statResult(name(s.a), s.b % 2 == 0 ? 0 : FileFlags.AT_SYMLINK_NOFOLLOW);
    if (!result.equals("0")) {
      return result;
    }
    FileStatus status = files.status();
    boolean directory = (status.mode() & FileFlags.S_IFMT) == FileFlags.S_IFDIR;
    return Integer.toOctalString(status.mode()) + " " + status.links() + " " + (directory ? "" : status.size());
  }

  /** Everything that there is: names, types, sizes. */
  String tree() {
    return tree(".");
  }

  private String tree(String path) {
    StringBuilder text = new StringBuilder();
    for (String entry : files.list(path, 10_000).split(" ", -1)) {
      String name = entry.substring(0, entry.indexOf(':'));
      if (name.equals(".") || name.equals("..")) {
        continue;
      }
      FileStatus status = files.stat(path + "/" + name);
      text.append(path).append('/').append(entry).append(' ').append(status.links());
      text.append(entry.endsWith(":4") ? "" : " " + status.size()).append('\n');
      if (entry.endsWith(":4")) {
        text.append(tree(path + "/" + name));
      }
    }
    return text.toString();
  }

  @Override
  public void close() {
    files.close();
  }
}
