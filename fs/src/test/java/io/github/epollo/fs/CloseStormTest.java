package io.github.epollo.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.LinuxKernel;
import io.github.epollo.testsupport.ProbeKernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Hazards 6 and 7: what is read is closed at the same time, by two tasks and another thread, while yet another opens decoys that get the numbers which become free. No read meets a decoy, and no close does.
 */
class CloseStormTest {
  private static final int SIZE = 4096;
  private static final int DECOYS = 8;
  private static final LinuxKernel KERNEL = LinuxKernel.get();

  @RegisterExtension final Fds fds = new Fds();
  @TempDir Path directory;

  private Path file = Path.of("");
  private Path decoy = Path.of("");

  private enum Kind {
    RING, POOL, PIPE
  }

  @BeforeEach
  void makeFiles() throws Exception {
    file = Files.write(directory.resolve("file"), bytes('f'));
    decoy = Files.write(directory.resolve("decoy"), bytes('d'));
  }

  private static byte[] bytes(char c) {
    byte[] bytes = new byte[SIZE];
    Arrays.fill(bytes, (byte) c);
    return bytes;
  }

  @ParameterizedTest
  @EnumSource
  void nothingReachesADecoy(Kind kind) throws Exception {
    storm(kind, 1000);
  }

  @ParameterizedTest
  @EnumSource
  @Tag("soak")
  @Timeout(1200)
  void nothingReachesADecoyInALongStorm(Kind kind) throws Exception {
    storm(kind, 100_000);
  }

  private void storm(Kind kind, int rounds) throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    AtomicLong reads = new AtomicLong();
    ProbeKernel probe = new ProbeKernel();
    probe.on("preadv2", call -> {
      if (kind != Kind.PIPE && call.nth() % 2 == 0) {
        return -Errno.EAGAIN; // half of the reads find nothing in the page cache
      }
      return slowly(call);
    });
    probe.on("read", CloseStormTest::slowly);
    EpolloOptions options = EpolloOptions.defaults().withKernel(probe.kernel()).with(FileOptions.class,
        FileOptions.defaults().withBackend(kind == Kind.RING ? FileBackend.RING : FileBackend.POOL));
    try (Decoys decoys = new Decoys(kind == Kind.PIPE ? null : decoy);
        ExecutorService others = Executors.newFixedThreadPool(2);
        Epollo epollo = Epollo.start(options)) {
      try {
        Future<?> factory = others.submit(() -> {
          while (!over.get()) {
            decoys.renew();
          }
        });
        epollo.call(() -> {
          for (int round = 0; round < rounds; round++) {
            round(kind, epollo, others, reads);
          }
        });
        over.set(true);
        factory.get();
      } finally {
        over.set(true);
      }
    }
    assertThat(reads.get()).isGreaterThan(rounds);
  }

  /** With time for others between the look at the file descriptor and the call. */
  private static long slowly(ProbeKernel.Call call) throws Throwable {
    for (int i = 0; i < 200; i++) {
      Thread.onSpinWait();
    }
    return call.real();
  }

  private void round(Kind kind, Epollo epollo, ExecutorService others, AtomicLong reads) throws Exception {
    ReadableByteChannel channel;
    if (kind == Kind.PIPE) {
      Pipe pipe = Pipe.open();
      pipe.writer().writeFully(ByteBuffer.wrap(bytes('f')));
      pipe.writer().close();
      channel = pipe.reader();
    } else {
      channel = AsyncFile.open(file);
    }
    List<Task<?>> tasks = new ArrayList<>();
    long before = reads.get();
    for (int i = kind == Kind.PIPE ? 1 : 3; i > 0; i--) {
      tasks.add(epollo.spawn("reader", () -> read(channel, reads)));
    }
    while (reads.get() - before < 5) {
      Thread.yield();
    }
    Future<?> closing = others.submit(() -> {
      channel.close();
      return null;
    });
    tasks.add(epollo.spawn("closer", channel::close));
    tasks.add(epollo.spawn("second closer", channel::close));
    for (Task<?> task : tasks) {
      task.join();
    }
    epollo.blocking(() -> closing.get());
    assertThat(channel.isOpen()).isFalse();
  }

  private static void read(ReadableByteChannel channel, AtomicLong reads) throws Exception {
    ByteBuffer target = ByteBuffer.allocate(16);
    try {
      for (long position = 0;; position = (position + 16) % SIZE) {
        int n = channel instanceof AsyncFile file
            ? file.readAt(target.clear(), position)
            : channel.read(target.clear());
        if (n < 0) {
          return;
        }
        reads.incrementAndGet();
        for (int i = 0; i < n; i++) {
          assertThat((char) target.get(i)).as("read at %s", position).isEqualTo('f');
        }
      }
    } catch (ClosedChannelException e) {
      // as planned
    }
  }

  /** File descriptors that are opened, looked at and closed all the time, and that nobody else may touch. One thread's. */
  private static final class Decoys implements AutoCloseable {
    private final @Nullable Path path;
    private final ArrayDeque<Integer> open = new ArrayDeque<>();
    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(SIZE);
    private final MemorySegment numbers = arena.allocate(ValueLayout.JAVA_INT, 2);
    private final MemorySegment name;

    /** Of a file, or, without one, reading ends of pipes. */
    Decoys(@Nullable Path path) {
      this.path = path;
      this.name = arena.allocateFrom(path == null ? "" : path.toString());
    }

    void renew() {
      open.add(path == null ? pipe() : open());
      if (open.size() > DECOYS) {
        check(open.remove());
      }
    }

    private int open() {
      int number = KERNEL.files().openat(FileFlags.AT_FDCWD, name.address(), FileFlags.O_CLOEXEC, 0);
      assertThat(number).isNotNegative();
      return number;
    }

    private int pipe() {
      assertThat(KERNEL.files().pipe2(numbers.address(), FileFlags.O_CLOEXEC | FileFlags.O_NONBLOCK)).isZero();
      int writer = numbers.getAtIndex(ValueLayout.JAVA_INT, 1);
      buffer.fill((byte) 'd');
      assertThat(KERNEL.write(writer, buffer.address(), SIZE)).isEqualTo(SIZE);
      assertThat(KERNEL.close(writer)).as("close of the writing end of a decoy").isZero();
      return numbers.getAtIndex(ValueLayout.JAVA_INT, 0);
    }

    /** It is whole, and it is still there to be closed. */
    private void check(int number) {
      buffer.fill((byte) 0);
      assertThat(KERNEL.read(number, buffer.address(), SIZE)).as("read of decoy %s", number).isEqualTo(SIZE);
      assertThat(buffer.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 'd');
      assertThat(KERNEL.close(number)).as("close of decoy %s", number).isZero();
    }

    @Override
    public void close() {
      open.forEach(this::check);
      arena.close();
    }
  }
}
