package io.github.epollo.runtime.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnsupportedPlatformTest {
  private static final NativeBlocks BLOCKS = new NativeBlocks(1);

  @ParameterizedTest
  @CsvSource({
    "Windows 11, amd64, not Linux",
    "Mac OS X, aarch64, not Linux",
    "Linux, riscv64, architecture",
    "Linux, arm, architecture",
    "Linux, i386, architecture",
  })
  void saysWhatWasFoundAndWhatIsNeeded(String osName, String osArch, String reason) {
    Platform platform = new Platform(osName, osArch, "25.0.9", "/tmp/here");
    assertThatExceptionOfType(UnsupportedPlatformException.class)
        .isThrownBy(() -> LinuxKernel.load(platform, LinuxKernel::bind, BLOCKS))
        .withMessageContaining(reason)
        .withMessageContaining("os.name=" + osName + ", os.arch=" + osArch + ", java.version=25.0.9")
        .withMessageContaining("Linux on x86-64 or aarch64")
        .withNoCause();
  }

  @Test
  void bindsNothingWhereItCannotRun() {
    Platform platform = new Platform("Plan 9", "amd64", "25", "/tmp");
    assertThatExceptionOfType(UnsupportedPlatformException.class)
        .isThrownBy(
            () -> LinuxKernel.load(
                platform,
                () -> {
                  throw new AssertionError("bound");
                },
                BLOCKS));
  }

  @Test
  void aLibraryThatCannotLoadKeepsItsCauseAndNamesTheRemedies() {
    UnsatisfiedLinkError cause = new UnsatisfiedLinkError("failed to map segment");
    Platform platform = new Platform("Linux", "aarch64", "25", "/mnt/noexec");
    assertThatExceptionOfType(UnsupportedPlatformException.class)
        .isThrownBy(
            () -> LinuxKernel.load(
                platform,
                () -> {
                  throw cause;
                },
                BLOCKS))
        .withCause(cause)
        .withMessageContaining("java.lang.UnsatisfiedLinkError: failed to map segment")
        .withMessageContaining("--enable-native-access=ALL-UNNAMED")
        .withMessageContaining("java.io.tmpdir")
        .withMessageContaining("noexec")
        .withMessageContaining("/mnt/noexec");
  }

  @ParameterizedTest
  @ValueSource(strings = {"amd64", "x86_64", "aarch64"})
  void theSupportedOnesPass(String osArch) {
    assertThatNoException().isThrownBy(() -> new Platform("Linux", osArch, "25", "/tmp").requireSupported());
  }

  @Test
  void aJvmWithoutAUsableTemporaryDirectoryFailsTheSameWayEachTime() throws Exception {
    Process java = new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "-Djava.io.tmpdir=/proc",
        "-Duser.dir=/proc", // where jffi tries next
        "-cp",
        System.getProperty("java.class.path") + File.pathSeparator
            + System.getProperty("surefire.test.class.path", ""),
        GetTwice.class.getName())
        .redirectErrorStream(true)
        .start();
    String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(java.waitFor()).as(output).isZero();
    assertThat(output.split("cannot make system calls here")).as(output).hasSize(3);
    assertThat(output).contains("java.io.tmpdir", "/proc");
  }

  /** The main class of the JVM above. */
  static final class GetTwice {
    private GetTwice() {}

    public static void main(String[] args) {
      for (int i = 0; i < 2; i++) {
        try {
          LinuxKernel.get();
        } catch (UnsupportedPlatformException e) {
          System.out.println(e.getMessage());
        }
      }
    }
  }
}
