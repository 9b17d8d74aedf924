package io.github.epollo.testkit.guide;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.epollo.timers.Timers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.time.Duration;

/** A protocol handler such as a user writes: it adds up numbers, one to a line, and answers each with the sum so far. */
// @start region="handler"
final class LineServer {
  private static final int LONGEST_LINE = 20;

  private LineServer() {}

  static void serve(ByteChannel client) throws IOException {
    ByteBuffer input = ByteBuffer.allocate(LONGEST_LINE);
    long sum = 0;
    while (true) {
      String line = Timers.withTimeout(Duration.ofSeconds(30), () -> readLine(client, input));
      if (line == null) {
        return;
      }
      sum += Long.parseLong(line);
      ByteBuffer answer = ByteBuffer.wrap((sum + "\n").getBytes(US_ASCII));
      while (answer.hasRemaining()) {
        int _ = client.write(answer);
      }
    }
  }

  /** The next line, or null at the end; what was read beyond it stays in {@code input}. */
  private static String readLine(ByteChannel client, ByteBuffer input) throws IOException {
    while (true) {
      for (int i = 0; i < input.position(); i++) {
        if (input.get(i) == '\n') {
          String line = US_ASCII.decode(input.duplicate().flip().limit(i)).toString();
          input.limit(input.position()).position(i + 1);
          input.compact();
          return line;
        }
      }
      if (!input.hasRemaining()) {
        throw new IOException("a line of more than " + LONGEST_LINE + " bytes");
      }
      if (client.read(input) < 0) {
        return null;
      }
    }
  }
}
// @end
