package io.github.epollo.fs.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.fs.FileBackend;
import io.github.epollo.fs.FileOptions;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.testsupport.ProbeKernel;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EngineChoiceTest {
  private final ProbeKernel probe = new ProbeKernel();
  private final FilesLog log = new FilesLog();

  @AfterEach
  void release() {
    log.close();
  }

  private FileBackend chosen(FileOptions files) {
    EpolloOptions options = EpolloOptions.defaults().withKernel(probe.kernel()).with(FileOptions.class, files);
    return Epollo.run(options, () -> {
      FileEngine engine = FileContext.current().engine();
      assertThat(FileContext.current().engine()).isSameAs(engine);
      assertThat(new ProbedCall.Unknown(engine).await()).isEqualTo(42);
      return engine.backend();
    });
  }

  @Test
  void aRingIsTakenWhereThereIsOne() {
    assertThat(chosen(FileOptions.defaults())).isEqualTo(FileBackend.RING);
    assertThat(probe.calls("ioUringSetup")).isEqualTo(1);
    assertThat(log.messages()).isEmpty();
  }

  @Test
  void threadsAreTakenIfTheyAreForced() {
    assertThat(chosen(FileOptions.defaults().withBackend(FileBackend.POOL))).isEqualTo(FileBackend.POOL);
    assertThat(probe.calls("ioUringSetup")).isZero();
    assertThat(log.messages()).isEmpty();
  }

  @Test
  void whereRingsAreForbiddenThreadsAreTakenAndThatIsToldOnce() {
    probe.on("ioUringSetup", call -> -Errno.EPERM);

    assertThat(chosen(FileOptions.defaults().withThreads(3))).isEqualTo(FileBackend.POOL);
    assertThat(chosen(FileOptions.defaults().withThreads(3))).isEqualTo(FileBackend.POOL);

    assertThat(log.messages()).containsExactly(
        "INFO: calls on files are made by threads, up to 3, and not by io_uring: io_uring_setup(64) failed: EPERM (1): "
            + Errno.text(Errno.EPERM)
            + "; allow io_uring (the sysctl kernel.io_uring_disabled, the system-call filter of the container), or choose FileBackend.POOL");
  }

  @Test
  void whereThereAreNoRingsThreadsAreTaken() {
    for (int errno : List.of(Errno.ENOSYS, Errno.EACCES, Errno.EINVAL, Errno.ENOMEM, Errno.EMFILE)) {
      log.clear();
      probe.on("ioUringSetup", call -> -errno);

      assertThat(chosen(FileOptions.defaults())).isEqualTo(FileBackend.POOL);

      assertThat(log.messages()).singleElement().asString().contains(Errno.name(errno));
    }
  }

  @Test
  void whereAFilterRefusesTheOtherCallsThreadsAreTaken() {
    probe.on("ioUringEnter", call -> -Errno.EPERM);

    assertThat(chosen(FileOptions.defaults())).isEqualTo(FileBackend.POOL);

    assertThat(log.messages()).singleElement().asString().contains("io_uring_enter(1) failed: EPERM");
  }

  @Test
  void aForcedRingThatCannotBeHadFailsTheCall() {
    probe.on("ioUringSetup", call -> -Errno.ENOSYS);

    assertThatThrownBy(() -> chosen(FileOptions.defaults().withBackend(FileBackend.RING)))
        .hasRootCauseInstanceOf(IOException.class).rootCause()
        .hasMessageContaining("io_uring_setup(64) failed: ENOSYS");
    Epollo.run(EpolloOptions.defaults().withName("files").withKernel(probe.kernel()).with(FileOptions.class,
        FileOptions.defaults().withBackend(FileBackend.RING)), () -> {
          assertThatThrownBy(() -> FileContext.current().engine()).isInstanceOf(IOException.class)
              .hasMessageStartingWith("cannot make a ring for files on files: io_uring_setup(64) failed: ENOSYS (38)")
              .hasMessageContaining("kernel.io_uring_disabled");
        });
    assertThat(log.messages()).isEmpty();
  }
}
