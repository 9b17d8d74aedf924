package io.github.epollo.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.testsupport.ProbeKernel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files of tasks that other loops take over, and of loops that others help. */
class ManyLoopsFilesTest {
  private static final int TASKS = 200;

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(FileBackend.class)
  void filesWorkWhereverATaskRuns(FileBackend backend) {
    ProbeKernel probe = new ProbeKernel();
    // So that every read goes to the engine.
    probe.on("preadv2", call -> call.intArg(4) == FileFlags.RWF_NOWAIT ? -Errno.EAGAIN : call.real());
    EpolloOptions options = EpolloOptions.defaults().withLoops(3).withKernel(probe.kernel()).with(FileOptions.class,
        FileOptions.defaults().withBackend(backend));
    try (Epollo epollo = Epollo.start(options)) {
      List<Task<String>> tasks = new ArrayList<>();
      for (int i = 0; i < TASKS; i++) {
        String text = "file " + i;
        Path file = directory.resolve(Integer.toString(i));
        tasks.add(epollo.spawn(() -> {
          AsyncFiles.writeString(file, text);
          spin(text.hashCode() & 0xffff); // so that loops fall behind, and others take work from them
          String read = AsyncFiles.readString(file);
          AsyncFiles.delete(file);
          return read;
        }));
      }
      for (int i = 0; i < TASKS; i++) {
        assertThat(tasks.get(i).join()).isEqualTo("file " + i);
      }
    }
    assertThat(directory).isEmptyDirectory();
  }

  private static void spin(int rounds) {
    for (int i = 0; i < 10 * rounds; i++) {
      Thread.onSpinWait();
    }
  }
}
