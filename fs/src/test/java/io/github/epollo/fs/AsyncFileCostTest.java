package io.github.epollo.fs;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.testsupport.ProbeKernel;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a read costs whose data is in the page cache. */
class AsyncFileCostTest {
  private static final int BLOCK = 4096;
  private static final int WARM_UP = 40_000;
  private static final int ROUNDS = 40_000;

  @TempDir Path directory;
  private Path path;

  @BeforeEach
  void create() throws IOException {
    path = Files.write(directory.resolve("file"), new byte[100 * BLOCK]);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aReadOfAPageAllocatesNothing(boolean direct) {
    assumeTrue(System.getProperty("epollo.test.carrier", "loop").equals("loop"),
        "the JDK's scheduler allocates for each switch");
    long loopThread = Thread.currentThread().threadId(); // Epollo.run puts the loop on it
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Epollo.run(() -> {
      try (AsyncFile file = AsyncFile.open(path)) {
        ByteBuffer buffer = direct ? ByteBuffer.allocateDirect(BLOCK) : ByteBuffer.allocate(BLOCK);
        read(file, buffer, WARM_UP);
        long least = Long.MAX_VALUE;
        long end = System.nanoTime() + 20_000_000_000L;
        while (least >= ROUNDS / 10 && System.nanoTime() - end < 0) { // again while the compiler is not done: until then a system call allocates
          long before = threads.getThreadAllocatedBytes(loopThread);
          read(file, buffer, ROUNDS);
          least = Math.min(least, threads.getThreadAllocatedBytes(loopThread) - before);
        }
        assertThat(least / ROUNDS).isZero();
        assertThat(least).isLessThan(ROUNDS / 10); // the measurement itself is not free
      }
    });
  }

  private static void read(AsyncFile file, ByteBuffer buffer, int rounds) throws IOException {
    for (int i = 0; i < rounds; i++) {
      file.readFullyAt(buffer.clear(), (i % 100) * (long) BLOCK);
    }
  }

  @Test
  void aReadIsOneCall() {
    ProbeKernel probe = new ProbeKernel();
    Epollo.run(EpolloOptions.defaults().withKernel(probe.kernel()), () -> {
      try (AsyncFile file = AsyncFile.open(path, READ, WRITE)) {
        ByteBuffer buffer = ByteBuffer.allocate(BLOCK);
        read(file, buffer, 1);
        probe.reset();
        read(file, buffer, 50);
        Map<String, Long> calls = probe.calls();
        assertThat(calls.get("preadv2")).isEqualTo(50);
        assertThat(calls).doesNotContainKeys("pread", "statx", "ioUringEnter", "write");
      }
    });
  }

  @Test
  void aWholeFileIsOpenedAskedReadAndClosed() throws IOException {
    assumeTrue(isOnABlockDevice(), "where nobody can say whether a server is asked, one more read finds the end");
    byte[] content = new byte[100_000];
    new Random(1).nextBytes(content);
    Files.write(path, content);
    ProbeKernel probe = new ProbeKernel();
    Epollo.run(EpolloOptions.defaults().withKernel(probe.kernel()), () -> {
      assertThat(AsyncFiles.readBytes(path)).isEqualTo(content);
      probe.reset();
      assertThat(AsyncFiles.readBytes(path)).isEqualTo(content);
      Map<String, Long> calls = probe.calls();
      assertThat(calls).containsEntry("openat2", 1L).containsEntry("statx", 1L).containsEntry("preadv2", 1L)
          .containsEntry("close", 1L).doesNotContainKeys("fcntl", "pread", "openat");
    });
  }

  private boolean isOnABlockDevice() {
    return Epollo.run(() -> {
      try (AsyncFile file = AsyncFile.open(path)) {
        return file.handle().local;
      }
    });
  }
}
