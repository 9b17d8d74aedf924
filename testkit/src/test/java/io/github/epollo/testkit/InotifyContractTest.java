package io.github.epollo.testkit;

import static io.github.epollo.runtime.kernel.FileFlags.O_CREAT;
import static io.github.epollo.runtime.kernel.FileFlags.O_NONBLOCK;
import static io.github.epollo.runtime.kernel.FileFlags.O_RDONLY;
import static io.github.epollo.runtime.kernel.FileFlags.O_RDWR;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.epollo.runtime.kernel.Epoll;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.InotifyEvents;
import io.github.epollo.runtime.kernel.NativeMemory;
import java.util.HashMap;
import java.util.Map;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;

/** inotify(7). */
class InotifyContractTest extends FileContract {
  private static final int ROOM = 64 * 1024;
  private static final int ALL = 0xfff;

  private final int fd = files.keep(files.files().inotifyInit(O_NONBLOCK | FileFlags.O_CLOEXEC));
  private final Map<Integer, Integer> cookies = new HashMap<>(); // to the order in which they came

  InotifyContractTest(Subject subject) {
    super(subject);
  }

  private int watch(String path, int mask) {
    return files.files().inotifyAddWatch(fd, files.name(root() + "/" + path), mask);
  }

  /** All that has happened: watch, events, name, number of the move. */
  private String events() {
    StringJoiner text = new StringJoiner(" ");
    long filled = kernel.read(fd, files.data(), ROOM);
    while (filled > 0) {
      InotifyEvents events = new InotifyEvents(NativeMemory.segment(files.data(), filled), filled);
      while (events.advance()) {
        int cookie = events.cookie();
        text.add(events.watch() + ":" + Integer.toHexString(events.mask()) + ":" + new String(events.name(), ISO_8859_1)
            + (cookie == 0 ? "" : "#" + cookies.computeIfAbsent(cookie, _ -> cookies.size())));
      }
      filled = kernel.read(fd, files.data(), ROOM);
    }
    check(filled, "EAGAIN");
    return text.toString();
  }

  @Test
  void arguments() {
    check(watch("nothing", ALL), "ENOENT");
    check(watch("", 0), "EINVAL");
    check(files.close(files.file("a", "")), "0");
    check(watch("a", ALL | InotifyEvents.ONLY_DIRECTORY), "ENOTDIR");
    check(watch("", ALL), "1");
    check(watch("", InotifyEvents.CREATE), "1");
    check(watch("a", ALL), "2");
    check(files.files().inotifyRemoveWatch(fd, 7), "EINVAL");
    check(files.files().inotifyRemoveWatch(fd, 1), "0");
    check(events(), "1:8000:");
    check(files.files().inotifyRemoveWatch(fd, 1), "EINVAL");
    check(watch("", ALL), "3");
    check(files.files().inotifyRemoveWatch(files.directory(), 1), "EINVAL");
    check(files.files().inotifyRemoveWatch(99_999, 1), "EBADF");
    check(files.files().inotifyAddWatch(99_999, files.name(root()), ALL), "EBADF");
    check(files.files().inotifyAddWatch(files.directory(), files.name(root()), ALL), "EINVAL");
    check(files.files().inotifyInit(1), "EINVAL");
    check(kernel.fcntl(fd, FileFlags.F_GETFD, 0), "1");
    check(files.write(fd, "x"), "EBADF");
  }

  @Test
  void namesThatComeAndGo() {
    check(watch("", InotifyEvents.ALL), "1");
    check(levels(fd), "");
    int file = files.open("a", O_RDWR | O_CREAT);
    check(levels(fd), "IN");
    check(kernel.read(fd, files.data(), 16), "EINVAL"); // no room for an event
    check(events(), "1:100:a");
    check(files.pwrite(file, "abc", 0), "3");
    check(files.pwrite(file, "abc", 0), "3"); // the same again is not told twice
    check(events(), "1:2:a");
    check(files.files().ftruncate(file, 1), "0");
    check(files.files().fchmod(file, 0600), "0");
    check(files.close(file), "0");
    check(events(), "1:2:a 1:4:a 1:8:a");
    check(files.mkdir("d"), "0");
    check(files.symlink("a", "l"), "0");
    check(files.link("a", "b", 0), "0");
    check(events().replace("1:4:a ", ""), "1:40000100:d 1:100:l 1:100:b");
    check(files.unlink("b"), "0");
    check(files.rmdir("d"), "0");
    check(events().replaceAll("1:4:. ", ""), "1:200:b 1:40000200:d");
    check(levels(fd), "");
  }

  @Test
  void moves() {
    check(files.mkdir("d"), "0");
    check(files.close(files.file("a", "")), "0");
    check(watch("", InotifyEvents.ALL), "1");
    check(watch("d", InotifyEvents.ALL | InotifyEvents.MOVE_SELF), "2");
    check(files.rename("a", "b", 0), "0");
    check(files.rename("b", "d/c", 0), "0");
    check(events(), "1:40:a#0 1:80:b#0 1:40:b#1 2:80:c#1");
    check(files.rename("d", "e", 0), "0");
    check(events(), "1:40000040:d#2 1:40000080:e#2 2:800:");
  }

  @Test
  void whatIsWatchedIsDeleted() {
    check(files.mkdir("d"), "0");
    check(watch("d", ALL), "1");
    check(files.rmdir("d"), "0");
    check(events(), "1:400: 1:8000:");
    int file = files.file("a", "");
    check(watch("a", InotifyEvents.DELETE_SELF), "2");
    check(files.unlink("a"), "0");
    check(events(), ""); // it is open
    check(files.close(file), "0");
    check(events(), "2:400: 2:8000:");
  }

  @Test
  void opening() {
    check(files.close(files.file("a", "abc")), "0");
    check(watch("a", ALL), "1");
    int file = files.open("a", O_RDONLY);
    check(files.read(file, 10), "'abc'");
    check(files.close(file), "0");
    check(events(), "1:20: 1:1: 1:10:");
  }

  @Test
  void edges() {
    int epoll = calls.epoll();
    check(calls.control(epoll, Epoll.CTL_ADD, fd, Epoll.IN | Epoll.ET, 1), "0");
    check(watch("", InotifyEvents.CREATE), "1");
    check(calls.waitText(epoll, 1, 0), "");
    check(files.mkdir("a"), "0");
    check(calls.waitText(epoll, 1, 0), "1:IN");
    check(files.mkdir("b"), "0");
    check(calls.waitText(epoll, 1, 0), "1:IN");
    check(events(), "1:40000100:a 1:40000100:b");
    check(calls.waitText(epoll, 1, 0), "");
  }

  @Test
  void moreEventsThanThereIsRoomFor() {
    check(watch("", InotifyEvents.CREATE | InotifyEvents.DELETE), "1");
    for (int i = 0; i < 10_000; i++) {
      check(files.mkdir("d"), "0");
      check(files.rmdir("d"), "0");
    }
    String all = events();
    check(all.length() - all.replace(" ", "").length(), "16384");
    check(all.substring(all.length() - 8), "-1:4000:");
    check(files.mkdir("d"), "0");
    check(events(), "1:40000100:d");
  }
}
