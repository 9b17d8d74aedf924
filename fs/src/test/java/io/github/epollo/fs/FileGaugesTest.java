package io.github.epollo.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.loop.Loop;
import io.github.epollo.testsupport.ProbeKernel;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FileGaugesTest {
  @TempDir Path directory;

  @Test
  void theLoopsMetricsTellOfOpenFilesAndOfCallsUnderWay() throws Exception {
    Path path = Files.write(directory.resolve("file"), new byte[10]);
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    ProbeKernel probe = new ProbeKernel();
    probe.on("preadv2", _ -> -Errno.EAGAIN);
    probe.on("pread", call -> {
      asked.countDown();
      release.await();
      return call.real();
    });
    EpolloOptions options = EpolloOptions.defaults().withKernel(probe.kernel())
        .with(FileOptions.class, FileOptions.defaults().withBackend(FileBackend.POOL));
    Epollo.run(options, () -> {
      Loop loop = Loop.current();
      try (AsyncFile file = AsyncFile.open(path)) {
        assertThat(loop.metrics().gauges()).containsEntry("files", 1L).containsEntry("file calls", 0L);
        Task<Integer> reader = Tasks.spawn(() -> file.readAt(ByteBuffer.allocate(10), 0));
        Tasks.blocking(() -> {
          asked.await();
          return null;
        });
        assertThat(loop.metrics().gauges()).containsEntry("file calls", 1L);
        release.countDown();
        assertThat(reader.join()).isEqualTo(10);
      }
      assertThat(loop.metrics().gauges()).containsEntry("files", 0L);
    });
  }
}
