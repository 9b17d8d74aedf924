package io.github.epollo.fs.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.fs.FileBackend;
import io.github.epollo.fs.FileOptions;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.kernel.Errno;
import org.junit.jupiter.api.Test;

class RingEngineTest extends FileEngineContract {
  @Override
  FileOptions files() {
    return FileOptions.defaults().withBackend(FileBackend.RING).withThreads(1).withRingEntries(4).withRingWorkers(2);
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
}
