package io.github.epollo.fs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files in JVMs that have it hard: without io_uring, which the real kernel refuses; and where freed memory shows. */
class HardJvmTest {
  @TempDir Path directory;

  private record Result(int exit, String output, String errors) {}

  private Result run(List<String> before, boolean perturbed, List<String> flags, int rounds, boolean collecting)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(before);
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(List.of("-XX:+UseSerialGC", "-ea", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), FileWorkout.class.getName(),
        Files.createDirectories(directory.resolve("work")).toString(), Integer.toString(rounds),
        Boolean.toString(collecting)));
    Path errors = directory.resolve("errors");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    if (perturbed) {
      builder.environment().put("MALLOC_PERTURB_", "165"); // what is freed is overwritten
    }
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Result(process.waitFor(), output, Files.readString(errors));
  }

  private static void assertPassed(Result result) {
    assertThat(result.exit).as(result.errors).isZero();
    assertThat(result.output).endsWith("done\n");
  }

  /** Whether processes can be traced here, and calls be answered by strace. */
  private static boolean canInject() throws InterruptedException {
    try {
      Process process = new ProcessBuilder("strace", "-f", "-qq", "-e", "trace=io_uring_setup", "-e",
          "inject=io_uring_setup:error=EPERM", "true").redirectErrorStream(true).start();
      byte[] _ = process.getInputStream().readAllBytes();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false; // it is not installed
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"EPERM", "ENOSYS"})
  @Timeout(110)
  void withoutRingsThreadsDoAllOfItAndThatIsToldOnce(String errno) throws Exception {
    assumeTrue(canInject(), "strace is not installed, or must not trace: nothing is tested here");
    Result result = run(List.of("strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=io_uring_setup", "-e",
        "inject=io_uring_setup:error=" + errno), false, List.of("-XX:TieredStopAtLevel=1"), 2, false);

    assertPassed(result);
    assertThat(result.output).isEqualTo("POOL\nPOOL\ndone\n");
    assertThat(result.errors.split("are made by threads, up to 4, and not by io_uring: io_uring_setup", -1)).hasSize(2);
    assertThat(result.errors).contains("failed: " + errno);
  }

  @Test
  @Timeout(110)
  void whereFreedMemoryIsOverwritten() throws Exception {
    assertPassed(run(List.of(), true, List.of("-XX:TieredStopAtLevel=1"), 10, false));
  }

  @Test
  @Tag("soak")
  @Timeout(600)
  void whereFreedMemoryIsOverwrittenAndTheCollectorRunsAtEveryStep() throws Exception {
    assertPassed(run(List.of(), true, List.of(), 300, true));
  }

  @Test
  @Tag("soak")
  @Timeout(600)
  void whereAllIsCompiledAtOnceAndTheCollectorRunsAtEveryStep() throws Exception {
    assertPassed(run(List.of(), true, List.of("-Xcomp"), 100, true));
  }
}
