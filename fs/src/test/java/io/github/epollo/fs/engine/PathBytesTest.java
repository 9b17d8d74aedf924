package io.github.epollo.fs.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class PathBytesTest {
  @Property
  void anyBytesComeBackAsTheyWere(@ForAll("names") byte[] name) {
    assertThat(PathBytes.of(PathBytes.toPath(name))).isEqualTo(name);
  }

  @Property
  void bytesOfAnAbsolutePathComeBackAsTheyWere(@ForAll("names") byte[] name) {
    byte[] path = new byte[name.length + 1];
    path[0] = '/';
    System.arraycopy(name, 0, path, 1, name.length);

    assertThat(PathBytes.of(PathBytes.toPath(path))).isEqualTo(path);
  }

  /** No slash, no zero byte, and neither {@code .} nor {@code ..}, which a path may be rid of. */
  @Provide
  Arbitrary<byte[]> names() {
    return Arbitraries.bytes().filter(b -> b != 0 && b != '/').array(byte[].class).ofMinSize(1).ofMaxSize(20);
  }

  @Test
  void anEmptyPathIsTheCurrentDirectory() {
    assertThat(PathBytes.of(Path.of(""))).isEqualTo(".".getBytes(UTF_8));
  }

  @Test
  void textIsUtf8() {
    assertThat(PathBytes.of(Path.of("a/b"))).isEqualTo("a/b".getBytes(UTF_8));
    assertThat(PathBytes.of(PathBytes.toPath("grün/€".getBytes(UTF_8)))).isEqualTo("grün/€".getBytes(UTF_8));
  }

  @Test
  void aZeroByteIsRefused() {
    assertThatThrownBy(() -> PathBytes.toPath(new byte[]{'a', 0})).isInstanceOf(InvalidPathException.class);
    assertThatThrownBy(() -> PathBytes.toPath(new byte[]{-1, 0})).isInstanceOf(InvalidPathException.class);
  }
}
