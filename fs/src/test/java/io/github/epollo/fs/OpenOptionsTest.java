package io.github.epollo.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.kernel.FileFlags;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenOptionsTest {
  private static final OpenOptions NONE = OpenOptions.defaults();
  private static final int ALWAYS = FileFlags.O_CLOEXEC | FileFlags.O_NOCTTY;

  @Test
  void flagsOfEachOption() {
    assertThat(NONE.flags()).isEqualTo(ALWAYS | FileFlags.O_RDONLY);
    assertThat(NONE.read().flags()).isEqualTo(ALWAYS | FileFlags.O_RDONLY);
    assertThat(NONE.write().flags()).isEqualTo(ALWAYS | FileFlags.O_WRONLY);
    assertThat(NONE.read().write().flags()).isEqualTo(ALWAYS | FileFlags.O_RDWR);
    assertThat(NONE.append().flags()).isEqualTo(ALWAYS | FileFlags.O_WRONLY | FileFlags.O_APPEND);
    assertThat(NONE.append().read().flags()).isEqualTo(ALWAYS | FileFlags.O_RDWR | FileFlags.O_APPEND);
    assertThat(NONE.write().create().truncate().flags())
        .isEqualTo(ALWAYS | FileFlags.O_WRONLY | FileFlags.O_CREAT | FileFlags.O_TRUNC);
    assertThat(NONE.write().createNew().flags())
        .isEqualTo(ALWAYS | FileFlags.O_WRONLY | FileFlags.O_CREAT | FileFlags.O_EXCL);
    assertThat(NONE.dsync().flags() & FileFlags.O_SYNC).isEqualTo(FileFlags.O_DSYNC);
    assertThat(NONE.sync().flags() & FileFlags.O_SYNC).isEqualTo(FileFlags.O_SYNC);
    assertThat(NONE.direct().noFollow().flags()).isEqualTo(ALWAYS | FileFlags.O_DIRECT | FileFlags.O_NOFOLLOW);
    assertThat(NONE.write().temporary().flags()).isEqualTo(ALWAYS | FileFlags.O_WRONLY | FileFlags.O_TMPFILE);
    assertThat(NONE.customFlags(FileFlags.O_NOATIME).flags()).isEqualTo(ALWAYS | FileFlags.O_NOATIME);
  }

  @ParameterizedTest
  @EnumSource(StandardOpenOption.class)
  void everyStandardOptionIsKnown(StandardOpenOption option) {
    assertThat(OpenOptions.of(StandardOpenOption.WRITE, option).check()).isNotNull();
  }

  @Test
  void optionsOfTheJdkAreTheSameAsThoseHere() throws ReflectiveOperationException {
    OpenOption direct = (OpenOption) Class.forName("com.sun.nio.file.ExtendedOpenOption").getField("DIRECT").get(null);
    assertThat(OpenOptions.of(direct, LinkOption.NOFOLLOW_LINKS, StandardOpenOption.SPARSE).flags())
        .isEqualTo(NONE.direct().noFollow().flags());
    OpenOption unknown = (OpenOption) Class.forName("com.sun.nio.file.ExtendedOpenOption").getField("NOSHARE_READ")
        .get(null);
    assertThatThrownBy(() -> OpenOptions.of(unknown)).isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("NOSHARE_READ");
  }

  @Test
  void contradictionsNameBoth() {
    refused(o -> o.append().truncate(), "append", "truncate");
    refused(OpenOptions::create, "read", "create");
    refused(OpenOptions::createNew, "read", "createNew");
    refused(o -> o.read().truncate(), "read", "truncate");
    refused(OpenOptions::temporary, "read", "temporary");
    refused(o -> o.write().temporary().create(), "temporary", "create");
    refused(o -> o.write().temporary().createNew(), "temporary", "createNew");
    refused(o -> o.write().temporary().truncate(), "temporary", "truncate");
    refused(o -> o.write().mode(0600), "mode", "create");
  }

  private static void refused(UnaryOperator<OpenOptions> options, String one, String other) {
    assertThatThrownBy(() -> options.apply(NONE).check()).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(one).hasMessageContaining(other);
  }

  @Test
  void aModeIsWrittenInThreeWays() {
    assertThat(NONE.mode("rw-r-----").mode()).isEqualTo(0640);
    assertThat(NONE.mode(PosixFilePermissions.fromString("rw-r-----")).mode()).isEqualTo(0640);
    assertThat(NONE.mode(0640).mode()).isEqualTo(0640);
    assertThat(NONE.mode()).isEqualTo(0666);
    for (PosixFilePermission permission : PosixFilePermission.values()) {
      assertThat(Permissions.toSet(Permissions.toMode(Set.of(permission)))).containsExactly(permission);
    }
    assertThat(NONE.write().create().mode("rwxr-x--x")).hasToString("OpenOptions[write, create, mode=rwxr-x--x]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "rw", "rwxrwxrwxx", "rwz------"})
  void badModes(String mode) {
    assertThatThrownBy(() -> NONE.mode(mode)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + mode + "\"").hasMessageContaining("rw-r-----");
  }

  @ParameterizedTest
  @ValueSource(ints = {FileFlags.O_CREAT, FileFlags.O_WRONLY, FileFlags.O_APPEND, FileFlags.O_PATH,
    FileFlags.O_NONBLOCK})
  void flagsWithAMethodOfTheirOwn(int flag) {
    assertThatThrownBy(() -> NONE.customFlags(flag)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0x" + Integer.toHexString(flag));
  }

  @Test
  void badOctalModes() {
    assertThatThrownBy(() -> NONE.mode(0100644)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0100644");
  }
}
