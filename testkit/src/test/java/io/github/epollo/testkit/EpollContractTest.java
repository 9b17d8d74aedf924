package io.github.epollo.testkit;

import static io.github.epollo.runtime.kernel.Epoll.CTL_ADD;
import static io.github.epollo.runtime.kernel.Epoll.CTL_DEL;
import static io.github.epollo.runtime.kernel.Epoll.CTL_MOD;
import static io.github.epollo.runtime.kernel.Epoll.ET;
import static io.github.epollo.runtime.kernel.Epoll.IN;
import static io.github.epollo.runtime.kernel.Epoll.OUT;
import static io.github.epollo.runtime.kernel.Epoll.RDHUP;

import io.github.epollo.runtime.kernel.FileFlags;
import org.junit.jupiter.api.Test;

/** epoll(7). */
class EpollContractTest extends KernelContract {
  private static final int ONESHOT = 1 << 30;
  private static final int EXCLUSIVE = 1 << 28;

  private final int epoll = calls.epoll();

  EpollContractTest(Subject subject) {
    super(subject);
  }

  private int event() {
    return calls.eventfd(0, FileFlags.EFD_NONBLOCK);
  }

  private void signal(int fd) {
    check(calls.writeLong(fd, 1, 8), "8");
  }

  private void add(int fd, int events, long data) {
    check(calls.control(epoll, CTL_ADD, fd, events, data), "0");
  }

  private void happens(String events) {
    check(calls.waitText(epoll, 10, 0), events);
  }

  @Test
  void wrongArguments() {
    int fd = event();
    check(calls.control(99_999, CTL_ADD, fd, IN, 0), "EBADF");
    check(calls.control(epoll, CTL_ADD, 99_999, IN, 0), "EBADF");
    check(calls.control(fd, CTL_ADD, epoll, IN, 0), "EINVAL");
    check(calls.control(epoll, CTL_ADD, epoll, IN, 0), "EINVAL");
    check(calls.control(epoll, CTL_MOD, fd, IN, 0), "ENOENT");
    check(calls.control(epoll, CTL_DEL, fd, IN, 0), "ENOENT");
    check(calls.control(epoll, 17, fd, IN, 0), "EINVAL");
    add(fd, IN, 1);
    check(calls.control(epoll, CTL_ADD, fd, IN, 0), "EEXIST");
    check(calls.waitText(epoll, 0, 0), "EINVAL");
    check(calls.waitText(fd, 1, 0), "EINVAL");
    check(calls.waitText(99_999, 1, 0), "EBADF");
    check(calls.read(epoll, 8), "EINVAL");
    check(calls.write(epoll, "12345678"), "EINVAL");
    check(kernel.epollCreate(1), "EINVAL");
  }

  @Test
  void aLevelIsReportedAgain_anEdgeOnce() {
    int level = event();
    int edge = event();
    add(level, IN, 1);
    add(edge, IN | ET, 2);
    happens("");
    signal(level);
    signal(edge);
    happens("1:IN 2:IN");
    happens("1:IN");
    signal(edge); // the counter was positive before: a new edge all the same
    happens("1:IN 2:IN");
    check(calls.readLong(level, 8), "8:1");
    happens("");
  }

  @Test
  void whatIsReadyWhenItIsAddedOrModified_isReported() {
    int fd = event();
    add(fd, IN | ET, 1);
    signal(fd);
    happens("1:IN");
    check(calls.control(epoll, CTL_MOD, fd, IN | ET, 2), "0");
    happens("2:IN");
    check(calls.control(epoll, CTL_MOD, fd, IN | OUT | ET, 3), "0");
    check(calls.control(epoll, CTL_MOD, fd, IN | OUT | ET, 4), "0");
    happens("4:IN|OUT");
    check(calls.control(epoll, CTL_DEL, fd, 0, 0), "0");
    add(fd, IN | ET, 5);
    happens("5:IN");
    happens("");
  }

  @Test
  void whatIsReadyNoLonger_isNotReported() {
    int fd = event();
    add(fd, IN | ET, 1);
    signal(fd);
    check(calls.readLong(fd, 8), "8:1");
    happens("");
    signal(fd);
    check(calls.control(epoll, CTL_MOD, fd, 0, 1), "0");
    happens("");
  }

  @Test
  void aOneShotItemSleepsUntilItIsModified() {
    int fd = event();
    add(fd, IN | ONESHOT, 1);
    signal(fd);
    happens("1:IN");
    happens("");
    signal(fd);
    happens("");
    check(calls.control(epoll, CTL_MOD, fd, IN | ONESHOT, 2), "0");
    happens("2:IN");
    happens("");
  }

  @Test
  void levelsTakeTurns() {
    for (int i = 1; i <= 3; i++) {
      int fd = event();
      add(fd, IN, i);
      signal(fd);
    }
    check(calls.waitText(epoll, 1, 0), "1:IN");
    check(calls.waitText(epoll, 1, 0), "2:IN");
    check(calls.waitText(epoll, 1, 0), "3:IN");
    check(calls.waitText(epoll, 2, 0), "1:IN 2:IN");
    check(calls.waitText(epoll, 2, 0), "3:IN 1:IN");
  }

  /** Hazard 4. */
  @Test
  void aDuplicateKeepsTheItemAlive_andItsNumberIsNotEnoughToRemoveIt() {
    int fd = event();
    add(fd, IN, 1);
    int duplicate = calls.duplicate(fd, FileFlags.F_DUPFD_CLOEXEC, 0);
    check(calls.close(fd), "0");
    signal(duplicate);
    happens("1:IN");
    check(calls.control(epoll, CTL_DEL, duplicate, 0, 0), "ENOENT");
    check(calls.control(epoll, CTL_DEL, fd, 0, 0), "EBADF");
    check(calls.control(epoll, CTL_ADD, duplicate, IN, 2), "0");
    happens("1:IN 2:IN");
    check(calls.close(duplicate), "0");
    happens("");
  }

  @Test
  void ofTwoItemsForOneFile_theNewerIsToldFirst() {
    int fd = event();
    add(fd, IN | ET, 1);
    int duplicate = calls.duplicate(fd, FileFlags.F_DUPFD_CLOEXEC, 0);
    add(duplicate, IN | ET, 2);
    signal(fd);
    check(calls.waitText(epoll, 1, 0), "2:IN");
    check(calls.waitText(epoll, 1, 0), "1:IN");
  }

  @Test
  void aReusedNumberIsANewItem() {
    int fd = event();
    add(fd, IN, 1);
    int duplicate = calls.duplicate(fd, FileFlags.F_DUPFD_CLOEXEC, 0);
    check(calls.close(fd), "0");
    int other = event();
    check(other, Integer.toString(fd));
    add(other, IN, 2);
    signal(duplicate);
    happens("1:IN");
    signal(other);
    happens("1:IN 2:IN");
  }

  @Test
  void anInstanceWatchesAnother() {
    int inner = calls.epoll();
    int fd = event();
    check(calls.control(inner, CTL_ADD, fd, IN, 1), "0");
    add(inner, IN, 7);
    happens("");
    signal(fd);
    happens("7:IN");
    check(calls.control(inner, CTL_ADD, epoll, IN, 0), "ELOOP");
    check(calls.readLong(fd, 8), "8:1");
    happens("");
  }

  @Test
  void anExclusiveItem() {
    int fd = event();
    check(calls.control(epoll, CTL_ADD, fd, IN | RDHUP | EXCLUSIVE, 1), "EINVAL");
    add(fd, IN | EXCLUSIVE | ET, 1);
    check(calls.control(epoll, CTL_MOD, fd, IN | EXCLUSIVE, 1), "EINVAL");
    check(calls.control(epoll, CTL_MOD, fd, IN, 1), "EINVAL");
    int second = calls.epoll();
    check(calls.control(second, CTL_ADD, fd, IN | EXCLUSIVE | ET, 2), "0");
    signal(fd);
    happens("1:IN");
    check(calls.waitText(second, 1, 0), "2:IN"); // nobody waited, so both are told
  }

  @Test
  void aWaitEndsWithItsTimeOut() {
    long before = kernel.clockGettime(1);
    check(calls.waitText(epoll, 1, 20), "");
    if (kernel.clockGettime(1) - before < 20_000_000) {
      throw new AssertionError("too early");
    }
  }
}
