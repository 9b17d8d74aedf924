package io.github.epollo.testkit;

import static io.github.epollo.runtime.kernel.Epoll.CTL_ADD;
import static io.github.epollo.runtime.kernel.Epoll.ET;
import static io.github.epollo.runtime.kernel.Epoll.IN;
import static io.github.epollo.runtime.kernel.Epoll.OUT;
import static io.github.epollo.runtime.kernel.FileFlags.F_GETPIPE_SZ;
import static io.github.epollo.runtime.kernel.FileFlags.F_SETPIPE_SZ;
import static io.github.epollo.runtime.kernel.FileFlags.O_NONBLOCK;
import static io.github.epollo.runtime.kernel.FileFlags.O_RDONLY;
import static io.github.epollo.runtime.kernel.FileFlags.O_RDWR;
import static io.github.epollo.runtime.kernel.FileFlags.O_WRONLY;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.kernel.FileFlags;
import org.junit.jupiter.api.Test;

/** pipe(7), fifo(7). */
class PipeContractTest extends FileContract {
  private static final int CAPACITY = 65_536;

  PipeContractTest(Subject subject) {
    super(subject);
  }

  @Test
  void bytesGoThrough() {
    int[] pipe = files.pipe();
    check(kernel.fcntl(pipe[0], FileFlags.F_GETFL, 0), "2048");
    check(kernel.fcntl(pipe[1], FileFlags.F_GETFL, 0), "2049");
    check(kernel.fcntl(pipe[0], FileFlags.F_GETFD, 0), "1");
    check(files.read(pipe[0], 10), "EAGAIN");
    check(files.read(pipe[0], 0), "''");
    check(files.write(pipe[1], "abc"), "3");
    check(files.write(pipe[1], ""), "0");
    check(files.write(pipe[1], "def"), "3");
    check(files.read(pipe[0], 4), "'abcd'");
    check(files.read(pipe[0], 4), "'ef'");
    check(files.read(pipe[0], 4), "EAGAIN");
    check(files.read(pipe[1], 4), "EBADF");
    check(files.write(pipe[0], "x"), "EBADF");
    check(calls.recv(pipe[0], 1, 0), "ENOTSOCK");
    check(files.files().pipe2(files.data(), 1 << 30), "EINVAL");
  }

  @Test
  void endsThatAreClosed() {
    int[] pipe = files.pipe();
    check(levels(pipe[0]), "");
    check(levels(pipe[1]), "OUT");
    check(files.write(pipe[1], "abc"), "3");
    check(levels(pipe[0]), "IN");
    check(files.close(pipe[1]), "0");
    check(levels(pipe[0]), "IN|HUP");
    check(files.read(pipe[0], 50), "'abc'");
    check(levels(pipe[0]), "HUP");
    check(files.read(pipe[0], 50), "''");
    int[] other = files.pipe();
    check(files.close(other[0]), "0");
    check(levels(other[1]), "OUT|ERR");
    check(files.write(other[1], "abc"), "EPIPE");
  }

  @Test
  void aFullPipe() {
    int[] pipe = files.pipe();
    check(kernel.fcntl(pipe[0], F_GETPIPE_SZ, 0), Integer.toString(CAPACITY));
    check(files.write(pipe[1], "x".repeat(70_000)), Integer.toString(CAPACITY));
    check(levels(pipe[1]), "");
    check(files.write(pipe[1], "x"), "EAGAIN");
    check(files.read(pipe[0], 4095).length() - 2, "4095");
    check(levels(pipe[1]), ""); // a page is given back as a whole
    check(files.write(pipe[1], "x"), "EAGAIN");
    check(files.read(pipe[0], 1), "'x'");
    check(levels(pipe[1]), "OUT");
    check(files.write(pipe[1], "x"), "1");
    check(files.write(pipe[1], "y".repeat(4095)), "4095"); // into the same page
    check(files.write(pipe[1], "z"), "EAGAIN");
  }

  @Test
  void smallWritesShareAPage_thoseThatDoNotFitBeginOne() {
    int[] pipe = files.pipe();
    check(kernel.fcntl(pipe[0], F_SETPIPE_SZ, 8192), "8192");
    check(files.write(pipe[1], "a".repeat(3000)), "3000");
    check(files.write(pipe[1], "b".repeat(2000)), "2000");
    check(files.write(pipe[1], "c".repeat(2097)), "EAGAIN"); // 1096 and 2096 bytes are left in both
    check(files.write(pipe[1], "c".repeat(2096)), "2096");
    check(files.write(pipe[1], "d"), "EAGAIN");
  }

  @Test
  void theSizeCanBeChanged() {
    int[] pipe = files.pipe();
    check(kernel.fcntl(pipe[1], F_SETPIPE_SZ, 5000), "8192");
    check(kernel.fcntl(pipe[1], F_SETPIPE_SZ, 0), "4096");
    check(kernel.fcntl(pipe[1], F_SETPIPE_SZ, 12_288), "16384");
    check(files.write(pipe[1], "x".repeat(20_000)), "16384");
    check(levels(pipe[1]), "");
    check(kernel.fcntl(pipe[1], F_SETPIPE_SZ, 8192), "EBUSY");
    check(kernel.fcntl(pipe[1], F_SETPIPE_SZ, 32_768), "32768");
    check(levels(pipe[1]), "OUT");
    check(files.write(pipe[1], "y"), "1");
    check(kernel.fcntl(pipe[1], F_SETPIPE_SZ, -1), "EINVAL");
    check(files.read(pipe[0], 16_385), "'" + "x".repeat(16_384) + "y'");
  }

  @Test
  void edges() {
    int[] pipe = files.pipe();
    int epoll = calls.epoll();
    check(calls.control(epoll, CTL_ADD, pipe[0], IN | ET, 0), "0");
    check(calls.control(epoll, CTL_ADD, pipe[1], OUT | ET, 1), "0");
    check(calls.waitText(epoll, 10, 0), "1:OUT");
    check(files.write(pipe[1], "a"), "1");
    check(calls.waitText(epoll, 10, 0), "0:IN");
    check(files.write(pipe[1], "b"), "1");
    check(calls.waitText(epoll, 10, 0), "0:IN");
    check(files.read(pipe[0], 1), "'a'");
    check(calls.waitText(epoll, 10, 0), "");
    check(files.read(pipe[0], 1), "'b'");
    check(files.write(pipe[1], "x".repeat(70_000)), Integer.toString(CAPACITY));
    check(calls.waitText(epoll, 10, 0), "0:IN");
    check(files.read(pipe[0], 100).length() - 2, "100");
    check(calls.waitText(epoll, 10, 0), "");
    check(files.read(pipe[0], 4000).length() - 2, "4000");
    check(calls.waitText(epoll, 10, 0), "1:OUT");
    check(files.read(pipe[0], 4096).length() - 2, "4096");
    check(calls.waitText(epoll, 10, 0), ""); // it was not full before
    check(files.close(pipe[1]), "0");
    check(calls.waitText(epoll, 10, 0), "0:IN|HUP");
  }

  @Test
  void aReaderThatGoesIsAnEdgeForTheWriter() {
    int[] pipe = files.pipe();
    int epoll = calls.epoll();
    check(calls.control(epoll, CTL_ADD, pipe[1], OUT | ET, 1), "0");
    check(calls.waitText(epoll, 10, 0), "1:OUT");
    check(files.close(pipe[0]), "0");
    check(calls.waitText(epoll, 10, 0), "1:OUT|ERR");
  }

  @Test
  void namedPipes() {
    check(files.mkfifo("p"), "0");
    check(files.open("p", O_WRONLY | O_NONBLOCK), "ENXIO");
    int reader = files.open("p", O_RDONLY | O_NONBLOCK);
    assertThat(reader).isNotNegative();
    check(levels(reader), ""); // no end of data before somebody has written
    check(files.read(reader, 10), "''");
    int writer = files.open("p", O_WRONLY | O_NONBLOCK);
    check(levels(writer), "OUT");
    check(files.read(reader, 10), "EAGAIN");
    check(files.write(writer, "abc"), "3");
    check(files.unlink("p"), "0");
    check(files.read(reader, 10), "'abc'");
    check(files.close(writer), "0");
    check(levels(reader), "HUP");
    check(files.read(reader, 10), "''");
    check(files.mkfifo("both"), "0");
    int both = files.open("both", O_RDWR | O_NONBLOCK);
    check(levels(both), "OUT");
    check(files.write(both, "x"), "1");
    check(levels(both), "IN|OUT");
    check(files.read(both, 10), "'x'");
    int more = files.open("both", O_RDONLY);
    check(files.write(both, "y"), "1");
    check(files.close(both), "0");
    check(files.read(more, 10), "'y'");
    check(files.stat(more).mode() & FileFlags.S_IFMT, Integer.toString(FileFlags.S_IFIFO));
  }
}
