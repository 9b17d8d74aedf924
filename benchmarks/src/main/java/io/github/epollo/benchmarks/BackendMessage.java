package io.github.epollo.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;

/** What a front server sends to the backend: bytes that begin with a number, which must come back. One for each connection. */
final class BackendMessage {
  static final int BYTES = 64;

  private final ByteBuffer message = ByteBuffer.allocateDirect(BYTES);
  private final ByteBuffer echo = ByteBuffer.allocateDirect(BYTES);
  private long number;

  /** The next message, to be sent. */
  ByteBuffer next() {
    return message.clear().putLong(0, ++number);
  }

  /** The room for its echo. */
  ByteBuffer echo() {
    return echo.clear();
  }

  /** Makes sure that the echo is that of the last message. */
  void check() throws IOException {
    check(echo.getLong(0));
  }

  /** Makes sure that an echo which begins with this number is that of the last message. */
  void check(long echoed) throws IOException {
    if (echoed != number) {
      throw new IOException("the backend echoes message " + echoed + " and not " + number);
    }
  }
}
