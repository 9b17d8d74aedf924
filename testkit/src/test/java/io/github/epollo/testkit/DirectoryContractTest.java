package io.github.epollo.testkit;

import static io.github.epollo.runtime.kernel.FileFlags.AT_SYMLINK_FOLLOW;
import static io.github.epollo.runtime.kernel.FileFlags.O_DIRECTORY;
import static io.github.epollo.runtime.kernel.FileFlags.RENAME_EXCHANGE;
import static io.github.epollo.runtime.kernel.FileFlags.RENAME_NOREPLACE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.FileSystemStatus;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Names: directories, links, moves. */
class DirectoryContractTest extends FileContract {
  DirectoryContractTest(Subject subject) {
    super(subject);
  }

  private void file(String path, String content) {
    check(files.close(files.file(path, content)), "0");
  }

  private String content(String path) {
    int fd = files.open(path, FileFlags.O_RDONLY);
    String content = fd < 0 ? Calls.text(fd) : files.read(fd, 100);
    if (fd >= 0) {
      check(files.close(fd), "0");
    }
    return content;
  }

  @Test
  void makingAndRemovingDirectories() {
    check(files.mkdir("d"), "0");
    check(files.mkdir("d"), "EEXIST");
    check(files.mkdir("d/e/"), "0");
    check(files.mkdir("x/y"), "ENOENT");
    check(files.mkdir("."), "EEXIST");
    check(files.mkdir("/"), "EEXIST");
    check(files.mkdir(""), "ENOENT");
    check(files.mkdir("x".repeat(256)), "ENAMETOOLONG");
    check(Integer.toOctalString(files.stat("d").mode()), "40755");
    check(files.stat("d").links(), "3");
    check(files.rmdir("d"), "ENOTEMPTY");
    check(files.rmdir("d/e/."), "EINVAL");
    check(files.rmdir("d/e/.."), "ENOTEMPTY");
    check(files.rmdir("/"), "EBUSY");
    check(files.unlink("d/e"), "EISDIR");
    check(files.rmdir("d/e"), "0");
    check(files.stat("d").links(), "2");
    file("f", "");
    check(files.mkdir("f"), "EEXIST");
    check(files.mkdir("f/g"), "ENOTDIR");
    check(files.rmdir("f"), "ENOTDIR");
    check(files.unlink("f/"), "ENOTDIR");
    check(files.rmdir("nothing"), "ENOENT");
    check(files.unlink("nothing"), "ENOENT");
    check(files.files().unlinkat(files.directory(), files.name("f"), 7), "EINVAL");
  }

  @Test
  void aDirectoryThatIsRemovedWhileOpen() {
    check(files.mkdir("d"), "0");
    int fd = files.open("d", O_DIRECTORY);
    check(files.rmdir("d"), "0");
    check(files.files().getdents(fd, files.data(), 1000), "ENOENT");
    check(files.files().mkdirat(fd, files.name("x"), 0755), "ENOENT");
    check(files.files().openat(fd, files.name("x"), FileFlags.O_RDWR | FileFlags.O_CREAT, 0644), "ENOENT");
    check(files.stat(fd).links(), "0");
  }

  @Test
  void listing() {
    file("file", "");
    check(files.mkdir("directory"), "0");
    check(files.symlink("file", "link"), "0");
    check(files.mkfifo("fifo"), "0");
    file("ä\u00ff\u0080", ""); // no valid UTF-8
    check(files.list(".", 100_000), ".:4 ..:4 directory:4 fifo:1 file:8 link:a ä\u00ff\u0080:8");
    check(files.list(".", 32), ".:4 ..:4 directory:4 fifo:1 file:8 link:a ä\u00ff\u0080:8");
    check(files.list("directory", 1000), ".:4 ..:4");
    check(files.list(".", 8), "EINVAL");
    String names = IntStream.range(0, 500).mapToObj(i -> "n" + i).sorted().peek(n -> file("directory/" + n, ""))
        .map(n -> n + ":8").collect(Collectors.joining(" "));
    check(files.list("directory", 1000), ".:4 ..:4 " + names);
    int fd = files.open("directory", O_DIRECTORY);
    long first = files.files().getdents(fd, files.data(), 100_000);
    check(files.files().getdents(fd, files.data(), 100_000), "0");
    check(files.files().lseek(fd, 0, FileFlags.SEEK_SET), "0");
    check(files.files().getdents(fd, files.data(), 100_000), Long.toString(first));
  }

  @Test
  void removingWhatIsListed() {
    check(files.mkdir("d"), "0");
    for (int i = 0; i < 300; i++) {
      file("d/n" + i, "");
    }
    int fd = files.open("d", O_DIRECTORY);
    int removed = 0;
    long filled = files.files().getdents(fd, files.data(), 300);
    while (filled > 0) {
      var entries = new io.github.epollo.runtime.kernel.DirectoryEntries(
          io.github.epollo.runtime.kernel.NativeMemory.segment(files.data(), filled), filled);
      while (entries.advance()) {
        String name = new String(entries.name(), java.nio.charset.StandardCharsets.ISO_8859_1);
        if (name.startsWith("n")) {
          check(files.unlink("d/" + name), "0");
          removed++;
        }
      }
      filled = files.files().getdents(fd, files.data(), 300);
    }
    check(removed, "300");
    check(files.rmdir("d"), "0");
  }

  @Test
  void hardLinks() {
    file("a", "abc");
    check(files.link("a", "b", 0), "0");
    check(files.stat("a").links(), "2");
    check(files.link("a", "b", 0), "EEXIST");
    check(files.link("nothing", "c", 0), "ENOENT");
    check(files.mkdir("d"), "0");
    check(files.link("d", "e", 0), "EPERM");
    check(files.link("a", "d/x/y", 0), "ENOENT");
    check(files.link("a", "c", 3), "EINVAL");
    check(files.symlink("a", "link"), "0");
    check(files.link("link", "same", 0), "0"); // a second name of the link itself
    check(files.readlink("same", 100), "'a'");
    check(files.link("link", "third", AT_SYMLINK_FOLLOW), "0");
    check(files.stat("a").links(), "3");
    check(files.unlink("a"), "0");
    check(content("b"), "'abc'");
    check(files.stat("b").links(), "2");
  }

  @Test
  void symbolicLinks() {
    check(files.mkdir("d"), "0");
    file("d/f", "abc");
    check(files.symlink("d/f", "one"), "0");
    check(files.symlink("d/f", "one"), "EEXIST");
    check(files.symlink("", "none"), "ENOENT");
    check(files.symlink(root() + "/d", "absolute"), "0");
    check(files.symlink("../one", "d/up"), "0");
    check(content("one"), "'abc'");
    check(content("absolute/f"), "'abc'");
    check(content("absolute/../d/up"), "'abc'");
    check(content("d/up/x"), "ENOTDIR");
    check(files.stat("one").size(), "3");
    check(files.readlink("one", 2), "'d/'");
    check(files.readlink("one", 100), "'d/f'");
    check(files.readlink("d", 100), "EINVAL");
    check(files.readlink("nothing", 100), "ENOENT");
    check(files.readlink("one", 0), "EINVAL");
    check(files.unlink("absolute/"), "ENOTDIR");
    check(files.unlink("absolute"), "0");
    check(content("d/f"), "'abc'");
    String chain = "d/f";
    for (int i = 0; i < 41; i++) {
      check(files.symlink(chain, "c" + i), "0");
      chain = "c" + i;
    }
    check(content("c39"), "'abc'");
    check(content("c40"), "ELOOP");
    check(files.symlink("self/x", "self"), "0");
    check(content("self"), "ELOOP");
  }

  @Test
  void moves() {
    file("a", "A");
    file("b", "B");
    check(files.rename("a", "b", 0), "0");
    check(content("a"), "ENOENT");
    check(content("b"), "'A'");
    check(files.rename("nothing", "b", 0), "ENOENT");
    check(files.rename("b", "b", 0), "0");
    check(files.rename("b", "x/y", 0), "ENOENT");
    file("c", "C");
    check(files.rename("b", "c", RENAME_NOREPLACE), "EEXIST");
    check(files.rename("b", "d", RENAME_NOREPLACE), "0");
    check(files.rename("c", "d", RENAME_EXCHANGE), "0");
    check(content("c") + content("d"), "'A''C'");
    check(files.rename("c", "nothing", RENAME_EXCHANGE), "ENOENT");
    check(files.rename("c", "d", RENAME_EXCHANGE | RENAME_NOREPLACE), "EINVAL");
    check(files.rename("c", "d", 64), "EINVAL");
    check(files.rename("c", "e/", 0), "ENOTDIR");
    check(files.link("c", "same", 0), "0");
    check(files.rename("c", "same", 0), "0"); // the same inode: nothing happens
    check(files.list(".", 1000), ".:4 ..:4 c:8 d:8 same:8");
  }

  @Test
  void movesOfDirectories() {
    check(files.mkdir("d"), "0");
    check(files.mkdir("d/inner"), "0");
    check(files.mkdir("empty"), "0");
    file("f", "F");
    check(files.rename("d", "d/inner/x", 0), "EINVAL");
    check(files.rename("d/inner", "d", 0), "ENOTEMPTY");
    check(files.rename("f", "empty", 0), "EISDIR");
    check(files.rename("empty", "f", 0), "ENOTDIR");
    check(files.rename("empty", "d", 0), "ENOTEMPTY");
    check(files.rename(".", "x", 0), "EBUSY");
    check(files.rename("d", "..", 0), "EBUSY");
    check(files.rename("d", "empty", 0), "0");
    check(files.list("empty", 1000), ".:4 ..:4 inner:4");
    check(files.rename("empty/inner", "inner/", 0), "0");
    check(files.stat("empty").links(), "2");
    check(files.rename("f", "inner", RENAME_EXCHANGE), "0");
    check(content("inner"), "'F'");
    check(files.list("f", 1000), ".:4 ..:4");
    check(files.rename("f", "empty/f", 0), "0");
    int fd = files.open("empty/f", O_DIRECTORY);
    check(files.files().renameat2(fd, files.name(".."), fd, files.data(), 0), "EBUSY");
    check(files.rename("empty", "empty/f", RENAME_EXCHANGE), "EINVAL");
  }

  @Test
  void aFileThatIsReplacedWhileOpen() {
    int fd = files.file("a", "old");
    file("b", "new");
    check(files.rename("b", "a", 0), "0");
    check(files.pread(fd, 50, 0), "'old'");
    check(content("a"), "'new'");
    check(files.stat(fd).links(), "0");
  }

  @Test
  void namedPipesAreThere() {
    check(files.mkfifo("p"), "0");
    check(files.mkfifo("p"), "EEXIST");
    check(Integer.toOctalString(files.stat("p").mode()), "10644");
    check(files.rename("p", "q", 0), "0");
    check(files.unlink("q"), "0");
  }

  @Test
  void space() {
    FileSystemStatus status = files.statfs(root());
    assertThat(status.totalBytes()).isGreaterThanOrEqualTo(status.freeBytes());
    assertThat(status.freeBytes()).isGreaterThanOrEqualTo(status.availableBytes());
    assertThat(status.availableBytes()).isPositive();
    assertThat(status.type()).isNotZero();
    check(files.statfsResult(root() + "/nothing"), "ENOENT");
  }
}
