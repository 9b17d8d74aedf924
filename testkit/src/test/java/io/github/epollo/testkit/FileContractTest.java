package io.github.epollo.testkit;

import static io.github.epollo.runtime.kernel.FileFlags.AT_SYMLINK_FOLLOW;
import static io.github.epollo.runtime.kernel.FileFlags.FALLOC_FL_KEEP_SIZE;
import static io.github.epollo.runtime.kernel.FileFlags.FALLOC_FL_PUNCH_HOLE;
import static io.github.epollo.runtime.kernel.FileFlags.F_RDLCK;
import static io.github.epollo.runtime.kernel.FileFlags.F_UNLCK;
import static io.github.epollo.runtime.kernel.FileFlags.F_WRLCK;
import static io.github.epollo.runtime.kernel.FileFlags.O_APPEND;
import static io.github.epollo.runtime.kernel.FileFlags.O_CREAT;
import static io.github.epollo.runtime.kernel.FileFlags.O_DIRECT;
import static io.github.epollo.runtime.kernel.FileFlags.O_DIRECTORY;
import static io.github.epollo.runtime.kernel.FileFlags.O_EXCL;
import static io.github.epollo.runtime.kernel.FileFlags.O_NOFOLLOW;
import static io.github.epollo.runtime.kernel.FileFlags.O_PATH;
import static io.github.epollo.runtime.kernel.FileFlags.O_RDONLY;
import static io.github.epollo.runtime.kernel.FileFlags.O_RDWR;
import static io.github.epollo.runtime.kernel.FileFlags.O_TMPFILE;
import static io.github.epollo.runtime.kernel.FileFlags.O_TRUNC;
import static io.github.epollo.runtime.kernel.FileFlags.O_WRONLY;
import static io.github.epollo.runtime.kernel.FileFlags.RESOLVE_CACHED;
import static io.github.epollo.runtime.kernel.FileFlags.RWF_DSYNC;
import static io.github.epollo.runtime.kernel.FileFlags.RWF_NOWAIT;
import static io.github.epollo.runtime.kernel.FileFlags.SEEK_CUR;
import static io.github.epollo.runtime.kernel.FileFlags.SEEK_END;
import static io.github.epollo.runtime.kernel.FileFlags.SEEK_SET;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.kernel.Epoll;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.FileStatus;
import io.github.epollo.runtime.kernel.FileTimes;
import org.junit.jupiter.api.Test;

/** Regular files: opening, reading, writing, sizes, locks, times. */
class FileContractTest extends FileContract {
  private static final int DONTNEED = 4;
  private static final int NONE = 99_999;

  FileContractTest(Subject subject) {
    super(subject);
  }

  private void opens(String path, int flags, String error) {
    int fd = files.open(path, flags);
    check(fd < 0 ? Calls.text(fd) : files.close(fd), error);
  }

  @Test
  void whatCanBeOpened() {
    opens("a", O_RDWR, "ENOENT");
    opens("", O_RDONLY, "ENOENT");
    opens("a", O_WRONLY | O_CREAT, "0");
    opens("a", O_WRONLY | O_CREAT, "0");
    opens("a", O_WRONLY | O_CREAT | O_EXCL, "EEXIST");
    opens("a", O_RDONLY | O_DIRECTORY, "ENOTDIR");
    opens("a/b", O_RDONLY, "ENOTDIR");
    opens("a/", O_RDONLY, "ENOTDIR");
    opens("b/", O_RDWR | O_CREAT, "EISDIR");
    opens("b/c", O_RDWR | O_CREAT, "ENOENT");
    opens(".", O_RDWR, "EISDIR");
    opens(".", O_RDONLY | O_TRUNC, "EISDIR");
    opens(".", O_RDONLY | O_CREAT, "EISDIR");
    opens("x".repeat(256), O_RDWR | O_CREAT, "ENAMETOOLONG");
    opens("x".repeat(255), O_RDWR | O_CREAT, "0");
    opens("./".repeat(2047) + "a", O_RDONLY, "0");
    opens("./".repeat(2048), O_RDONLY, "ENAMETOOLONG");
    check(files.files().openat(NONE, files.name("a"), O_RDONLY, 0), "EBADF");
    check(files.files().openat(files.open("a", O_RDONLY), files.name("a"), O_RDONLY, 0), "ENOTDIR");
    check(files.symlink("a", "link"), "0");
    check(files.symlink("nothing", "dangling"), "0");
    check(files.symlink("loop", "loop"), "0");
    opens("link", O_RDONLY, "0");
    opens("link", O_RDONLY | O_NOFOLLOW, "ELOOP");
    opens("link", O_RDONLY | O_NOFOLLOW | O_PATH, "0");
    opens("link", O_RDONLY | O_NOFOLLOW | O_DIRECTORY, "ENOTDIR");
    opens("dangling", O_RDONLY, "ENOENT");
    opens("dangling", O_RDWR | O_CREAT | O_EXCL, "EEXIST");
    opens("dangling", O_RDWR | O_CREAT, "0");
    opens("nothing", O_RDONLY, "0");
    opens("loop", O_RDONLY, "ELOOP");
    opens("n" + root(), O_RDONLY, "ENOENT");
    int absolute = files.files().openat(NONE, files.name(root() + "/a"), O_RDONLY, 0);
    check(files.close(absolute), "0");
  }

  @Test
  void flagsComeBack_andMayBeChanged() {
    int fd = files.open("a", O_RDWR | O_CREAT | O_APPEND);
    int known = FileFlags.O_ACCMODE | O_APPEND | FileFlags.O_NONBLOCK;
    check(kernel.fcntl(fd, FileFlags.F_GETFL, 0) & known, Integer.toString(O_RDWR | O_APPEND));
    check(kernel.fcntl(fd, FileFlags.F_SETFL, FileFlags.O_NONBLOCK), "0");
    check(kernel.fcntl(fd, FileFlags.F_GETFL, 0) & known, Integer.toString(O_RDWR | FileFlags.O_NONBLOCK));
    check(kernel.fcntl(fd, FileFlags.F_GETFD, 0), "1");
    check(kernel.fcntl(files.open("a", O_WRONLY), FileFlags.F_GETFL, 0) & known, Integer.toString(O_WRONLY));
    check(kernel.fcntl(fd, FileFlags.F_GETPIPE_SZ, 0), "EBADF");
    int epoll = calls.epoll();
    check(calls.control(epoll, Epoll.CTL_ADD, fd, Epoll.IN, 0), "EPERM");
    check(calls.control(epoll, Epoll.CTL_ADD, files.directory(), Epoll.IN, 0), "EPERM");
  }

  @Test
  void bytesAtPositions() {
    int fd = files.open("a", O_RDWR | O_CREAT);
    check(files.read(fd, 10), "''");
    check(files.write(fd, "hello"), "5");
    check(files.write(fd, " world"), "6");
    check(files.read(fd, 10), "''");
    check(files.pread(fd, 5, 6), "'world'");
    check(files.pread(fd, 50, 6), "'world'");
    check(files.pread(fd, 50, 11), "''");
    check(files.pread(fd, 50, 1 << 20), "''");
    check(files.pwrite(fd, "J", 0), "1");
    check(files.files().lseek(fd, 0, SEEK_SET), "0");
    check(files.read(fd, 5), "'Jello'");
    check(files.files().lseek(fd, 1, SEEK_CUR), "6");
    check(files.read(fd, 50), "'world'");
    check(files.files().lseek(fd, -3, SEEK_END), "8");
    check(files.read(fd, 50), "'rld'");
    check(files.files().lseek(fd, 2, SEEK_END), "13");
    check(files.write(fd, "!"), "1");
    check(files.pread(fd, 50, 10), "'d..!'");
    check(files.files().lseek(fd, -20, SEEK_CUR), "EINVAL");
    check(files.files().lseek(fd, -1, SEEK_SET), "EINVAL");
    check(files.files().lseek(fd, 0, 9), "EINVAL");
    check(files.files().lseek(NONE, 0, SEEK_SET), "EBADF");
    check(files.files().lseek(files.pipe()[0], 0, SEEK_SET), "ESPIPE");
    int dup = files.keep(kernel.fcntl(fd, FileFlags.F_DUPFD_CLOEXEC, 0));
    check(files.files().lseek(fd, 3, SEEK_SET), "3");
    check(files.read(dup, 2), "'lo'"); // one position for both
    check(files.read(fd, 2), "' w'");
  }

  @Test
  void vectors() {
    int fd = files.open("a", O_RDWR | O_CREAT);
    check(files.pwritev(fd, "abcdef", 2, 0, 1, 0, 3, 2), "6");
    check(files.preadv(fd, 0, 0, 3, 3, 50), "'..abcdef'");
    check(files.pwritev(fd, "xyz", -1, 0, 2, 1), "3");
    check(files.preadv(fd, -1, 0, 1, 1), "'bc'");
    check(files.pwritev(fd, "DS", 0, RWF_DSYNC, 2), "2");
    check(files.preadv(fd, -2, 0, 1), "EINVAL");
    check(files.pwritev(fd, "a", -2, 0, 1), "EINVAL");
    check(files.preadv(fd, 0, 0), "''");
    check(files.preadv(fd, 0, 1 << 20, 1), "EOPNOTSUPP");
    check(files.pwritev(fd, "a", 0, 1 << 20, 1), "EOPNOTSUPP");
    check(files.files().preadv2(fd, files.vectors(1), -1, 0, 0), "EINVAL");
    check(files.files().preadv2(fd, files.vectors(1), 1025, 0, 0), "EINVAL");
    check(files.preadv(NONE, 0, 0, 1), "EBADF");
    int[] pipe = files.pipe();
    check(files.preadv(pipe[0], 0, 0, 1), "ESPIPE");
    check(files.preadv(pipe[0], -1, RWF_NOWAIT, 1), "EAGAIN");
    check(files.pwritev(pipe[1], "abc", -1, 0, 3), "3");
    check(files.preadv(pipe[0], -1, RWF_NOWAIT, 1, 1, 1), "'abc'");
  }

  @Test
  void whatTheModeOfOpeningForbids() {
    int read = files.open("a", O_RDONLY | O_CREAT);
    int write = files.open("a", O_WRONLY);
    int path = files.open("a", O_PATH);
    check(files.write(read, "x"), "EBADF");
    check(files.pwrite(read, "x", 0), "EBADF");
    check(files.read(write, 1), "EBADF");
    check(files.pread(write, 1, 0), "EBADF");
    check(files.files().ftruncate(read, 0), "EINVAL");
    check(files.files().fallocate(read, 0, 0, 1), "EBADF");
    for (int fd : new int[]{path, NONE}) {
      check(files.read(fd, 1), "EBADF");
      check(files.write(fd, "x"), "EBADF");
      check(files.pread(fd, 1, 0), "EBADF");
      check(files.pwrite(fd, "x", 0), "EBADF");
      check(files.files().ftruncate(fd, 0), "EBADF");
      check(files.files().fallocate(fd, 0, 0, 1), "EBADF");
      check(files.files().fsync(fd), "EBADF");
      check(files.files().fdatasync(fd), "EBADF");
      check(files.files().fadvise(fd, 0, 0, 0), "EBADF");
      check(files.files().lseek(fd, 0, SEEK_SET), "EBADF");
      check(files.files().fchmod(fd, 0600), "EBADF");
      check(files.futimes(fd, 1, 1), "EBADF");
      check(files.lock(fd, F_RDLCK, 0, 0), "EBADF");
      check(files.files().getdents(fd, files.data(), 1000), "EBADF");
      check(files.files().copyFileRange(fd, 0, write, 0, 1), "EBADF");
      check(files.files().sendfile(write, fd, 0, 1), "EBADF");
    }
    int directory = files.directory();
    check(files.read(directory, 1), "EISDIR");
    check(files.pread(directory, 1, 0), "EISDIR");
    check(files.write(directory, "x"), "EBADF");
    check(files.files().ftruncate(directory, 0), "EINVAL");
    check(files.files().getdents(read, files.data(), 1000), "ENOTDIR");
    check(files.pread(read, 1, -1), "EINVAL");
    check(files.pwrite(write, "x", -1), "EINVAL");
    int[] pipe = files.pipe();
    check(files.pread(pipe[0], 1, 0), "ESPIPE");
    check(files.pwrite(pipe[1], "x", 0), "ESPIPE");
    check(files.files().ftruncate(pipe[1], 0), "EINVAL");
    check(files.files().fallocate(pipe[1], 0, 0, 1), "ESPIPE");
    check(files.files().fsync(pipe[1]), "EINVAL");
    check(files.files().fdatasync(pipe[1]), "EINVAL");
    check(files.files().fadvise(pipe[0], 0, 0, 0), "ESPIPE");
    check(files.files().getdents(pipe[0], files.data(), 1000), "ENOTDIR");
  }

  @Test
  void appendingGoesToTheEnd_evenAtAnOffset() {
    int fd = files.open("a", O_RDWR | O_CREAT | O_APPEND);
    check(files.write(fd, "one"), "3");
    check(files.files().lseek(fd, 0, SEEK_SET), "0");
    check(files.write(fd, "two"), "3");
    check(files.files().lseek(fd, 0, SEEK_CUR), "6");
    check(files.pwrite(fd, "three", 0), "5");
    check(files.pread(fd, 50, 0), "'onetwothree'");
  }

  @Test
  void sizesAndHoles() {
    int fd = files.file("a", "x".repeat(10_000));
    check(files.stat(fd).size(), "10000");
    check(files.files().ftruncate(fd, 4_097), "0");
    check(files.files().ftruncate(fd, 4_100), "0");
    check(files.pread(fd, 50, 4_095), "'xx...'");
    check(files.files().ftruncate(fd, 1L << 30), "0");
    check(files.stat(fd).size(), Long.toString(1L << 30));
    assertThat(files.stat(fd).blocks()).isLessThanOrEqualTo(32);
    check(files.pwrite(fd, "end", (1L << 30) - 3), "3");
    check(files.pread(fd, 10, (1L << 30) - 5), "'..end'");
    check(files.files().ftruncate(fd, -1), "EINVAL");
    check(files.files().ftruncate(fd, 0), "0");
    check(files.stat(fd).blocks(), "0");
    check(files.files().fallocate(fd, 0, 1_000, 9_000), "0");
    check(files.stat(fd).size(), "10000");
    check(files.stat(fd).blocks(), "24");
    check(files.files().fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, 1 << 16), "0");
    check(files.stat(fd).size(), "10000");
    check(files.stat(fd).blocks(), "128");
    check(files.pwrite(fd, "y".repeat(10_000), 0), "10000");
    check(files.files().fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 4_000, 5_000), "0");
    check(files.pread(fd, 3, 3_999), "'y..'");
    check(files.pread(fd, 3, 8_998), "'..y'");
    check(files.stat(fd).blocks(), "120");
    check(files.files().fallocate(fd, FALLOC_FL_PUNCH_HOLE, 0, 1), "EOPNOTSUPP");
    check(files.files().fallocate(fd, 0, -1, 1), "EINVAL");
    check(files.files().fallocate(fd, 0, 0, 0), "EINVAL");
    opens("a", O_RDONLY | O_TRUNC, "0");
    check(files.stat("a").size(), "0");
  }

  @Test
  void syncAndAdvice() {
    int fd = files.file("a", "abc");
    check(files.files().fsync(fd), "0");
    check(files.files().fdatasync(fd), "0");
    check(files.files().fsync(files.directory()), "0");
    check(files.files().fsync(files.open("a", O_RDONLY)), "0");
    check(files.files().fadvise(fd, 0, 0, 2), "0");
    check(files.files().fadvise(fd, 0, -1, 2), "EINVAL");
    check(files.files().fadvise(fd, 0, 0, 77), "EINVAL");
  }

  @Test
  void whatIsNotInThePageCache_isNotAnsweredOnTheSpot() {
    int fd = files.file("a", "abc");
    check(files.preadv(fd, 0, RWF_NOWAIT, 50), "'abc'");
    check(files.files().fsync(fd), "0");
    check(files.files().fadvise(fd, 0, 0, DONTNEED), "0");
    check(files.preadv(fd, 0, RWF_NOWAIT, 50), "EAGAIN");
    check(files.preadv(fd, 1000, RWF_NOWAIT, 50), "''"); // the size is known
    check(files.pread(fd, 50, 0), "'abc'");
    check(files.preadv(fd, 0, RWF_NOWAIT, 50), "'abc'");
    check(files.preadv(fd, -1, RWF_NOWAIT, 2), "'ab'");
    check(files.preadv(fd, -1, RWF_NOWAIT, 2), "'c'");
    assertThat(files.pwritev(fd, "ABC", 0, RWF_NOWAIT, 3)).isIn("3", "EAGAIN", "EOPNOTSUPP");
  }

  @Test
  void openingWhatIsInMemory() {
    int fd = files.file("a", "abc");
    int cached = files.open2("a", O_RDONLY, 0, RESOLVE_CACHED);
    assertThat(cached).isNotNegative();
    check(files.pread(cached, 50, 0), "'abc'");
    assertThat(files.open2("a", O_RDONLY, 0, 0)).isNotNegative().isNotEqualTo(cached);
    check(files.open2("a", O_RDWR | O_CREAT, 0644, RESOLVE_CACHED), "EAGAIN");
    check(files.open2("a", O_RDWR, 0644, 0), "EINVAL");
    check(files.open2("a", 1L << 40, 0, 0), "EINVAL");
    check(files.open2("nothing", O_RDWR, 0, 0), "ENOENT");
    check(files.close(fd), "0");
  }

  @Test
  void pastThePageCache() {
    int fd = files.open("a", O_RDWR | O_CREAT | O_DIRECT);
    assertThat(files.stat("a").directOffsetAlignment()).isPositive();
    check(files.pwrite(fd, "d".repeat(8192), 0), "8192");
    check(files.pwrite(fd, "d".repeat(100), 0), "EINVAL");
    check(files.pwrite(fd, "d".repeat(4096), 100), "EINVAL");
    check(files.files().pread(fd, files.data() + 1, 4096, 0), "EINVAL");
    check(files.files().pread(fd, files.data(), 4096, 4096), "4096");
    check(files.files().pread(fd, files.data(), 8192, 4096), "4096");
    check(files.files().pread(fd, files.data(), 4096, 8192), "0");
  }

  @Test
  void aFileLivesUntilItIsClosed() {
    int fd = files.file("a", "abc");
    check(files.unlink("a"), "0");
    check(files.unlink("a"), "ENOENT");
    check(files.stat(fd).links(), "0");
    check(files.pwrite(fd, "d", 3), "1");
    check(files.pread(fd, 50, 0), "'abcd'");
    opens("a", O_RDONLY, "ENOENT");
    int other = files.file("a", "other");
    check(files.pread(fd, 50, 0), "'abcd'");
    check(files.pread(other, 50, 0), "'other'");
  }

  @Test
  void aFileWithoutANameIsGivenOne() {
    check(files.open(".", O_TMPFILE | O_RDONLY), "EINVAL");
    check(files.open("nothing", O_TMPFILE | O_RDWR), "ENOENT");
    int fd = files.open(".", O_TMPFILE | O_RDWR);
    check(files.write(fd, "abc"), "3");
    check(files.list(".", 1000), ".:4 ..:4");
    check(files.link("/proc/self/fd/" + fd, "a", AT_SYMLINK_FOLLOW), "0");
    check(files.link("/proc/self/fd/" + fd, "a", AT_SYMLINK_FOLLOW), "EEXIST");
    check(files.stat("a").size(), "3");
    check(files.readlink("/proc/self/fd/" + files.open("a", O_RDONLY), 1000), "'" + root() + "/a'");
    check(files.link("/proc/self/fd/" + NONE, "b", AT_SYMLINK_FOLLOW), "ENOENT");
  }

  @Test
  void locksOfOpenFileDescriptions() {
    int first = files.file("a", "abc");
    int second = files.open("a", O_RDWR);
    int reader = files.open("a", O_RDONLY);
    check(files.lock(first, F_WRLCK, 0, 10), "0");
    check(files.lock(second, F_WRLCK, 5, 10), "EAGAIN");
    check(files.lock(second, F_RDLCK, 5, 10), "EAGAIN");
    check(files.lock(second, F_WRLCK, 10, 0), "0");
    check(files.lock(first, F_WRLCK, 1L << 40, 1), "EAGAIN");
    check(files.lock(first, F_UNLCK, 3, 2), "0"); // a lock in two parts
    check(files.lock(second, F_WRLCK, 3, 2), "0");
    check(files.lock(second, F_WRLCK, 2, 1), "EAGAIN");
    check(files.lock(second, F_WRLCK, 5, 1), "EAGAIN");
    check(files.lock(second, F_UNLCK, 0, 0), "0");
    check(files.lock(first, F_RDLCK, 0, 0), "0"); // in place of the exclusive one
    check(files.lock(reader, F_RDLCK, 0, 0), "0");
    check(files.lock(second, F_WRLCK, 0, 1), "EAGAIN");
    check(files.lock(reader, F_WRLCK, 0, 1), "EBADF");
    check(files.lock(files.open("a", O_WRONLY), F_RDLCK, 0, 1), "EBADF");
    check(files.lock(first, 7, 0, 1), "EINVAL");
    check(files.lock(first, F_RDLCK, -1, 1), "EINVAL");
    check(files.files().lock(first, FileFlags.F_OFD_SETLKW, F_RDLCK, 0, 1), "0");
    int duplicate = files.keep(kernel.fcntl(first, FileFlags.F_DUPFD_CLOEXEC, 0));
    check(files.close(reader), "0");
    check(files.close(first), "0");
    check(files.lock(second, F_WRLCK, 0, 0), "EAGAIN"); // the description is still open
    check(files.close(duplicate), "0");
    check(files.lock(second, F_WRLCK, 0, 0), "0");
  }

  @Test
  void statusAndPermissions() {
    int fd = files.open("a", O_RDWR | O_CREAT, 0666);
    FileStatus status = files.stat("a");
    check(Integer.toOctalString(status.mode()), "100644");
    check(status.links(), "1");
    check(status.size(), "0");
    check(status.user(), "0");
    check(status.group(), "0");
    long inode = status.inode();
    check(files.stat(fd).inode(), Long.toString(inode));
    check(files.chmod("a", 0600), "0");
    check(Integer.toOctalString(files.stat("a").mode()), "100600");
    check(files.files().fchmod(fd, 04751), "0");
    check(Integer.toOctalString(files.stat("a").mode()), "104751");
    check(files.chmod("nothing", 0600), "ENOENT");
    check(Integer.toOctalString(files.stat(".").mode() & FileFlags.S_IFMT), "40000");
    check(Integer.toOctalString(files.stat(files.pipe()[0]).mode()), "10600");
    check(Integer.toOctalString(files.stat(calls.socket(Calls.V4)).mode()), "140777");
    check(files.statResult("nothing", 0), "ENOENT");
    check(files.statResult("", 0), "ENOENT");
    check(files.files().statx(NONE, 0, FileFlags.AT_EMPTY_PATH, FileStatus.BASIC, files.status().address()), "EBADF");
  }

  @Test
  void times() {
    int fd = files.file("a", "abc");
    check(files.utimes("a", 0, 1_000, 5, 2_000, 999_999_999), "0");
    FileStatus status = files.stat("a");
    check(status.seconds(FileStatus.ACCESS_TIME_OFFSET) + "." + status.nanos(FileStatus.ACCESS_TIME_OFFSET), "1000.5");
    check(status.seconds(FileStatus.MODIFICATION_TIME_OFFSET) + "." + status.nanos(FileStatus.MODIFICATION_TIME_OFFSET),
        "2000.999999999");
    check(files.utimes("a", 0, 0, FileTimes.OMIT, 3_000, 0), "0");
    check(files.stat("a").seconds(FileStatus.ACCESS_TIME_OFFSET), "1000");
    check(files.stat("a").seconds(FileStatus.MODIFICATION_TIME_OFFSET), "3000");
    check(files.futimes(fd, 77, 8), "0");
    check(files.stat("a").seconds(FileStatus.MODIFICATION_TIME_OFFSET), "77");
    check(files.utimes("a", 0, 0, FileTimes.NOW, 0, 1_000_000_000), "EINVAL");
    check(files.utimes("nothing", 0, 0, 0, 0, 0), "ENOENT");
    check(files.symlink("a", "link"), "0");
    check(files.utimes("link", FileFlags.AT_SYMLINK_NOFOLLOW, 5, 0, 5, 0), "0");
    check(files.stat("a").seconds(FileStatus.MODIFICATION_TIME_OFFSET), "77");
    check(files.stat("link").seconds(FileStatus.MODIFICATION_TIME_OFFSET), "5");
    check(files.pwrite(fd, "d", 0), "1");
    assertThat(files.stat("a").seconds(FileStatus.MODIFICATION_TIME_OFFSET)).isGreaterThan(77);
    check(files.utimes("a", 0, -5, 0, -5, 7), "0");
    assertThat(files.stat("a").seconds(FileStatus.MODIFICATION_TIME_OFFSET)).isEqualTo(-5);
    check(files.stat("a").nanos(FileStatus.MODIFICATION_TIME_OFFSET), "7");
    check(files.stat("a").mask() & FileStatus.BIRTH_TIME, Integer.toString(FileStatus.BIRTH_TIME));
  }
}
