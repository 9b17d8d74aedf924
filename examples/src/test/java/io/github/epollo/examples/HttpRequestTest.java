package io.github.epollo.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.examples.HttpRequest.BadRequestException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpRequestTest {
  private static final String PIPELINED = "GET / HTTP/1.1\r\nHost: a\r\n\r\n\r\nHEAD /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
      + "GET /y HTTP/1.1\r\nconnection:close\r\ncontent-length: 0\r\n\r\n";

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void readsTheHeadAndLeavesTheRest() throws IOException {
    ByteBuffer input = bytes("POST /a?b HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");
    assertThat(HttpRequest.parse(input)).isEqualTo(new HttpRequest("POST", "/a?b", true, 3));
    assertThat(input.remaining()).isEqualTo(3);
  }

  @Property
  void doesNotDependOnHowTheBytesArrive(@ForAll @Size(max = 60) List<@IntRange(min = 1, max = 9) Integer> chunks)
      throws IOException {
    ByteBuffer input = ByteBuffer.allocate(256).flip();
    List<HttpRequest> requests = new ArrayList<>();
    ByteBuffer source = bytes(PIPELINED);
    int chunk = 0;
    while (source.hasRemaining()) {
      int length = Math.min(source.remaining(), chunk < chunks.size() ? chunks.get(chunk++) : source.remaining());
      input.compact().put(source.slice(source.position(), length)).flip();
      source.position(source.position() + length);
      for (HttpRequest r = HttpRequest.parse(input); r != null; r = HttpRequest.parse(input)) {
        requests.add(r);
      }
    }
    assertThat(requests).containsExactly(new HttpRequest("GET", "/", true, 0), new HttpRequest("HEAD", "/x", true, 0),
        new HttpRequest("GET", "/y", false, 0));
  }

  @ParameterizedTest
  @CsvSource({"GET /, 400", "GET  / HTTP/1.1, 400", "GET / HTTP/2.0, 400", "GET / HTTP/1.1~nocolon, 400",
    "GET / HTTP/1.1~a b: c, 400",
    "GET / HTTP/1.1~Content-Length: -1, 400", "GET / HTTP/1.1~Content-Length: 1~Content-Length: 2, 400",
    "GET / HTTP/1.1~Transfer-Encoding: chunked, 501"})
  void refusesWhatIsMalformed(String head, int status) {
    assertThatThrownBy(() -> HttpRequest.parse(bytes(head.replace("~", "\r\n") + "\r\n\r\n")))
        .isInstanceOfSatisfying(BadRequestException.class, e -> assertThat(e.status()).isEqualTo(status));
  }

  @Test
  void refusesAHeadThatIsTooLong() {
    assertThatThrownBy(() -> HttpRequest.parse(bytes("GET /" + "x".repeat(HttpRequest.HEAD_LIMIT))))
        .isInstanceOfSatisfying(BadRequestException.class, e -> assertThat(e.status()).isEqualTo(431));
  }
}
