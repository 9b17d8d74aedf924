package io.github.epollo.runtime.io;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Tasks;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** The examples of the javadoc, run as tests. */
class SnippetsTest {
  @Test
  void duplex() {
    ByteBuffer answer = ByteBuffer.allocate(6);
    Epollo.run(() -> {
      // @start region="duplex"
      DuplexStream.Pair pair = DuplexStream.pair(4); // a writer is never more than 4 bytes ahead
      Tasks.spawn(() -> pair.left().writeFully(ByteBuffer.wrap("hello\n".getBytes(US_ASCII))));
      pair.right().readFully(answer);
      // @end
    });
    assertThat(answer.array()).isEqualTo("hello\n".getBytes(US_ASCII));
  }
}
