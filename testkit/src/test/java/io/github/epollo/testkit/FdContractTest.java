package io.github.epollo.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.kernel.Clocks;
import io.github.epollo.runtime.kernel.Epoll;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.Sockets;
import org.junit.jupiter.api.Test;

/** eventfd(2), timerfd_create(2), clock_gettime(2), fcntl(2). */
class FdContractTest extends KernelContract {
  private static final int SEMAPHORE = 1;
  private static final int FD_NONE = 99_999;

  FdContractTest(Subject subject) {
    super(subject);
  }

  @Test
  void anEventfdCounts() {
    int fd = calls.eventfd(3, FileFlags.EFD_NONBLOCK);
    check(levels(fd), "IN|OUT");
    check(calls.readLong(fd, 7), "EINVAL");
    check(calls.readLong(fd, 20), "8:3");
    check(calls.readLong(fd, 8), "EAGAIN");
    check(levels(fd), "OUT");
    check(calls.writeLong(fd, 5, 8), "8");
    check(calls.writeLong(fd, 0, 8), "8");
    check(calls.writeLong(fd, 7, 7), "EINVAL");
    check(calls.writeLong(fd, -1, 8), "EINVAL");
    check(calls.writeLong(fd, -2 - 5, 8), "8");
    check(levels(fd), "IN");
    check(calls.writeLong(fd, 1, 8), "EAGAIN");
    check(calls.readLong(fd, 8), "8:-2");
    check(calls.writeLong(fd, -2, 8), "8");
    check(calls.readLong(fd, 8), "8:-2");
    check(kernel.eventfd(0, 2), "EINVAL");
  }

  @Test
  void aSemaphoreGivesOneAtATime() {
    int fd = calls.eventfd(2, FileFlags.EFD_NONBLOCK | SEMAPHORE);
    check(calls.readLong(fd, 8), "8:1");
    check(calls.readLong(fd, 8), "8:1");
    check(calls.readLong(fd, 8), "EAGAIN");
  }

  @Test
  void aReadIsNoEdgeForReaders() {
    int fd = calls.eventfd(2, FileFlags.EFD_NONBLOCK | SEMAPHORE);
    int epoll = calls.epoll();
    check(calls.control(epoll, Epoll.CTL_ADD, fd, Epoll.IN | Epoll.ET, 1), "0");
    check(calls.waitText(epoll, 1, 0), "1:IN");
    check(calls.readLong(fd, 8), "8:1");
    check(levels(fd), "IN|OUT");
    check(calls.waitText(epoll, 1, 0), "");
  }

  @Test
  void aReaderMakesRoom_whichIsAnEdge() {
    int fd = calls.eventfd(0, FileFlags.EFD_NONBLOCK);
    int epoll = calls.epoll();
    check(calls.writeLong(fd, -2, 8), "8");
    check(calls.control(epoll, Epoll.CTL_ADD, fd, Epoll.OUT | Epoll.ET, 1), "0");
    check(calls.waitText(epoll, 1, 0), "");
    check(calls.readLong(fd, 8), "8:-2");
    check(calls.waitText(epoll, 1, 0), "1:OUT");
    check(calls.waitText(epoll, 1, 0), "");
  }

  @Test
  void aTimerExpiresOnce() {
    int fd = calls.timerfd(Clocks.MONOTONIC);
    int epoll = calls.epoll();
    check(calls.control(epoll, Epoll.CTL_ADD, fd, Epoll.IN | Epoll.ET, 1), "0");
    check(kernel.timerfdSettime(fd, -1), "EINVAL");
    check(kernel.timerfdSettime(fd, Long.MIN_VALUE), "EINVAL");
    check(calls.readLong(fd, 8), "EAGAIN");
    check(kernel.timerfdSettime(fd, 1), "0"); // long past
    soon(() -> calls.waitText(epoll, 1, 0), "1:IN");
    check(calls.waitText(epoll, 1, 0), "");
    check(kernel.timerfdSettime(fd, 1), "0"); // unread: a new edge all the same
    soon(() -> calls.waitText(epoll, 1, 0), "1:IN");
    check(calls.readLong(fd, 7), "EINVAL");
    check(calls.readLong(fd, 8), "8:1");
    check(calls.readLong(fd, 8), "EAGAIN");
    long deadline = kernel.clockGettime(Clocks.MONOTONIC) + 10_000_000;
    check(kernel.timerfdSettime(fd, deadline), "0");
    check(calls.waitText(epoll, 1, 2_000), "1:IN");
    assertThat(kernel.clockGettime(Clocks.MONOTONIC)).isGreaterThanOrEqualTo(deadline);
    check(calls.write(fd, "12345678"), "EINVAL");
  }

  @Test
  void settingATimerForgetsItsExpiry() {
    int fd = calls.timerfd(Clocks.MONOTONIC);
    check(kernel.timerfdSettime(fd, 1), "0");
    soon(() -> levels(fd), "IN");
    check(kernel.timerfdSettime(fd, Long.MAX_VALUE), "0");
    check(levels(fd), "");
    check(kernel.timerfdSettime(fd, 1), "0");
    soon(() -> levels(fd), "IN");
    check(kernel.timerfdSettime(fd, 0), "0");
    check(levels(fd), "");
    check(calls.readLong(fd, 8), "EAGAIN");
  }

  @Test
  void timersOfAllClocks_andOfNone() {
    for (int clock : new int[]{Clocks.MONOTONIC, Clocks.REALTIME, Clocks.BOOTTIME}) {
      int fd = calls.timerfd(clock);
      check(kernel.timerfdSettime(fd, kernel.clockGettime(clock) + 3_600_000_000_000L), "0");
      check(levels(fd), "");
      check(kernel.timerfdSettime(fd, kernel.clockGettime(clock) - 1), "0");
      soon(() -> levels(fd), "IN");
    }
    check(kernel.timerfdCreate(99, 0), "EINVAL");
    check(kernel.timerfdCreate(1, 1), "EINVAL");
    check(kernel.timerfdSettime(FD_NONE, 1), "EBADF");
    check(kernel.timerfdSettime(calls.epoll(), 1), "EINVAL");
    check(kernel.clockGettime(99), "EINVAL");
  }

  @Test
  void numbersAreTheLowestFree_andFlagsComeBack() {
    int first = calls.eventfd(0, FileFlags.EFD_NONBLOCK | FileFlags.EFD_CLOEXEC);
    int second = calls.eventfd(0, 0);
    check(kernel.fcntl(first, FileFlags.F_GETFL, 0), "2050"); // O_RDWR | O_NONBLOCK
    check(kernel.fcntl(first, FileFlags.F_GETFD, 0), "1");
    check(kernel.fcntl(second, FileFlags.F_GETFL, 0), "2");
    check(kernel.fcntl(second, FileFlags.F_GETFD, 0), "0");
    check(kernel.fcntl(second, FileFlags.F_SETFD, 1), "0");
    check(kernel.fcntl(second, FileFlags.F_GETFD, 0), "1");
    check(kernel.fcntl(second, FileFlags.F_SETFL, FileFlags.O_NONBLOCK), "0");
    check(calls.readLong(second, 8), "EAGAIN");
    check(calls.close(first), "0");
    check(calls.epoll(), Integer.toString(first));
    int far = calls.duplicate(second, FileFlags.F_DUPFD_CLOEXEC, 200);
    assertThat(far).isGreaterThanOrEqualTo(200);
    check(kernel.fcntl(far, FileFlags.F_GETFD, 0), "1");
    check(kernel.fcntl(far, FileFlags.F_SETFL, 0), "0"); // the status is the file's, not the number's
    check(kernel.fcntl(second, FileFlags.F_GETFL, 0), "2");
    check(kernel.fcntl(second, FileFlags.F_DUPFD_CLOEXEC, -1), "EINVAL");
    check(kernel.fcntl(calls.socket(Calls.V4), FileFlags.F_GETFL, 0), "2050");
    check(kernel.fcntl(second, 777, 0), "EINVAL");
  }

  @Test
  void closedAndForeignFds() {
    check(kernel.close(FD_NONE), "EBADF");
    check(kernel.close(-1), "EBADF");
    check(kernel.fcntl(FD_NONE, FileFlags.F_GETFL, 0), "EBADF");
    check(calls.read(FD_NONE, 1), "EBADF");
    check(calls.write(FD_NONE, "x"), "EBADF");
    check(calls.recv(FD_NONE, 1, 0), "EBADF");
    check(calls.accept(FD_NONE), "EBADF");
    int event = calls.eventfd(0, FileFlags.EFD_NONBLOCK);
    check(calls.recv(event, 1, 0), "ENOTSOCK");
    check(calls.send(event, "x", 0), "ENOTSOCK");
    check(calls.accept(event), "ENOTSOCK");
    check(calls.bind(event, Calls.V4, 0), "ENOTSOCK");
    check(calls.connect(event, Calls.V4, 9), "ENOTSOCK");
    check(kernel.listen(event, 1), "ENOTSOCK");
    check(kernel.shutdown(event, Sockets.SHUT_RD), "ENOTSOCK");
    check(calls.error(event), "ENOTSOCK");
    check(calls.getsockname(event), "ENOTSOCK");
  }
}
