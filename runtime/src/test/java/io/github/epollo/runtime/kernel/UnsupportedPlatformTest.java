package io.github.epollo.runtime.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
    Platform platform = new Platform(osName, osArch, "25.0.9");
    assertThatExceptionOfType(UnsupportedPlatformException.class)
        .isThrownBy(() -> LinuxKernel.load(platform, LinuxKernel::bind, BLOCKS))
        .withMessageContaining(reason)
        .withMessageContaining("os.name=" + osName + ", os.arch=" + osArch + ", java.version=25.0.9")
        .withMessageContaining("Linux on x86-64 or aarch64")
        .withNoCause();
  }

  @Test
  void bindsNothingWhereItCannotRun() {
    Platform platform = new Platform("Plan 9", "amd64", "25");
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
    Platform platform = new Platform("Linux", "aarch64", "25");
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
        .withMessageContaining("--enable-native-access=ALL-UNNAMED");
  }

  @ParameterizedTest
  @ValueSource(strings = {"amd64", "x86_64", "aarch64"})
  void theSupportedOnesPass(String osArch) {
    assertThatNoException().isThrownBy(() -> new Platform("Linux", osArch, "25").requireSupported());
  }

  @Test
  void aJvmThatDeniesNativeAccessFailsTheSameWayEachTime() throws Exception {
    String output = outputOf("--illegal-native-access=deny");
    assertThat(output.split("cannot make system calls here")).as(output).hasSize(3);
    assertThat(output).contains("cause:  java.lang.IllegalCallerException")
        .contains("--enable-native-access=ALL-UNNAMED");
  }

  /** Nothing is unpacked, nothing is written. */
  @Test
  void aJvmNeedsNoTemporaryDirectory() throws Exception {
    String output = outputOf("--enable-native-access=ALL-UNNAMED", "-Djava.io.tmpdir=/proc", "-Duser.dir=/proc");
    assertThat(output).isEqualTo("LinuxKernel%nLinuxKernel%n".formatted());
  }

  /** What a JVM with these options prints that asks for the kernel twice. */
  private static String outputOf(String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(List.of("-cp",
        System.getProperty("java.class.path") + File.pathSeparator + System.getProperty("surefire.test.class.path", ""),
        GetTwice.class.getName()));
    Process java = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(java.waitFor()).as(output).isZero();
    return output;
  }

  /** The main class of that JVM. */
  static final class GetTwice {
    private GetTwice() {}

    public static void main(String[] args) {
      for (int i = 0; i < 2; i++) {
        try {
          System.out.println(LinuxKernel.get());
        } catch (UnsupportedPlatformException e) {
          System.out.println(e.getMessage());
        }
      }
    }
  }
}
