package io.github.epollo.benchmarks;

import java.nio.ByteBuffer;

/** Finds the ends of request heads (CRLF CRLF) in a byte stream that arrives in pieces. One for each connection. */
final class RequestHeads {
  private static final int COMPLETE = 4;

  private int matched; // how much of CRLFCRLF the bytes so far end with

  /** Returns how many heads end in the bytes from {@code from} up to {@code to}, without touching the buffer's position. */
  int count(ByteBuffer bytes, int from, int to) {
    int heads = 0;
    int state = matched;
    for (int i = from; i < to; i++) {
      byte b = bytes.get(i);
      if (b == ((state & 1) == 0 ? '\r' : '\n')) {
        if (++state == COMPLETE) {
          heads++;
          state = 0;
        }
      } else {
        state = b == '\r' ? 1 : 0;
      }
    }
    matched = state;
    return heads;
  }
}
