package io.github.epollo.fs.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.fs.FileBackend;
import io.github.epollo.fs.FileOptions;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.IoUring;
import io.github.epollo.runtime.kernel.LinuxKernel;
import io.github.epollo.runtime.kernel.NativeMemory;
import io.github.epollo.runtime.loop.Loop;
import io.github.epollo.testsupport.ProbeKernel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class RingEngineTest extends FileEngineContract {
  private final ProbeKernel probe = new ProbeKernel();

  @Override
  FileOptions files() {
    return FileOptions.defaults().withBackend(FileBackend.RING).withThreads(1).withRingEntries(4).withRingWorkers(2);
  }

  private EpolloOptions probed(int entries) {
    return options().withKernel(probe.kernel()).with(FileOptions.class, files().withRingEntries(entries));
  }

  /** Runs {@code body} on the loop's own thread, in one piece. */
  private static <T> T onLoop(Loop loop, Callable<T> body) throws Exception {
    CompletableFuture<T> result = new CompletableFuture<>();
    loop.execute(() -> {
      try {
        result.complete(body.call());
      } catch (Throwable t) {
        result.completeExceptionally(t);
      }
    });
    return result.get();
  }

  private static List<ProbedCall.Read> reads(FileEngine engine, int count, int fd, long offset, Runnable wake) {
    List<ProbedCall.Read> reads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ProbedCall.Read read = new ProbedCall.Read(engine, fd, offset, 16);
      boolean _ = read.poll(wake::run);
      reads.add(read);
    }
    return reads;
  }

  @Test
  void theCallsOfOneTurnAreHandedOverTogether() {
    Epollo.run(probed(64), () -> withFile(fd -> {
      FileEngine engine = engine();
      CountDownLatch woken = new CountDownLatch(50);
      probe.reset();

      List<ProbedCall.Read> reads = onLoop(Loop.current(), () -> reads(engine, 50, fd, 0, woken::countDown));
      woken.await();

      assertThat(probe.calls("ioUringEnter")).isEqualTo(1);
      assertThat(reads).allSatisfy(read -> assertThat(read.await()).isEqualTo(16));
    }));
  }

  @Test
  void aReadOfAnEmptyPipeIsStopped() {
    Epollo.run(options(), () -> {
      try (OsPipe pipe = new OsPipe()) {
        ProbedCall.Read read = new ProbedCall.Read(engine(), pipe.readEnd, -1, 100);
        assertThat(read.poll(() -> {})).isFalse();
        read.cancel();

        assertThat(read.await()).isEqualTo(-Errno.ECANCELED);
      }
    });
  }

  @Test
  void anAbandonedReadOfAnEmptyPipeLetsGoOfItsMemory() {
    Epollo.run(options(), () -> {
      try (OsPipe pipe = new OsPipe()) {
        List<ProbedCall.Read> reads = reads(engine(), 100, pipe.readEnd, -1, () -> {});

        reads.forEach(FileCall::abandon);

        for (ProbedCall.Read read : reads) {
          read.released.await();
        }
        assertThat(new ProbedCall.Open(engine(), directory.resolve("missing").toString()).await())
            .isEqualTo(-Errno.ENOENT);
        assertThat(reads).allSatisfy(read -> assertThat(read.releases).hasValue(1));
      }
    });
  }

  @Test
  void whatIsCancelledInTheSameTurnNeverGetsToTheKernel() {
    Epollo.run(probed(64), () -> {
      FileEngine engine = engine();
      try (OsPipe pipe = new OsPipe()) {
        probe.reset();
        List<ProbedCall.Read> reads = onLoop(Loop.current(), () -> {
          List<ProbedCall.Read> submitted = reads(engine, 10, pipe.readEnd, -1, () -> {});
          submitted.forEach(FileCall::abandon);
          assertThat(submitted).allSatisfy(read -> assertThat(read.releases).hasValue(1));
          return submitted;
        });
        assertThat(onLoop(Loop.current(), () -> 1)).isEqualTo(1); // a turn

        assertThat(probe.calls("ioUringEnter")).isZero();
        assertThat(reads).allSatisfy(read -> assertThat(read.begun).hasValue(0));
      }
    });
  }

  @Test
  void aCancelMayOvertakeItsSubmit() {
    Epollo.run(options(), () -> {
      FileEngine engine = engine();
      try (OsPipe pipe = new OsPipe()) {
        ProbedCall.Read read = new ProbedCall.Read(engine, pipe.readEnd, -1, 16);
        boolean done = onLoop(Loop.current(), () -> {
          engine.cancel(read);
          return read.poll(() -> {});
        });

        assertThat(done).isTrue();
        assertThat(read.result()).isEqualTo(-Errno.ECANCELED);
        assertThat(read.begun).hasValue(0);
        read.end();
      }
    });
  }

  @Test
  void aFullRingTakesMoreWhenCallsEnd() {
    Epollo.run(options(), () -> withFile(fd -> {
      try (OsPipe pipe = new OsPipe()) {
        List<ProbedCall.Read> waiting = reads(engine(), 8, pipe.readEnd, -1, () -> {}); // as many as may be in flight
        ProbedCall.Read next = new ProbedCall.Read(engine(), fd, 0, 16);
        CountDownLatch woken = new CountDownLatch(1);
        assertThat(next.poll(woken::countDown)).isFalse();
        assertThat(onLoop(Loop.current(), () -> 1)).isEqualTo(1); // a turn
        assertThat(next.begun).hasValue(0);
        pipe.put(16);

        woken.await();

        assertThat(next.await()).isEqualTo(16);
        waiting.forEach(FileCall::abandon);
      }
    }));
  }

  @Test
  void openingAFifoWaitsForTheOtherEnd() throws Exception {
    Path fifo = directory.resolve("fifo");
    assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
    Epollo.run(options(), () -> {
      ProbedCall.Open open = new ProbedCall.Open(engine(), fifo.toString());
      CountDownLatch woken = new CountDownLatch(1);
      assertThat(open.poll(woken::countDown)).isFalse();
      ProbedCall.Open missing = new ProbedCall.Open(engine(), directory.resolve("missing").toString());
      assertThat(missing.await()).isEqualTo(-Errno.ENOENT);
      assertThat(woken.getCount()).isEqualTo(1);

      Thread writer = Thread.ofPlatform().start(() -> {
        try {
          Files.newOutputStream(fifo).close();
        } catch (Exception e) {
          throw new AssertionError(e);
        }
      });
      woken.await();

      int fd = (int) open.await();
      assertThat(fd).isNotNegative();
      LinuxKernel.get().close(fd);
      writer.join();
    });
  }

  @Test
  void theKernelUsesNoMoreThreadsThanItMay() throws Exception {
    Path fifo = directory.resolve("fifo");
    assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
    try (Epollo epollo = Epollo.start(options().with(FileOptions.class, files().withRingEntries(64)))) {
      FileEngine engine = epollo.call(FileEngineContract::engine);
      String thread = onLoop(epollo.loop(),
          () -> Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName().toString());
      List<ProbedCall.Open> opens = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        ProbedCall.Open open = new ProbedCall.Open(engine, fifo.toString());
        assertThat(open.poll(() -> {})).isFalse();
        opens.add(open);
      }
      int most = 0;
      for (int i = 0; i < 1000 || most == 0; i++) {
        most = Math.max(most, (int) KernelThreads.ofRings().stream().filter(t -> t.endsWith("-" + thread)).count());
      }
      assertThat(most).isBetween(1, 2);
      assertThat(KernelThreads.ofRings()).noneMatch(t -> t.startsWith("iou-sqp"));

      opens.forEach(FileCall::cancel);

      assertThat(opens).allSatisfy(open -> assertThat(open.await()).isEqualTo(-Errno.ECANCELED));
    }
  }

  @Test
  void aLoopWhoseCallsAllWaitSleeps() throws Exception {
    try (Epollo epollo = Epollo.start(options()); OsPipe pipe = new OsPipe()) {
      FileEngine engine = epollo.call(FileEngineContract::engine);
      CountDownLatch woken = new CountDownLatch(1);
      List<ProbedCall.Read> reads = onLoop(epollo.loop(),
          () -> reads(engine, 1, pipe.readEnd, -1, woken::countDown));
      long before = -1;
      while (before != epollo.loop().driver().polls()) { // until the turns that belong to that are over
        before = epollo.loop().driver().polls();
        LockSupport.parkNanos(20_000_000);
      }

      LockSupport.parkNanos(200_000_000);

      assertThat(epollo.loop().driver().polls()).isEqualTo(before);
      assertThat(woken.getCount()).isEqualTo(1);
      pipe.put(1);
      woken.await();
      assertThat(reads.getFirst().await()).isEqualTo(1);
    }
  }

  @Test
  void closingStopsWhatIsInFlightAndWhatWaits() throws Exception {
    try (OsPipe pipe = new OsPipe()) {
      List<ProbedCall.Read> reads;
      try (Epollo epollo = Epollo.start(options())) {
        FileEngine engine = epollo.call(FileEngineContract::engine);
        reads = onLoop(epollo.loop(), () -> reads(engine, 100, pipe.readEnd, -1, () -> {}));
        assertThat(onLoop(epollo.loop(), () -> 1)).isEqualTo(1); // a turn
      }

      assertThat(reads).allSatisfy(read -> {
        assertThat(read.poll(() -> {})).isTrue();
        assertThat(read.result()).isEqualTo(-Errno.ECANCELED);
        read.end();
        assertThat(read.releases).hasValue(1);
      });
      assertThat(reads).filteredOn(read -> read.begun.get() == 1).hasSize(8);
    }
  }

  @Test
  void whatTheKernelWillNotLetGoOfKeepsItsMemoryAndIsNamed() throws Exception {
    try (OsPipe pipe = new OsPipe(); FilesLog log = new FilesLog()) {
      List<ProbedCall.Read> reads;
      try (Epollo epollo = Epollo.start(probed(4).withName("stuck"))) {
        FileEngine engine = epollo.call(FileEngineContract::engine);
        reads = onLoop(epollo.loop(), () -> reads(engine, 3, pipe.readEnd, -1, () -> {}));
        assertThat(onLoop(epollo.loop(), () -> 1)).isEqualTo(1); // a turn
        probe.on("ioUringEnter", call -> -Errno.EAGAIN); // so that no request to cancel gets through
      }

      assertThat(reads).allSatisfy(read -> {
        assertThat(read.begun).hasValue(1);
        assertThat(read.releases).hasValue(0);
      });
      assertThat(log.messages()).singleElement().asString()
          .startsWith("WARNING: 3 calls on files did not end with stuck, although they were cancelled")
          .contains(reads.getFirst().toString());
    }
  }

  @Test
  void aCallThatIsInterruptedWithoutNeedIsMadeAgain() {
    AtomicBoolean armed = new AtomicBoolean();
    long[] queues = new long[1];
    int[] offsets = new int[3];
    probe.on("ioUringSetup", call -> {
      long result = call.real();
      long completions = call.longArg(1) + IoUring.PARAMS_CQ_OFFSETS;
      offsets[0] = NativeMemory.getInt(completions + IoUring.OFFSETS_TAIL);
      offsets[1] = NativeMemory.getInt(completions + IoUring.OFFSETS_CQ_ENTRIES_START);
      offsets[2] = NativeMemory.getInt(call.longArg(1) + IoUring.PARAMS_CQ_ENTRIES) - 1;
      return result;
    });
    probe.on("mmap", call -> {
      long address = call.real();
      if (call.longArg(2) == IoUring.MMAP_SQ_RING) {
        queues[0] = address;
      }
      return address;
    });
    probe.on("ioUringEnter", call -> {
      long result = call.real();
      if (armed.getAndSet(false)) {
        int last = NativeMemory.getInt(queues[0] + offsets[0]) - 1 & offsets[2];
        NativeMemory.putInt(queues[0] + offsets[1] + (long) last * IoUring.CQE_SIZE + IoUring.CQE_RESULT,
            -Errno.EINTR);
      }
      return result;
    });
    Epollo.run(probed(4), () -> withFile(fd -> {
      ProbedCall.Read read = new ProbedCall.Read(engine(), fd, 0, 16);
      armed.set(true);

      assertThat(read.await()).isEqualTo(16);

      assertThat(read.begun).hasValue(2);
      assertThat(read.releases).hasValue(1);
    }));
  }

  @Test
  void aKernelWithoutMemoryIsAskedAgain() {
    Epollo.run(probed(4), () -> withFile(fd -> {
      FileEngine engine = engine();
      probe.reset();
      probe.on("ioUringEnter", call -> call.nth() <= 20 ? -Errno.EAGAIN : call.real());
      CountDownLatch woken = new CountDownLatch(10);

      List<ProbedCall.Read> reads = onLoop(Loop.current(), () -> reads(engine, 10, fd, 0, woken::countDown));
      woken.await();

      assertThat(probe.calls("ioUringEnter")).isGreaterThan(20);
      assertThat(reads).allSatisfy(read -> assertThat(read.await()).isEqualTo(16));
    }));
  }

  @Test
  void aRingThatFailsLeavesTheCallsToThreads() {
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    Epollo.run(probed(4).withUncaughtHandler((task, failure) -> failures.add(failure)), () -> withFile(fd -> {
      FileEngine engine = engine();
      CountDownLatch woken = new CountDownLatch(10);
      probe.on("ioUringEnter", call -> -Errno.EBADF);

      List<ProbedCall.Read> reads = onLoop(Loop.current(), () -> reads(engine, 10, fd, 0, woken::countDown));
      woken.await();

      assertThat(reads).allSatisfy(read -> assertThat(read.await()).isEqualTo(16));
      assertThat(new ProbedCall.Read(engine, fd, 0, 16).await()).isEqualTo(16);
      assertThat(failures).singleElement().asString().contains("calls on files go to threads");
      assertThat(failures.getFirst()).cause().hasMessageContaining("io_uring_enter failed: EBADF");
    }));
  }

  @Test
  void aCallThatCannotBeDescribedFailsAndStopsNobodyElse() {
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    Epollo.run(options().withUncaughtHandler((task, failure) -> failures.add(failure)), () -> withFile(fd -> {
      ProbedCall.Read bad = new ProbedCall.Read(engine(), fd, 0, 16) {
        @Override
        boolean fill(SubmissionEntry entry) {
          throw new IllegalStateException("no words");
        }
      };

      assertThat(bad.await()).isEqualTo(-Errno.EINVAL);

      assertThat(bad.releases).hasValue(1);
      assertThat(new ProbedCall.Read(engine(), fd, 0, 16).await()).isEqualTo(16);
      assertThat(failures).singleElement().asString().contains("no words");
    }));
  }

  @Test
  void aRingThatNobodyCallsCostsNoSystemCall() {
    Epollo.run(probed(4), () -> {
      FileEngine _ = engine();
      probe.reset();
      for (int i = 0; i < 10; i++) {
        assertThat(onLoop(Loop.current(), () -> 1)).isEqualTo(1); // a turn
      }
      assertThat(probe.calls()).doesNotContainKeys("ioUringEnter", "ioUringRegister");
    });
  }
}
