package io.github.epollo.fs;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Body;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileStatus;
import io.github.epollo.testsupport.ProbeKernel;
import io.github.epollo.timers.Timers;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Locks of an open file, on the spot, and through the engine as on a file system that is not of this machine. */
@Timeout(60)
class AsyncFileLockTest {
  @TempDir Path directory;

  private final ProbeKernel probe = new ProbeKernel();
  private Path path;

  @BeforeEach
  void create() throws IOException {
    path = Files.writeString(directory.resolve("file"), "abcdef");
  }

  private void run(boolean local, Body body) {
    probe.on("statx", call -> {
      long result = call.real();
      if (!local) {
        FileStatus.at(call.longArg(4)).device(1); // as of a file system without a device
      }
      return result;
    });
    Epollo.run(EpolloOptions.defaults().withKernel(probe.kernel()).with(FileOptions.class,
        FileOptions.defaults().withBackend(FileBackend.POOL)), body);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void twoFilesExcludeEachOther(boolean local) {
    run(local, () -> {
      try (AsyncFile a = AsyncFile.open(path, READ, WRITE); AsyncFile b = AsyncFile.open(path, READ, WRITE)) {
        AsyncFileLock lock = a.lock();
        assertThat(lock.isValid()).isTrue();
        assertThat(lock).hasToString("an exclusive lock on 0.. of AsyncFile[" + path + "]");
        assertThat(b.tryLock()).isNull();
        assertThat(b.tryLock(5, 1, true)).isNull();
        Task<AsyncFileLock> waiting = Tasks.spawn(() -> b.lock());
        Tasks.yieldNow();
        lock.close();
        lock.close();
        assertThat(lock.isValid()).isFalse();
        try (AsyncFileLock other = waiting.await()) {
          assertThat(a.tryLock()).isNull();
          assertThat(other.isShared()).isFalse();
        }
        assertThat(a.tryLock()).isNotNull();
      }
    });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void sharedLocksAndPartsGoTogether(boolean local) {
    run(local, () -> {
      try (AsyncFile a = AsyncFile.open(path, READ, WRITE); AsyncFile b = AsyncFile.open(path, READ, WRITE)) {
        AsyncFileLock shared = a.lock(0, 10, true);
        try (AsyncFileLock too = b.lock(5, 10, true)) {
          assertThat(too.position()).isEqualTo(5);
          assertThat(too.size()).isEqualTo(10);
          assertThat(b.tryLock(0, 5, false)).isNull();
        }
        assertThat(b.tryLock(10, Long.MAX_VALUE, false)).isNotNull();
        assertThat(a.tryLock(1L << 40, 1, true)).isNull(); // to the end, however far
        shared.close();
        assertThat(b.tryLock(0, 10, false)).isNotNull();
      }
    });
  }

  @Test
  void oneFileDoesNotTakeItsOwnLockAway() {
    run(true, () -> {
      try (AsyncFile file = AsyncFile.open(path, READ, WRITE); AsyncFile duplicate = file.duplicate()) {
        AsyncFileLock lock = file.lock(0, 10, false);
        for (AsyncFile any : List.of(file, duplicate)) {
          assertThatThrownBy(() -> any.lock(9, 1, true)).isInstanceOf(OverlappingFileLockException.class)
              .hasMessageContaining(lock.toString());
          assertThatThrownBy(() -> any.tryLock()).isInstanceOf(OverlappingFileLockException.class);
        }
        assertThat(duplicate.tryLock(10, 1, true)).isNotNull();
      }
    });
  }

  @Test
  void closingTheFileGivesItsLocksBackButNotThoseOfADuplicate() {
    run(true, () -> {
      try (AsyncFile other = AsyncFile.open(path, READ, WRITE)) {
        AsyncFile file = AsyncFile.open(path, READ, WRITE);
        AsyncFile duplicate = file.duplicate();
        AsyncFileLock first = file.lock(0, 1, false);
        AsyncFileLock second = duplicate.lock(1, 1, false);
        file.close();
        assertThat(first.isValid()).isFalse();
        first.close();
        assertThat(second.isValid()).isTrue();
        assertThat(other.tryLock(1, 1, false)).isNull();
        assertThat(other.tryLock(0, 1, false)).isNotNull();
        assertThat(duplicate.tryLock(0, 1, false)).isNull();
        duplicate.close();
        assertThat(other.tryLock(1, 1, false)).isNotNull();
      }
    });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aWaitIsStoppedByCancelDeadlineAndClose(boolean local) {
    run(local, () -> {
      try (AsyncFile a = AsyncFile.open(path, WRITE)) {
        AsyncFile b = AsyncFile.open(path, WRITE);
        AsyncFileLock lock = a.lock();
        assertThatThrownBy(() -> Timers.withTimeout(Duration.ofMillis(5), () -> b.lock()))
            .isInstanceOf(DeadlineExceededException.class);
        Task<AsyncFileLock> waiting = Tasks.spawn(() -> b.lock());
        Tasks.yieldNow();
        waiting.cancel().await();
        assertThatThrownBy(waiting::await).isInstanceOf(CancellationException.class);
        Task<AsyncFileLock> closed = Tasks.spawn(() -> b.lock());
        long before = probe.calls("lock");
        while (probe.calls("lock") < before + 2) {
          Tasks.yieldNow();
        }
        b.close();
        assertThatThrownBy(closed::await).hasCauseInstanceOf(AsynchronousCloseException.class);
        lock.close();
        assertThat(a.tryLock()).isNotNull();
      }
    });
  }

  /** What comes after nobody wants it any more is given back, and nobody can take its place before that. */
  @Test
  void aLockThatComesTooLateIsGivenBack() {
    run(false, () -> {
      try (AsyncFile a = AsyncFile.open(path, WRITE); AsyncFile b = AsyncFile.open(path, WRITE)) {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        probe.on("lock", call -> {
          begun.countDown();
          go.await();
          return call.real();
        });
        Future<AsyncFileLock> lock = a.lockAsync(0, 1, false);
        assertThat(lock.poll(() -> {})).isInstanceOf(Poll.Pending.class);
        begun.await();
        lock.close();
        assertThat(a.tryLock()).isNull();
        probe.off("lock");
        go.countDown();
        b.lock().close();
        a.lock().close();
      }
    });
  }

  @Test
  void aServerThatCannotBeReachedIsAnError() {
    run(false, () -> {
      try (AsyncFile file = AsyncFile.open(path, WRITE)) {
        probe.on("lock", _ -> -Errno.ESTALE);
        assertThatThrownBy(file::lock).hasMessageContaining("ESTALE").hasMessageContaining(path.toString());
        probe.off("lock");
        assertThat(file.tryLock()).isNotNull();
      }
    });
  }

  @Test
  void badRanges() {
    run(true, () -> {
      try (AsyncFile file = AsyncFile.open(path, WRITE)) {
        assertThatThrownBy(() -> file.lock(-1, 5, false)).isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("-1");
        assertThatThrownBy(() -> file.lock(0, 0, false)).isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("0 bytes");
      }
    });
  }

  /** Tasks with a file each take turns. */
  @Test
  void nobodyIsInTheMiddleWithSomebodyElse() {
    run(true, () -> {
      int[] inside = new int[1];
      List<Task<?>> tasks = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        tasks.add(Tasks.spawn(() -> {
          try (AsyncFile file = AsyncFile.open(path, WRITE)) {
            for (int round = 0; round < 5; round++) {
              try (AsyncFileLock _ = file.lock()) {
                assertThat(++inside[0]).isEqualTo(1);
                Tasks.yieldNow();
                inside[0]--;
              }
            }
          }
        }));
      }
      tasks.forEach(Task::await);
    });
  }
}
