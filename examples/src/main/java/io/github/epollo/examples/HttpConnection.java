package io.github.epollo.examples;

import io.github.epollo.examples.HttpRequest.BadRequestException;
import io.github.epollo.net.TcpStream;
import io.github.epollo.timers.Timers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One client: requests come in, one after another or many at once, and are answered in order. What the answers are is a subclass's matter. */
abstract class HttpConnection {
  private static final int OUTPUT_SIZE = 16 * 1024;

  final TcpStream stream;
  final Duration timeout;
  private final ByteBuffer input = ByteBuffer.allocate(HttpRequest.HEAD_LIMIT).flip(); // ready to be parsed
  private final ByteBuffer output = ByteBuffer.allocate(OUTPUT_SIZE); // answers not yet sent

  HttpConnection(TcpStream stream, Duration timeout) {
    this.stream = stream;
    this.timeout = timeout;
  }

  /** Answers requests until the client or an error ends the connection. */
  final void run() throws IOException {
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

  /** Answers by {@link #append} or {@link #appendHead}, or by the stream itself after a {@link #flush}. */
  abstract void answer(HttpRequest request) throws IOException;

  /** The answer to a request that is neither GET nor HEAD. */
  final void refuseMethod(HttpRequest request) throws IOException {
    append(405, "Method Not Allowed", "only GET and HEAD\n".getBytes(StandardCharsets.UTF_8), true,
        request.keepAlive());
  }

  /** Adds an answer with a body of text. */
  final void append(int status, String reason, byte[] body, boolean withBody, boolean keepAlive) throws IOException {
    appendHead(status, reason, "text/plain", body.length, withBody ? body.length : 0, keepAlive);
    if (withBody) {
      output.put(body);
    }
  }

  /** Adds the head of an answer with a body of {@code length} bytes, and keeps {@code room} for what is to follow it at once. */
  final void appendHead(int status, String reason, String type, long length, int room, boolean keepAlive)
      throws IOException {
    String head = "HTTP/1.1 " + status + " " + reason + (status == 405 ? "\r\nAllow: GET, HEAD" : "")
        + "\r\nContent-Type: " + type + "\r\nContent-Length: " + length
        + (keepAlive ? "\r\n\r\n" : "\r\nConnection: close\r\n\r\n");
    byte[] headBytes = head.getBytes(StandardCharsets.ISO_8859_1);
    if (output.remaining() < headBytes.length + room) {
      flush();
    }
    output.put(headBytes);
  }

  /** Sends what was added. */
  final void flush() throws IOException {
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
