package io.github.epollo.examples;

import io.github.epollo.examples.HttpRequest.BadRequestException;
import io.github.epollo.net.TcpStream;
import io.github.epollo.timers.Timers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One client: requests come in, one after another or many at once, and are answered in order. */
final class HttpConnection {
  private static final int OUTPUT_SIZE = 16 * 1024;
  private static final byte[] GREETING = "Hello from Epollo!\n".getBytes(StandardCharsets.UTF_8);

  private final TcpStream stream;
  private final Duration timeout;
  private final ByteBuffer input = ByteBuffer.allocate(HttpRequest.HEAD_LIMIT).flip(); // ready to be parsed
  private final ByteBuffer output = ByteBuffer.allocate(OUTPUT_SIZE); // answers not yet sent

  HttpConnection(TcpStream stream, Duration timeout) {
    this.stream = stream;
    this.timeout = timeout;
  }

  /** Answers requests until the client or an error ends the connection. */
  void run() throws IOException {
    try {
      boolean keepAlive = true;
      while (keepAlive) {
        HttpRequest request = nextRequest();
        if (request == null) {
          return;
        }
        skipBody(request.contentLength());
        keepAlive = request.keepAlive();
        answer(request);
      }
    } catch (BadRequestException e) {
      append(e.status(), reason(e.status()), (e.getMessage() + "\n").getBytes(StandardCharsets.ISO_8859_1), true,
          false);
    }
    flush();
    stream.shutdownOutput();
    drain();
  }

  /** The next request; null if the client has closed. What is ready to be sent is sent before this waits. */
  private @Nullable HttpRequest nextRequest() throws IOException {
    HttpRequest request = HttpRequest.parse(input);
    if (request != null) {
      return request;
    }
    flush();
    // The client has this long for the whole head, however many reads it takes.
    return Timers.withTimeout(timeout, () -> {
      HttpRequest next;
      do {
        input.compact();
        int n = stream.read(input);
        input.flip();
        if (n < 0) {
          if (input.hasRemaining()) {
            throw new BadRequestException(400, "the connection ended within a request head");
          }
          return null;
        }
        next = HttpRequest.parse(input);
      } while (next == null);
      return next;
    });
  }

  private void skipBody(long length) throws IOException {
    long left = length;
    while (left > input.remaining()) {
      left -= input.remaining();
      input.clear();
      flush();
      int n = Timers.withTimeout(timeout, () -> stream.read(input));
      input.flip();
      if (n < 0) {
        throw new BadRequestException(400, "the connection ended within a request body");
      }
    }
    input.position(input.position() + (int) left);
  }

  private void answer(HttpRequest request) throws IOException {
    boolean withBody = !request.method().equals("HEAD");
    if (!request.method().equals("GET") && withBody) {
      append(405, "Method Not Allowed", "only GET and HEAD\n".getBytes(StandardCharsets.UTF_8), true,
          request.keepAlive());
    } else if (request.target().equals("/")) {
      append(200, "OK", GREETING, withBody, request.keepAlive());
    } else {
      append(404, "Not Found", ("nothing at " + request.target() + "\n").getBytes(StandardCharsets.ISO_8859_1),
          withBody, request.keepAlive());
    }
  }

  private void append(int status, String reason, byte[] body, boolean withBody, boolean keepAlive) throws IOException {
    String head = "HTTP/1.1 " + status + " " + reason + "\r\nContent-Type: text/plain\r\nContent-Length: " + body.length
        + (keepAlive ? "\r\n\r\n" : "\r\nConnection: close\r\n\r\n");
    byte[] headBytes = head.getBytes(StandardCharsets.ISO_8859_1);
    if (output.remaining() < headBytes.length + body.length) {
      flush();
    }
    output.put(headBytes);
    if (withBody) {
      output.put(body);
    }
  }

  private void flush() throws IOException {
    output.flip();
    if (output.hasRemaining()) {
      Timers.withTimeout(timeout, () -> stream.writeFully(output));
    }
    output.clear();
  }

  /** Reads until the client closes: closing with unread input would reset the connection and could destroy the last answer. */
  private void drain() throws IOException {
    Timers.withTimeout(timeout, () -> {
      do {
        input.clear();
      } while (stream.read(input) >= 0);
    });
  }

  private static String reason(int status) {
    return switch (status) {
      case 431 -> "Request Header Fields Too Large";
      case 501 -> "Not Implemented";
      default -> "Bad Request";
    };
  }
}
