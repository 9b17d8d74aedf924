package io.github.epollo.testkit;

import static io.github.epollo.runtime.kernel.FileFlags.O_APPEND;
import static io.github.epollo.runtime.kernel.FileFlags.O_CREAT;
import static io.github.epollo.runtime.kernel.FileFlags.O_RDONLY;
import static io.github.epollo.runtime.kernel.FileFlags.O_RDWR;
import static io.github.epollo.runtime.kernel.FileFlags.O_WRONLY;
import static io.github.epollo.runtime.kernel.FileFlags.SEEK_CUR;
import static io.github.epollo.runtime.kernel.FileFlags.SPLICE_F_NONBLOCK;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.Sockets;
import org.junit.jupiter.api.Test;

/** copy_file_range(2), sendfile(2), splice(2). */
class TransferContractTest extends FileContract {
  TransferContractTest(Subject subject) {
    super(subject);
  }

  private long copy(int source, long sourceOffset, int target, long targetOffset, long length) {
    return files.files().copyFileRange(source, sourceOffset, target, targetOffset, length);
  }

  private long splice(int source, long sourceOffset, int target, long targetOffset, long length) {
    return files.files().splice(source, sourceOffset, target, targetOffset, length, SPLICE_F_NONBLOCK);
  }

  private long position(int fd) {
    return files.files().lseek(fd, 0, SEEK_CUR);
  }

  @Test
  void fromFileToFile() {
    int source = files.file("a", "0123456789");
    int target = files.file("b", "");
    check(copy(source, 2, target, 1, 3), "3");
    check(files.pread(target, 50, 0), "'.234'");
    check(position(source), "0");
    check(copy(source, -1, target, -1, 4), "4");
    check(position(source), "4");
    check(position(target), "4");
    check(files.pread(target, 50, 0), "'0123'");
    check(copy(source, 8, target, 0, 50), "2");
    check(copy(source, 50, target, 0, 50), "0");
    check(copy(source, 0, source, 20, 5), "5");
    check(copy(source, 0, source, 3, 5), "EINVAL"); // they overlap
    check(copy(source, 0, files.open("b", O_RDONLY), 0, 5), "EBADF");
    check(copy(files.open("b", O_WRONLY), 0, target, 0, 5), "EBADF");
    check(copy(source, 0, files.open("b", O_WRONLY | O_APPEND), 0, 5), "EBADF");
    check(copy(files.directory(), 0, target, 0, 5), "EISDIR");
    check(copy(files.pipe()[0], -1, target, 0, 5), "EINVAL");
  }

  @Test
  void fromFileToSocketOrPipe() {
    int source = files.file("a", "0123456789");
    Pair pair = pair();
    check(files.files().sendfile(pair.client(), source, 3, 4), "4");
    soon(() -> levels(pair.server()), "IN|OUT");
    check(calls.recv(pair.server(), 50, 0), "'3456'");
    check(position(source), "0");
    check(files.files().sendfile(pair.client(), source, -1, 4), "4");
    check(position(source), "4");
    check(files.files().sendfile(pair.client(), source, -1, 50), "6");
    check(files.files().sendfile(pair.client(), source, -1, 50), "0");
    int[] pipe = files.pipe();
    check(files.files().sendfile(pipe[1], source, 0, 5), "5");
    check(files.read(pipe[0], 50), "'01234'");
    int target = files.file("b", "");
    check(files.files().sendfile(target, source, 5, 5), "5");
    check(files.pread(target, 50, 0), "'56789'");
    check(files.files().sendfile(files.open("b", O_RDWR | O_APPEND), source, 0, 5), "EINVAL");
    check(files.files().sendfile(files.open("b", O_RDONLY), source, 0, 5), "EBADF");
    check(files.files().sendfile(target, files.open("a", O_WRONLY), 0, 5), "EBADF");
    check(files.files().sendfile(target, files.directory(), 0, 5), "EINVAL");
    check(files.files().sendfile(pair.client(), source, -2, 5), "EINVAL");
  }

  @Test
  void aSocketThatTakesNoMore() {
    int source = files.open("a", O_RDWR | O_CREAT);
    check(files.files().ftruncate(source, 1 << 26), "0");
    Pair pair = pair();
    int _ = calls.set(pair.client(), Sockets.SOL_SOCKET, Sockets.SO_SNDBUF, 10_000);
    long sent = 0;
    long result = files.files().sendfile(pair.client(), source, sent, 1 << 26);
    while (result > 0) {
      sent += result;
      result = files.files().sendfile(pair.client(), source, sent, 1 << 26);
    }
    check(result, "EAGAIN");
    assertThat(sent).isBetween(1L, (1L << 26) - 1);
  }

  @Test
  void throughAPipe() {
    int source = files.file("a", "0123456789");
    int target = files.file("b", "");
    int[] pipe = files.pipe();
    check(splice(pipe[0], -1, target, -1, 50), "EAGAIN");
    check(splice(source, 2, pipe[1], -1, 5), "5");
    check(splice(source, -1, pipe[1], -1, 2), "2");
    check(position(source), "2");
    check(splice(pipe[0], -1, target, 1, 3), "3");
    check(splice(pipe[0], -1, target, -1, 50), "4");
    check(position(target), "4");
    check(files.pread(target, 50, 0), "'5601'");
    check(splice(source, 10, pipe[1], -1, 5), "0");
    check(splice(source, 0, target, 0, 5), "EINVAL");
    check(splice(source, 0, pipe[1], 0, 5), "ESPIPE");
    check(splice(pipe[0], -1, pipe[1], -1, 5), "EINVAL");
    check(splice(pipe[1], -1, target, -1, 5), "EBADF");
    check(splice(source, 0, pipe[0], -1, 5), "EBADF");
    check(splice(source, 0, pipe[1], -1, 0), "0");
    check(files.close(pipe[1]), "0");
    check(splice(pipe[0], -1, target, -1, 5), "0");
    int[] broken = files.pipe();
    check(files.close(broken[0]), "0");
    check(splice(source, 0, broken[1], -1, 5), "EPIPE");
  }

  @Test
  void betweenSocketsAndPipes() {
    Pair pair = pair();
    int[] pipe = files.pipe();
    check(splice(pair.server(), -1, pipe[1], -1, 100), "EAGAIN");
    check(calls.send(pair.client(), "hello", 0), "5");
    soon(() -> levels(pair.server()), "IN|OUT");
    check(splice(pair.server(), -1, pipe[1], -1, 100), "5");
    check(splice(pipe[0], -1, pair.server(), -1, 3), "3");
    soon(() -> levels(pair.client()), "IN|OUT");
    check(calls.recv(pair.client(), 50, 0), "'hel'");
    int[] second = files.pipe();
    check(splice(pipe[0], -1, second[1], -1, 50), "2");
    check(files.read(second[0], 50), "'lo'");
    check(kernel.shutdown(pair.client(), Sockets.SHUT_WR), "0");
    soon(() -> levels(pair.server()), "IN|OUT|RDHUP");
    check(splice(pair.server(), -1, pipe[1], -1, 100), "0");
  }

  @Test
  void aFullPipe() {
    int source = files.open("a", O_RDWR | O_CREAT);
    check(files.files().ftruncate(source, 1 << 20), "0");
    int[] pipe = files.pipe();
    check(kernel.fcntl(pipe[1], FileFlags.F_SETPIPE_SZ, 4 * 4096), "16384");
    check(splice(source, 0, pipe[1], -1, 1 << 20), "16384");
    check(splice(source, 0, pipe[1], -1, 1 << 20), "EAGAIN");
    int[] other = files.pipe();
    check(kernel.fcntl(other[1], FileFlags.F_SETPIPE_SZ, 4096), "4096");
    check(splice(pipe[0], -1, other[1], -1, 1 << 20), "4096");
    check(splice(pipe[0], -1, other[1], -1, 1 << 20), "EAGAIN");
  }
}
