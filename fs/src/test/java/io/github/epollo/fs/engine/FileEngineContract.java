package io.github.epollo.fs.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.fs.FileOptions;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.LinuxKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds whoever makes the calls. */
abstract class FileEngineContract {
  @TempDir Path directory;

  Path file;

  private Set<String> openBefore = Set.of();

  /** Which engine; as small as it can be. */
  abstract FileOptions files();

  EpolloOptions options() {
    return EpolloOptions.defaults().with(FileOptions.class, files());
  }

  @BeforeEach
  void makeFile() throws IOException {
    file = directory.resolve("file");
    byte[] content = new byte[64 * 1024];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) (i / 256);
    }
    Files.write(file, content);
    Epollo.run(options(), () -> {
      FileEngine _ = engine();
    }); // what the JVM opens once and keeps is opened now
    openBefore = OpenFds.below(directory);
  }

  @AfterEach
  void nothingIsLeftOpen() {
    assertThat(OpenFds.below(directory)).isEqualTo(openBefore);
  }

  static FileEngine engine() {
    try {
      return FileContext.current().engine();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Runs {@code body} with an fd of the file. */
  void withFile(FdBody body) throws Exception {
    ProbedCall.Open open = new ProbedCall.Open(engine(), file.toString());
    int fd = (int) open.await();
    assertThat(fd).isNotNegative();
    try {
      body.run(fd);
    } finally {
      LinuxKernel.get().close(fd);
    }
  }

  interface FdBody {
    void run(int fd) throws Exception;
  }

  @Test
  void aCallIsMadeAndItsResultComesBack() {
    Epollo.run(options(), () -> withFile(fd -> {
      assertThat(engine().backend()).isEqualTo(files().backend());
      ProbedCall.Read read = new ProbedCall.Read(engine(), fd, 512, 300);

      assertThat(read.await()).isEqualTo(300);

      assertThat(read.buffer.bytes().get(0)).isEqualTo((byte) 2);
      assertThat(read.buffer.bytes().get(299)).isEqualTo((byte) 3);
      assertThat(read.begun).hasValue(1);
      assertThat(read.releases).hasValue(1);
      assertThat(read.discarded).hasValue(ProbedCall.NOTHING);
    }));
  }

  @Test
  void aFailureIsAResult() {
    Epollo.run(options(), () -> {
      ProbedCall.Open open = new ProbedCall.Open(engine(), directory.resolve("missing").toString());

      assertThat(open.await()).isEqualTo(-Errno.ENOENT);
    });
  }

  @Test
  void aCallThatWaitsIsAnsweredWhenTheKernelAnswers() {
    Epollo.run(options(), () -> {
      try (OsPipe pipe = new OsPipe()) {
        ProbedCall.Read read = new ProbedCall.Read(engine(), pipe.readEnd, -1, 100);
        CountDownLatch woken = new CountDownLatch(1);
        assertThat(read.poll(woken::countDown)).isFalse();
        pipe.put(7);

        woken.await();

        assertThat(read.poll(() -> {})).isTrue();
        assertThat(read.result()).isEqualTo(7);
        read.end();
        assertThat(read.releases).hasValue(1);
      }
    });
  }

  @Test
  void whatNobodyWaitsForIsReleasedOnceItIsDone() {
    Epollo.run(options(), () -> {
      try (OsPipe pipe = new OsPipe()) {
        ProbedCall.Read read = new ProbedCall.Read(engine(), pipe.readEnd, -1, 100);
        assertThat(read.poll(() -> {})).isFalse();
        while (read.begun.get() == 0) {
          Thread.yield();
        }

        read.abandon();
        pipe.put(1);
        read.released.await();

        assertThat(read.releases).hasValue(1);
      }
    });
  }

  @Test
  void aCallThatIsCancelledIsCompletedAllTheSame() {
    Epollo.run(options(), () -> {
      try (OsPipe pipe = new OsPipe()) {
        ProbedCall.Read read = new ProbedCall.Read(engine(), pipe.readEnd, -1, 100);
        CountDownLatch woken = new CountDownLatch(1);
        assertThat(read.poll(woken::countDown)).isFalse();
        read.cancel();
        read.cancel();
        pipe.put(1);

        woken.await();

        assertThat(read.poll(() -> {})).isTrue();
        assertThat(read.result()).isIn(1L, (long) -Errno.ECANCELED);
        read.end();
        read.cancel();
        assertThat(read.releases).hasValue(1);
      }
    });
  }

  @Test
  void anOpenedFileThatNobodyTakesIsClosed() {
    Epollo.run(options(), () -> {
      ProbedCall.Open open = new ProbedCall.Open(engine(), file.toString());
      CountDownLatch woken = new CountDownLatch(1);
      boolean _ = open.poll(woken::countDown); // woken even if it is done by now
      woken.await();

      open.abandon();
      open.abandon();

      assertThat(open.discarded.get()).isNotNegative();
      assertThat(open.releases).hasValue(1);
    });
  }

  @Test
  void aCallThatWasNeverPolledIsReleasedAtOnce() {
    Epollo.run(options(), () -> {
      ProbedCall.Open open = new ProbedCall.Open(engine(), file.toString());
      open.abandon();
      open.abandon();

      assertThat(open.releases).hasValue(1);
      assertThat(open.begun).hasValue(0);
    });
  }

  @Test
  void anOperationThatNoRingKnowsIsMadeByAThread() {
    Epollo.run(options(), () -> {
      ProbedCall.Unknown call = new ProbedCall.Unknown(engine());

      assertThat(call.await()).isEqualTo(42);

      assertThat(call.begun).hasValue(1);
      assertThat(call.releases).hasValue(1);
    });
  }

  @Test
  void manyMoreCallsThanThereIsRoomForAreAllMade() {
    Epollo.run(options(), () -> withFile(fd -> {
      List<ProbedCall.Read> reads = new ArrayList<>();
      CountDownLatch woken = new CountDownLatch(10_000);
      for (int i = 0; i < 10_000; i++) {
        ProbedCall.Read read = new ProbedCall.Read(engine(), fd, 256L * (i % 256), 16);
        reads.add(read);
        boolean _ = read.poll(woken::countDown); // woken even if it is done by now
      }

      woken.await();

      for (int i = 0; i < 10_000; i++) {
        ProbedCall.Read read = reads.get(i);
        assertThat(read.poll(() -> {})).isTrue();
        assertThat(read.result()).isEqualTo(16);
        assertThat(read.buffer.bytes().get(15)).isEqualTo((byte) i);
        read.end();
        assertThat(read.releases).hasValue(1);
      }
    }));
  }

  @Test
  void callsAreTakenFromOtherThreads() throws Exception {
    try (Epollo epollo = Epollo.start(options())) {
      FileEngine engine = epollo.call(FileEngineContract::engine);
      List<Thread> threads = new ArrayList<>();
      List<Long> results = Collections.synchronizedList(new ArrayList<>());
      for (int t = 0; t < 4; t++) {
        threads.add(Thread.ofPlatform().start(() -> {
          for (int i = 0; i < 500; i++) {
            ProbedCall.Open open = new ProbedCall.Open(engine, file.toString());
            int fd = (int) open.await();
            results.add(new ProbedCall.Read(engine, fd, 0, 16).await());
            LinuxKernel.get().close(fd);
          }
        }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(results).hasSize(2000).containsOnly(16L);
    }
  }

  @Test
  void aCallAfterTheLoopHasEndedIsRefused() throws Exception {
    FileEngine engine;
    try (Epollo epollo = Epollo.start(options())) {
      engine = epollo.call(FileEngineContract::engine);
    }
    ProbedCall.Open open = new ProbedCall.Open(engine, file.toString());
    CountDownLatch woken = new CountDownLatch(1);
    boolean _ = open.poll(woken::countDown);
    woken.await();

    assertThat(open.poll(() -> {})).isTrue();
    assertThat(open.result()).isEqualTo(-Errno.ECANCELED);
    open.end();
    assertThat(open.begun).hasValue(0);
  }
}
