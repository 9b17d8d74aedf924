package io.github.epollo.fs.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.fs.FileBackend;
import io.github.epollo.fs.FileOptions;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileKernel;
import io.github.epollo.runtime.kernel.LinuxKernel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls are given up at any moment of their lives, while the garbage collector runs every few of them: nothing is lost, and nothing is written to that was let go. */
class RingStressTest {
  private static final int CALLS = 100_000;
  private static final int CALLS_A_COLLECTION = 50;
  private static final int TASKS = 20;
  private static final int SIZE = 64;
  private static final long CANARY = 0xC0FFEE_DEAD_BEEF_5L;

  @TempDir Path directory;

  private final AtomicLong submitted = new AtomicLong();
  private final AtomicLong let = new AtomicLong();
  private final AtomicLong opened = new AtomicLong();
  private final AtomicLong closed = new AtomicLong();
  private final AtomicLong touched = new AtomicLong();
  private final AtomicLong cancelled = new AtomicLong();

  /** How many small writes the pipe is to get; fewer bytes than are asked for, so that most reads wait. */
  private final Semaphore toWrite = new Semaphore(0);

  /** Buffers that the kernel must not know any more, all canary. */
  private final ConcurrentLinkedQueue<NativeBuffer> free = new ConcurrentLinkedQueue<>();

  private NativeBuffer take() {
    NativeBuffer buffer = free.poll();
    if (buffer == null) {
      return fresh();
    }
    check(buffer);
    return buffer;
  }

  private static NativeBuffer fresh() {
    NativeBuffer buffer = new NativeBuffer(SIZE);
    for (int i = 0; i < SIZE; i += Long.BYTES) {
      buffer.bytes().putLong(i, CANARY);
    }
    return buffer;
  }

  private void give(NativeBuffer buffer) {
    for (int i = 0; i < SIZE; i += Long.BYTES) {
      buffer.bytes().putLong(i, CANARY);
    }
    free.add(buffer);
  }

  private void check(NativeBuffer buffer) {
    for (int i = 0; i < SIZE; i += Long.BYTES) {
      if (buffer.bytes().getLong(i) != CANARY) {
        touched.incrementAndGet();
      }
    }
  }

  private final class PipeRead extends ProbedCall.Read {
    PipeRead(FileEngine engine, int fd, NativeBuffer buffer) {
      super(engine, fd, -1, buffer);
      submitted.incrementAndGet();
    }

    @Override
    protected void release() {
      super.release();
      let.incrementAndGet();
      give(buffer);
    }
  }

  private final class FileOpen extends ProbedCall.Open {
    FileOpen(FileEngine engine, String path) {
      super(engine, path);
      submitted.incrementAndGet();
    }

    @Override
    protected void discard(FileKernel kernel, long result) {
      super.discard(kernel, result);
      opened.incrementAndGet();
      closed.incrementAndGet();
    }

    @Override
    protected void release() {
      super.release();
      let.incrementAndGet();
    }
  }

  @Test
  void callsThatAreGivenUpAtAnyMomentLoseNothing() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "content");
    EpolloOptions options = EpolloOptions.defaults().with(FileOptions.class,
        FileOptions.defaults().withBackend(FileBackend.RING).withRingEntries(16).withRingWorkers(2));
    Epollo.run(options, () -> {
      FileEngine _ = FileContext.current().engine();
    });
    Set<String> openBefore = OpenFds.below(directory);
    AtomicBoolean over = new AtomicBoolean();
    try (OsPipe pipe = new OsPipe()) {
      Thread collector = Thread.ofPlatform().start(() -> {
        long last = 0;
        while (!over.get()) {
          if (submitted.get() < last + CALLS_A_COLLECTION) {
            Thread.yield(); // collections one after the other would hardly let the tasks call
          } else {
            last = submitted.get();
            System.gc();
          }
        }
      });
      Thread writer = Thread.ofPlatform().start(() -> {
        try (SeekableByteChannel end = Files.newByteChannel(Path.of("/proc/self/fd/" + pipe.writeEnd),
            StandardOpenOption.WRITE)) {
          while (true) {
            toWrite.acquire();
            if (over.get()) {
              return;
            }
            end.write(ByteBuffer.allocate(8));
          }
        } catch (IOException | InterruptedException e) {
          throw new AssertionError(e);
        }
      });
      try (Epollo epollo = Epollo.start(options)) {
        epollo.call(() -> {
          List<Task<?>> tasks = new ArrayList<>();
          for (int t = 0; t < TASKS; t++) {
            RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(t);
            tasks.add(epollo.spawn(() -> {
              for (int i = 0; i < CALLS / TASKS; i++) {
                one(random, pipe, file);
              }
            }));
          }
          for (Task<?> task : tasks) {
            task.join();
          }
        });
      }
      over.set(true);
      toWrite.release();
      writer.join();
      collector.join();
    }
    free.forEach(this::check);

    assertThat(submitted).hasValue(CALLS);
    assertThat(let).as("released").hasValue(CALLS);
    assertThat(closed).hasValue(opened.get());
    assertThat(touched).as("canaries").hasValue(0);
    assertThat(opened.get()).isPositive();
    assertThat(cancelled.get()).isPositive();
    OpenFds.assertNoneSince(openBefore, directory);
  }

  private void one(RandomGenerator random, OsPipe pipe, Path file) throws Exception {
    FileEngine engine = FileContext.current().engine();
    boolean open = random.nextInt(4) == 0;
    ProbedCall call = open
        ? new FileOpen(engine, file.toString())
        : new PipeRead(engine, pipe.readEnd, take());
    if (random.nextInt(100) == 0) {
      call.abandon(); // before the first poll
      return;
    }
    if (random.nextInt(4) == 0) {
      toWrite.release();
    }
    boolean _ = call.poll(() -> {});
    for (int i = random.nextInt(4); i > 0; i--) {
      Thread.yield();
    }
    if (random.nextInt(8) > 0) {
      call.abandon();
      return;
    }
    call.cancel();
    long result = call.future().await();
    if (result == -Errno.ECANCELED) {
      cancelled.incrementAndGet();
    } else {
      assertThat(result).isNotNegative();
    }
    if (open && result >= 0) {
      opened.incrementAndGet();
      closed.incrementAndGet();
      LinuxKernel.get().close((int) result);
    }
    call.end();
  }
}
