package io.github.epollo.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.io.BufferedAsyncReader;
import io.github.epollo.runtime.io.DuplexStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TailTest {
  @TempDir Path directory;

  @Test
  void followsWhateverBecomesOfTheFile() throws IOException {
    Path log = Files.writeString(directory.resolve("log"), "1\n2\n3\n4\n");
    Epollo.run(() -> {
      DuplexStream.Pair pair = DuplexStream.pair(1000);
      BufferedAsyncReader lines = new BufferedAsyncReader(pair.right());
      try (Tail tail = new Tail(log, pair.left())) {
        Task<?> follower = Tasks.spawn(() -> tail.follow(2));
        assertThat(lines.readLine(100)).isEqualTo("3");
        assertThat(lines.readLine(100)).isEqualTo("4");
        Files.writeString(directory.resolve("other"), "not this\n");
        for (int i = 0; i < 50; i++) {
          Files.writeString(log, "line " + i + "\n", APPEND);
          assertThat(lines.readLine(100)).isEqualTo("line " + i);
        }
        Files.writeString(log, "cut\n", TRUNCATE_EXISTING);
        assertThat(lines.readLine(100)).isEqualTo("cut");

        // Rotated: the old name goes, a new file comes.
        Files.move(log, directory.resolve("log.1"));
        Files.writeString(log, "after the rotation\n");
        assertThat(lines.readLine(100)).isEqualTo("after the rotation");

        // Replaced by a rename.
        Path next = Files.writeString(directory.resolve("next"), "after the rename\n");
        Files.move(next, log, StandardCopyOption.REPLACE_EXISTING);
        assertThat(lines.readLine(100)).isEqualTo("after the rename");
        follower.close();
      }
    });
  }

  @Test
  void waitsForAFileThatIsNotThere() {
    Path log = directory.resolve("log");
    Epollo.run(() -> {
      DuplexStream.Pair pair = DuplexStream.pair(1000);
      try (Tail tail = new Tail(log, pair.left())) {
        Task<?> follower = Tasks.spawn(() -> tail.follow(10));
        for (int i = 0; i < 100; i++) {
          Tasks.yieldNow();
        }
        Files.write(log, "here\n".getBytes(UTF_8));
        assertThat(new BufferedAsyncReader(pair.right()).readLine(100)).isEqualTo("here");
        follower.close();
      }
    });
  }

  @Test
  void findsTheLastLines() {
    Path log = directory.resolve("log");
    Epollo.run(() -> {
      Files.writeString(log, ("x".repeat(999) + "\n").repeat(200) + "last, without an end");
      DuplexStream.Pair pair = DuplexStream.pair(1 << 20);
      try (Tail tail = new Tail(log, pair.left())) {
        Task<?> follower = Tasks.spawn(() -> tail.follow(101));
        BufferedAsyncReader lines = new BufferedAsyncReader(pair.right());
        for (int i = 0; i < 100; i++) {
          assertThat(lines.readLine(1000)).hasSize(999);
        }
        assertThat(lines.readExactly(20)).isEqualTo("last, without an end".getBytes(UTF_8));
        assertThat(lines.buffered()).isZero();
        follower.close();
      }
    });
  }
}
