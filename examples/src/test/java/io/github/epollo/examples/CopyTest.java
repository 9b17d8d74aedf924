package io.github.epollo.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Epollo;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopyTest {
  @TempDir Path directory;

  @Test
  void copiesAndTellsHowFarItIs() throws Exception {
    Path source = Files.write(directory.resolve("source"), new byte[30_000_000]);
    Path target = directory.resolve("target");
    ByteArrayOutputStream report = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(report, true, StandardCharsets.UTF_8);
    Epollo.run(() -> {
      Copy.copy(source, target, false, out);
      assertThatThrownBy(() -> Copy.copy(source, target, false, out)).isInstanceOf(FileAlreadyExistsException.class);
      Copy.copy(source, target, true, out);
    });
    assertThat(Files.mismatch(source, target)).isEqualTo(-1);
    assertThat(report.toString(StandardCharsets.UTF_8)).contains("\r100 %").contains("\r30000000 bytes copied");
  }
}
