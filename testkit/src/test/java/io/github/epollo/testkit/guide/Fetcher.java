package io.github.epollo.testkit.guide;

import io.github.epollo.net.TcpStream;
import io.github.epollo.timers.Timers;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;

/** A retry loop such as a user writes. */
// @start region="retry"
final class Fetcher {
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private Fetcher() {}

  /** Asks until there is an answer; the pauses grow from 10 ms to a second. */
  static int fetch(SocketAddress server, int question) throws IOException {
    Duration pause = Duration.ofMillis(10);
    while (true) {
      try {
        return Timers.withTimeout(Duration.ofSeconds(3), () -> ask(server, question));
      } catch (IOException | io.github.epollo.runtime.future.DeadlineExceededException e) {
        Timers.sleep(pause);
        pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
      }
    }
  }

  private static int ask(SocketAddress server, int question) throws IOException {
    try (TcpStream stream = TcpStream.connect(server)) {
      stream.writeFully(ByteBuffer.allocate(4).putInt(question).flip());
      ByteBuffer answer = ByteBuffer.allocate(4);
      stream.readFully(answer);
      return answer.flip().getInt();
    }
  }
}
// @end
