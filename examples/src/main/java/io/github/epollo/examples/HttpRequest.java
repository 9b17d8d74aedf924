package io.github.epollo.examples;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The head of an HTTP/1 request (RFC 9112), as far as this server needs it.
 *
 * @param keepAlive whether the client wants the connection kept
 * @param contentLength bytes of the body that follow the head
 */
record HttpRequest(String method, String target, boolean keepAlive, long contentLength) {
  /** A longer head is refused, so that a client cannot make the server store without end. */
  static final int HEAD_LIMIT = 8192;

  /** A request that cannot be answered but with an error; the connection ends after it. */
  static final class BadRequestException extends IOException {
    private static final long serialVersionUID = 1L;
    private final int status;

    BadRequestException(int status, String reason) {
      super(reason);
      this.status = status;
    }

    int status() {
      return status;
    }
  }

  /**
   * Takes the next head out of {@code input}, which is ready to be read from.
   *
   * @return null if the head is not complete; {@code input} is as before then
   * @throws BadRequestException if it is malformed or too long
   */
  static @Nullable HttpRequest parse(ByteBuffer input) throws BadRequestException {
    while (input.remaining() >= 2 && input.get(input.position()) == '\r' && input.get(input.position() + 1) == '\n') {
      input.position(input.position() + 2); // RFC 9112, 2.2: ignore empty lines before a request
    }
    int end = endOfHead(input);
    if (end < 0) {
      if (input.remaining() >= HEAD_LIMIT) {
        throw new BadRequestException(431, "the request head is longer than " + HEAD_LIMIT + " bytes");
      }
      return null;
    }
    byte[] head = new byte[end - input.position()];
    input.get(head);
    return parse(new String(head, 0, head.length - 4, StandardCharsets.ISO_8859_1));
  }

  /** The index after the empty line that ends the head; -1 if it is not there. */
  private static int endOfHead(ByteBuffer input) {
    for (int i = input.position() + 3; i < input.limit(); i++) {
      if (input.get(i) == '\n' && input.get(i - 1) == '\r' && input.get(i - 2) == '\n' && input.get(i - 3) == '\r') {
        return i + 1;
      }
    }
    return -1;
  }

  private static HttpRequest parse(String head) throws BadRequestException {
    String[] lines = head.split("\r\n", -1);
    String[] words = lines[0].split(" ", -1);
    if (words.length != 3 || words[0].isEmpty() || words[1].isEmpty() || !words[2].matches("HTTP/1\\.[01]")) {
      throw new BadRequestException(400, "not a request line: " + lines[0]);
    }
    boolean keepAlive = words[2].equals("HTTP/1.1");
    boolean lengthSeen = false;
    long contentLength = 0;
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon <= 0 || lines[i].substring(0, colon).indexOf(' ') >= 0) {
        throw new BadRequestException(400, "not a header line: " + lines[i]);
      }
      String value = lines[i].substring(colon + 1).trim();
      switch (lines[i].substring(0, colon).toLowerCase(Locale.ROOT)) {
        case "connection" ->
          keepAlive = value.equalsIgnoreCase("keep-alive") || (keepAlive && !value.equalsIgnoreCase("close"));
        case "content-length" -> {
          if (lengthSeen || !value.matches("[0-9]{1,18}")) {
            throw new BadRequestException(400, "bad Content-Length: " + value);
          }
          lengthSeen = true;
          contentLength = Long.parseLong(value);
        }
        case "transfer-encoding" -> throw new BadRequestException(501, "Transfer-Encoding is not supported");
        default -> {}
      }
    }
    return new HttpRequest(words[0], words[1], keepAlive, contentLength);
  }
}
