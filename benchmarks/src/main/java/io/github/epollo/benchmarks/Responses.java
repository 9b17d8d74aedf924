package io.github.epollo.benchmarks;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The one response that every peer gives, many times in a row, so that a pipelined batch is answered by one write. */
final class Responses {
  static final String BODY = "Hello, World!";
  static final int BATCH = 64;
  static final int READ_BYTES = 4096;
  static final int ECHO_BYTES = 16384;
  static final int BACKLOG = 1024;

  private static final byte[] ONE = ("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + BODY.length()
      + "\r\n\r\n" + BODY).getBytes(StandardCharsets.US_ASCII);
  private static final ByteBuffer MANY = ByteBuffer.allocateDirect(BATCH * ONE.length);
  static {
    for (int i = 0; i < BATCH; i++) {
      MANY.put(i * ONE.length, ONE);
    }
  }

  private Responses() {}

  /** A view of its own of {@link #BATCH} responses in direct memory. */
  static ByteBuffer view() {
    return MANY.asReadOnlyBuffer();
  }

  /** The number of bytes of {@code n} responses. */
  static int bytes(int n) {
    return n * ONE.length;
  }
}
