package io.github.epollo.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.kernel.Epoll;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.FileStatus;
import io.github.epollo.runtime.kernel.IoUring;
import io.github.epollo.runtime.kernel.NativeMemory;
import io.github.epollo.testkit.RawRing.Completion;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** io_uring(7). */
class RingContractTest extends FileContract {
  private static final int FLAGS = IoUring.SETUP_CQSIZE | IoUring.SETUP_CLAMP | IoUring.SETUP_SUBMIT_ALL;
  private static final int PATIENCE_MILLIS = 2_000;
  private static final int CURRENT = -100; // AT_FDCWD

  private final RawRing ring = new RawRing(kernel, 8, 16, FLAGS);
  private final int epoll = calls.epoll();

  RingContractTest(Subject subject) {
    super(subject);
    check(calls.control(epoll, Epoll.CTL_ADD, ring.fd(), Epoll.IN | Epoll.ET, 7), "0");
  }

  @AfterEach
  void closeRing() {
    ring.close();
  }

  private void submit(long userData, int opcode, int fd, long offset, long address, int length, int flags) {
    ring.push(userData, opcode, fd, offset, address, length, flags);
    check(ring.enter(), "1");
  }

  /** Hands over what was pushed, and waits for as many completions, by user data. */
  private String completions(int count) {
    List<Completion> all = new ArrayList<>(ring.take());
    while (all.size() < count) {
      String waited = calls.waitText(epoll, 1, PATIENCE_MILLIS); // EINTR if the ring has work for this thread
      List<Completion> more = ring.take();
      if (waited.isEmpty() && more.isEmpty()) {
        throw new AssertionError("only " + all + " of " + count);
      }
      all.addAll(more);
    }
    return all.stream().sorted(Comparator.comparingLong(Completion::userData)).map(Completion::toString)
        .collect(Collectors.joining(" "));
  }

  private String completion(int opcode, int fd, long offset, long address, int length, int flags) {
    submit(1, opcode, fd, offset, address, length, flags);
    return completions(1);
  }

  @Test
  void setup() {
    assertThat(ring.features() & 0x2f).isEqualTo(0x2f);
    check(ring.sizes(), "8 16 8 16 7 15");
    try (RawRing odd = new RawRing(kernel, 5, 0, 0)) {
      check(odd.sizes(), "8 16 8 16 7 15");
      check(kernel.fcntl(odd.fd(), FileFlags.F_GETFD, 0), "1");
      check(calls.read(odd.fd(), 8), "EINVAL");
    }
    try (Arena arena = Arena.ofConfined()) {
      var parameters = arena.allocate(IoUring.PARAMS_SIZE, 8);
      check(RawRing.setup(files.files(), parameters, 0, 0, 0), "EINVAL");
      check(RawRing.setup(files.files(), parameters, 40_000, 0, 0), "EINVAL");
      check(RawRing.setup(files.files(), parameters, 8, 4, IoUring.SETUP_CQSIZE), "EINVAL");
      check(RawRing.setup(files.files(), parameters, 8, 0, IoUring.SETUP_TASKRUN_FLAG), "EINVAL");
      check(RawRing.setup(files.files(), parameters, 8, 0, 1 << 30), "EINVAL");
    }
    check(files.files().ioUringEnter(99_999, 0, 0, 0), "EBADF");
    check(files.files().ioUringEnter(epoll, 0, 0, 0), "EOPNOTSUPP");
    check(files.files().ioUringEnter(ring.fd(), 0, 0, 1 << 30), "EINVAL");
    check(files.files().mmap(4096, epoll, IoUring.MMAP_SQ_RING), "ENODEV");
  }

  @Test
  void probeAndWorkers() {
    int ops = 56;
    check(files.files().ioUringRegister(ring.fd(), IoUring.REGISTER_PROBE, files.data(), ops), "0");
    for (int op : new int[]{IoUring.OP_NOP, IoUring.OP_READ, IoUring.OP_WRITE, IoUring.OP_OPENAT, IoUring.OP_STATX,
      IoUring.OP_SPLICE, IoUring.OP_FSYNC, IoUring.OP_ASYNC_CANCEL, IoUring.OP_RENAMEAT, IoUring.OP_LINKAT,
      IoUring.OP_FTRUNCATE}) {
      int told = NativeMemory.getInt(files.data() + IoUring.PROBE_HEAD_SIZE + (long) op * IoUring.PROBE_OP_SIZE);
      assertThat(told & 0xff).isEqualTo(op);
      assertThat(told >>> 16).isEqualTo(1);
    }
    ring.push(1, IoUring.OP_NOP, -1, 0, 0, 0, 0);
    check(ring.enter(), "1"); // Linux has workers for each thread that has entered, and tells of those of the calling one
    NativeMemory.putInt(files.data(), 2);
    NativeMemory.putInt(files.data() + 4, 3);
    check(files.files().ioUringRegister(ring.fd(), IoUring.REGISTER_IOWQ_MAX_WORKERS, files.data(), 2), "0");
    NativeMemory.putInt(files.data(), 0);
    NativeMemory.putInt(files.data() + 4, 0);
    check(files.files().ioUringRegister(ring.fd(), IoUring.REGISTER_IOWQ_MAX_WORKERS, files.data(), 2), "0");
    check(NativeMemory.getInt(files.data()) + " " + NativeMemory.getInt(files.data() + 4), "2 3");
    check(files.files().ioUringRegister(ring.fd(), IoUring.REGISTER_IOWQ_MAX_WORKERS, files.data(), 1), "EINVAL");
    check(files.files().ioUringRegister(ring.fd(), 12_345, 0, 0), "EINVAL");
    check(files.files().ioUringRegister(99_999, IoUring.REGISTER_PROBE, files.data(), ops), "EBADF");
    check(files.files().ioUringRegister(epoll, IoUring.REGISTER_PROBE, files.data(), ops), "EOPNOTSUPP");
  }

  @Test
  void nothingIsDoneAtOnce() {
    check(levels(ring.fd()), "OUT");
    ring.push(1, IoUring.OP_NOP, -1, 0, 0, 0, 0);
    ring.push(2, IoUring.OP_NOP, -1, 0, 0, 0, 0);
    check(ring.take().toString(), "[]");
    check(ring.enter(), "2");
    check(ring.waiting(), "0");
    check(levels(ring.fd()), "IN|OUT");
    check(calls.waitText(epoll, 4, 0), "7:IN");
    check(calls.waitText(epoll, 4, 0), "");
    check(ring.take().toString(), "[1:0, 2:0]");
    check(levels(ring.fd()), "OUT");
  }

  @Test
  void eachCompletionIsAnEdge_whetherOrNotThoseBeforeWereTaken() {
    submit(1, IoUring.OP_NOP, -1, 0, 0, 0, 0);
    check(calls.waitText(epoll, 4, 0), "7:IN");
    submit(2, IoUring.OP_NOP, -1, 0, 0, 0, 0);
    check(calls.waitText(epoll, 4, 0), "7:IN");
    check(ring.take().toString(), "[1:0, 2:0]");
    check(calls.waitText(epoll, 4, 0), "");
  }

  @Test
  void submissionsThatMakeNoSense() {
    check(completion(200, -1, 0, 0, 0, 0), "1:EINVAL");
    check(completion(IoUring.OP_READ, 99_999, 0, files.data(), 10, 0), "1:EBADF");
    check(completion(IoUring.OP_READ, files.directory(), 0, files.data(), 10, 0), "1:EISDIR");
    check(completion(IoUring.OP_OPENAT, files.directory(), 0, 0, 0, 0), "1:EFAULT");
    check(completion(IoUring.OP_FSYNC, files.pipe()[0], 0, 0, 0, 0), "1:EINVAL");
  }

  @Test
  void readingAndWriting() {
    int fd = files.file("a", "0123456789");
    NativeMemory.putInt(files.data(), 'a' | 'b' << 8 | 'c' << 16);
    check(completion(IoUring.OP_WRITE, fd, 8, files.data(), 3, 0), "1:3");
    check(files.pread(fd, 50, 0), "'01234567abc'");
    check(completion(IoUring.OP_READ, fd, 2, files.data(), 4, 0), "1:4");
    check(NativeMemory.getInt(files.data()), Integer.toString('2' | '3' << 8 | '4' << 16 | '5' << 24));
    check(completion(IoUring.OP_READ, fd, 9, files.data(), 400, 0), "1:2");
    check(completion(IoUring.OP_READ, fd, 90, files.data(), 400, 0), "1:0");
    check(completion(IoUring.OP_READ, fd, -1, files.data(), 4, 0), "1:4");
    check(completion(IoUring.OP_READ, fd, -1, files.data(), 4, 0), "1:4");
    check(files.files().lseek(fd, 0, FileFlags.SEEK_CUR), "8");
    check(completion(IoUring.OP_READV, fd, 1, files.vectors(3, 2), 2, 0), "1:5");
    check(completion(IoUring.OP_WRITEV, fd, 0, files.vectors(1, 1), 2, 0), "1:2");
    check(completion(IoUring.OP_FSYNC, fd, 0, 0, 0, 0), "1:0");
    check(completion(IoUring.OP_FSYNC, fd, 0, 0, 0, IoUring.FSYNC_DATASYNC), "1:0");
    check(completion(IoUring.OP_FTRUNCATE, fd, 5, 0, 0, 0), "1:0");
    check(completion(IoUring.OP_FALLOCATE, fd, 0, 10_000, 0, 0), "1:0");
    check(files.stat(fd).size(), "10000");
    check(completion(IoUring.OP_FADVISE, fd, 0, 0, 0, 4), "1:0");
    check(completion(IoUring.OP_READ, fd, 0, files.data(), 10_000, 0), "1:10000");
    int read = files.open("a", FileFlags.O_RDONLY);
    check(completion(IoUring.OP_WRITE, read, 0, files.data(), 1, 0), "1:EBADF");
  }

  @Test
  void names() {
    int directory = files.directory();
    check(completion(IoUring.OP_MKDIRAT, directory, 0, files.name("d"), 0755, 0), "1:0");
    check(completion(IoUring.OP_MKDIRAT, directory, 0, files.name("d"), 0755, 0), "1:EEXIST");
    submit(1, IoUring.OP_OPENAT, directory, 0, files.name("d/f"), 0644, FileFlags.O_RDWR | FileFlags.O_CREAT);
    String opened = completions(1);
    int fd = files.keep(Integer.parseInt(opened.substring(2)));
    check(kernel.fcntl(fd, FileFlags.F_GETFD, 0), "0");
    check(files.pwrite(fd, "abc", 0), "3");
    check(completion(IoUring.OP_STATX, directory, files.status().address(), files.name("d/f"), FileStatus.BASIC, 0),
        "1:0");
    check(files.status().size(), "3");
    long to = files.data();
    NativeMemory.putInt(to, 'g');
    check(completion(IoUring.OP_LINKAT, directory, to, files.name("d/f"), directory, 0), "1:0");
    check(completion(IoUring.OP_LINKAT, directory, to, files.name("d/f"), directory, 0), "1:EEXIST");
    NativeMemory.putInt(to, 'h');
    check(completion(IoUring.OP_RENAMEAT, directory, to, files.name("g"), directory, 0), "1:0");
    check(completion(IoUring.OP_UNLINKAT, directory, 0, files.name("h"), 0, 0), "1:0");
    check(completion(IoUring.OP_UNLINKAT, directory, 0, files.name("h"), 0, 0), "1:ENOENT");
    check(completion(IoUring.OP_SYMLINKAT, directory, to, files.name("d/f"), 0, 0), "1:0");
    check(files.readlink("h", 100), "'d/f'");
    check(completion(IoUring.OP_UNLINKAT, directory, 0, files.name("d"), 0, FileFlags.AT_REMOVEDIR), "1:ENOTEMPTY");
    check(completion(IoUring.OP_OPENAT, CURRENT, 0, files.name(root() + "/x"), 0, 0), "1:ENOENT");
    check(completion(IoUring.OP_CLOSE, fd, 0, 0, 0, 0), "1:0");
    check(completion(IoUring.OP_CLOSE, fd, 0, 0, 0, 0), "1:EBADF");
  }

  @Test
  void aPathMayGoOnceItIsSubmitted() {
    ring.push(1, IoUring.OP_MKDIRAT, files.directory(), 0, files.name("first"), 0755, 0);
    check(ring.enter(), "1");
    long _ = files.name("other");
    check(completions(1), "1:0");
    check(files.list(".", 1000), ".:4 ..:4 first:4");
  }

  @Test
  void aReadOfAnEmptyPipeStaysInFlight_untilThereIsSomething() {
    int[] pipe = files.pipe(0);
    submit(1, IoUring.OP_READ, pipe[0], 0, files.data() + 4096, 10, 0);
    check(ring.take().toString(), "[]");
    check(calls.waitText(epoll, 4, 0), "");
    check(files.write(pipe[1], "abc"), "3");
    check(completions(1), "1:3");
    submit(2, IoUring.OP_READ, pipe[0], 0, files.data() + 4096, 10, 0);
    check(ring.take().toString(), "[]");
    check(files.close(pipe[1]), "0");
    check(completions(1), "2:0");
    int[] other = files.pipe();
    submit(3, IoUring.OP_READ, other[0], 0, files.data() + 4096, 10, 0);
    check(files.write(other[1], "abc"), "3");
    check(completions(1), "3:3"); // although it is non-blocking
    submit(4, IoUring.OP_READ, other[0], 0, files.data(), 10, FileFlags.RWF_NOWAIT);
    check(completions(1), "4:EAGAIN");
  }

  @Test
  void aFileThatIsClosedStaysOpenForTheCall() {
    int[] pipe = files.pipe(0);
    submit(1, IoUring.OP_READ, pipe[0], 0, files.data() + 4096, 10, 0);
    check(files.close(pipe[0]), "0");
    check(levels(pipe[1]), "OUT");
    check(files.write(pipe[1], "abc"), "3");
    check(completions(1), "1:3");
    soon(() -> levels(pipe[1]), "OUT|ERR");
  }

  @Test
  void whatWaitsCanBeCancelled() {
    int[] pipe = files.pipe(0);
    submit(1, IoUring.OP_READ, pipe[0], 0, files.data(), 10, 0);
    submit(2, IoUring.OP_ASYNC_CANCEL, -1, 0, 1, 0, 0);
    check(completions(2), "1:ECANCELED 2:0");
    submit(3, IoUring.OP_ASYNC_CANCEL, -1, 0, 1, 0, 0);
    check(completions(1), "3:ENOENT");
    check(files.write(pipe[1], "abc"), "3");
    check(files.read(pipe[0], 10), "'abc'"); // nothing was taken
  }

  @Test
  void spliceThroughARing() {
    int source = files.file("a", "0123456789");
    int[] pipe = files.pipe(0);
    ring.push(1, IoUring.OP_SPLICE, pipe[1], -1, 2, 5, 0, source, 0);
    check(ring.enter(), "1");
    check(completions(1), "1:5");
    int target = files.file("b", "");
    ring.push(2, IoUring.OP_SPLICE, target, 1, -1, 50, 0, pipe[0], 0);
    check(ring.enter(), "1");
    check(completions(1), "2:5");
    check(files.pread(target, 50, 0), "'.23456'");
  }

  @Test
  void completionsThatFindNoRoomAreKept() {
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 8; j++) {
        ring.push(8L * i + j, IoUring.OP_NOP, -1, 0, 0, 0, 0);
      }
      check(files.files().ioUringEnter(ring.fd(), 8, 0, 0), "8");
    }
    assertThat(ring.hasOverflow()).isTrue();
    List<Completion> all = new ArrayList<>(ring.take());
    check(all.size(), "16");
    check(levels(ring.fd()), "IN|OUT"); // those that are kept
    check(ring.enter(), "0");
    assertThat(ring.hasOverflow()).isFalse();
    all.addAll(ring.take());
    for (int i = 0; i < 24; i++) {
      check(all.get(i).toString(), i + ":0");
    }
    check(all.size(), "24");
    check(levels(ring.fd()), "OUT");
  }

  @Test
  void withoutTheFlagABadSubmissionStopsThoseBehindIt() {
    try (RawRing strict = new RawRing(kernel, 8, 0, 0)) {
      strict.push(1, 200, -1, 0, 0, 0, 0);
      strict.push(2, IoUring.OP_NOP, -1, 0, 0, 0, 0);
      check(strict.enter(), "1");
      check(strict.take().toString(), "[1:EINVAL]");
      check(strict.enter(), "1");
      check(strict.take().toString(), "[2:0]");
    }
  }
}
