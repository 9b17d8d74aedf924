package io.github.epollo.fs.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.fs.FileBackend;
import io.github.epollo.fs.FileOptions;
import io.github.epollo.runtime.Epollo;
import org.junit.jupiter.api.Test;

class PoolEngineTest extends FileEngineContract {
  @Override
  FileOptions files() {
    return FileOptions.defaults().withBackend(FileBackend.POOL).withThreads(1);
  }

  @Test
  void aCallThatIsAbandonedBeforeItHasAThreadIsNeverMade() {
    Epollo.run(options(), () -> {
      try (OsPipe pipe = new OsPipe()) {
        ProbedCall.Read first = new ProbedCall.Read(engine(), pipe.readEnd, -1, 1);
        ProbedCall.Read second = new ProbedCall.Read(engine(), pipe.readEnd, -1, 1);
        assertThat(first.poll(() -> {})).isFalse();
        assertThat(second.poll(() -> {})).isFalse();
        second.abandon();
        pipe.put(1);

        second.released.await();

        assertThat(second.begun).hasValue(0);
        assertThat(second.discarded).hasValue(ProbedCall.NOTHING);
        first.abandon();
        first.released.await();
        assertThat(first.discarded).hasValue(1);
      }
    });
  }
}
