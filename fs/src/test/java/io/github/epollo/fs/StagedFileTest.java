package io.github.epollo.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.testsupport.ProbeKernel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A complete file that does not get its name. */
final class StagedFileTest {
  @TempDir Path directory;

  @Test
  void aRenameThatFailsLeavesNoOtherName() throws Exception {
    Path file = Files.writeString(directory.resolve("f"), "old");
    ProbeKernel probe = new ProbeKernel().on("renameat2", _ -> -Errno.EIO);
    Epollo.run(EpolloOptions.defaults().withKernel(probe.kernel()),
        () -> assertThatThrownBy(() -> AsyncFiles.writeAtomically(file, new byte[1]))
            .isInstanceOf(FileSystemException.class).hasMessageContaining("EIO"));
    assertThat(directory).isDirectoryContaining(f -> f.equals(file)).isDirectoryNotContaining(f -> !f.equals(file));
    assertThat(file).hasContent("old");
    assertThat(probe.calls("renameat2")).isEqualTo(1);
  }
}
