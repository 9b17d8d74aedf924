package io.github.epollo.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.io.AsyncByteChannel;
import io.github.epollo.runtime.io.BidirectionalCopy;
import io.github.epollo.runtime.io.BufferedAsyncReader;
import io.github.epollo.runtime.io.CopyOptions;
import io.github.epollo.runtime.io.DuplexStream;
import io.github.epollo.testkit.EpolloTest;
import io.github.epollo.testkit.World;
import io.github.epollo.timers.Timers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/** The proxy of docs/guide/io.md, in virtual time. */
class ProxyTest {
  // @start region="proxy"
  /** Until both sides have ended, or nothing has gone either way for a minute. */
  static void proxy(AsyncByteChannel client, AsyncByteChannel server) throws IOException {
    try (client; server) {
      Timers.withIdleTimeout(Duration.ofMinutes(1), idle -> {
        CopyOptions options = CopyOptions.defaults().withProgress(_ -> idle.touch());
        new BidirectionalCopy(client, server, options).run();
      });
    }
  }
  // @end

  private static void write(AsyncByteChannel channel, String text) throws IOException {
    channel.writeFully(ByteBuffer.wrap(text.getBytes(US_ASCII)));
  }

  @EpolloTest(virtualTime = true, seeds = 5)
  void aProxyThatIsIdleForAMinuteEndsAndClosesBothSides(World world) throws IOException {
    DuplexStream.Pair outside = DuplexStream.pair(16);
    DuplexStream.Pair inside = DuplexStream.pair(16);
    long before = world.time().now();
    Task<?> proxy = Tasks.spawn(
        () -> assertThatThrownBy(() -> proxy(outside.right(), inside.left()))
            .isInstanceOf(DeadlineExceededException.class));
    BufferedAsyncReader requests = new BufferedAsyncReader(inside.right());
    BufferedAsyncReader answers = new BufferedAsyncReader(outside.left());
    for (int i = 0; i < 10; i++) { // 50 seconds are not idle
      Timers.sleep(Duration.ofSeconds(50));
      if (i % 2 == 0) {
        write(outside.left(), "question\n");
        assertThat(requests.readLine(20)).isEqualTo("question");
      } else {
        write(inside.right(), "answer\n");
        assertThat(answers.readLine(20)).isEqualTo("answer");
      }
    }
    proxy.join();
    assertThat(world.time().now() - before).isBetween(560_000_000_000L, 560_010_000_000L);
    assertThat(answers.readLine(20)).isNull();
    assertThat(requests.readLine(20)).isNull();
    assertThat(outside.right().isOpen()).isFalse();
  }

  @EpolloTest(virtualTime = true, seeds = 5)
  void aProxyEndsWhenBothSidesHave() throws IOException {
    DuplexStream.Pair outside = DuplexStream.pair(16);
    DuplexStream.Pair inside = DuplexStream.pair(16);
    Task<?> proxy = Tasks.spawn(() -> proxy(outside.right(), inside.left()));
    Tasks.spawn(() -> {
      write(outside.left(), "a question that does not fit in one go");
      outside.left().shutdownOutput();
    });
    byte[] question = new BufferedAsyncReader(inside.right()).readAll(100);
    assertThat(new String(question, US_ASCII)).startsWith("a question").endsWith("one go");
    write(inside.right(), "an answer");
    inside.right().close();
    assertThat(new BufferedAsyncReader(outside.left()).readExactly(9)).isEqualTo("an answer".getBytes(US_ASCII));
    proxy.join();
  }
}
