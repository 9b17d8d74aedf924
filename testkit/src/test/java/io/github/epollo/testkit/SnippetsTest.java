package io.github.epollo.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.fs.AsyncFiles;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.io.DuplexStream;
import io.github.epollo.runtime.sync.Channel;
import io.github.epollo.testkit.jqwik.EpolloArbitraries;
import io.github.epollo.timers.Timers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** The examples of the javadoc, run as tests. */
class SnippetsTest {
  private static final byte[] LINE = "hello\n".getBytes(US_ASCII);

  /** Reads up to the end of the line, and sends the line back. */
  private static void echoLine(ByteChannel channel) throws IOException {
    ByteBuffer line = ByteBuffer.allocate(100);
    do {
      if (channel.read(line) < 0) {
        return;
      }
    } while (line.get(line.position() - 1) != '\n');
    line.flip();
    while (line.hasRemaining()) {
      int _ = channel.write(line);
    }
  }

  @Test
  void chunked() {
    ByteBuffer answer = ByteBuffer.allocate(LINE.length);
    Epollo.run(() -> {
      // @start region="chunked"
      DuplexStream.Pair pair = DuplexStream.pair(4); // a writer is never more than 4 bytes ahead
      ChunkedStream right = new ChunkedStream(pair.right()).limitReads(Chunking.of(1, 2)); // 1 byte, then 2, then what there is
      Tasks.spawn(() -> echoLine(right));
      pair.left().writeFully(ByteBuffer.wrap(LINE));
      pair.left().readFully(answer);
      // @end
    });
    assertThat(answer.array()).isEqualTo(LINE);
  }

  @Test
  void scripted() {
    Epollo.run(() -> {
      // @start region="scripted"
      try (ScriptedStream peer = ScriptedStream.script()
          .read("hel".getBytes(US_ASCII))
          .pause(Duration.ofMillis(2)) // the peer is slow
          .read("lo\n".getBytes(US_ASCII))
          .write("hello\n".getBytes(US_ASCII))
          .build()) {
        echoLine(peer);
      } // closing checks that nothing of the script is left
      // @end
      ScriptedStream wrong = ScriptedStream.script().read(LINE).write("help!\n".getBytes(US_ASCII)).build();
      assertThatThrownBy(() -> echoLine(wrong)).hasMessageContaining("differ at offset 3");
    });
  }

  @Test
  void simulation() {
    // @start region="simulation"
    Simulation.ofSeed(42).withFaults(Faults.harmless(0.01)).run(world -> {
      long before = world.time().now();
      Timers.sleep(Duration.ofDays(1)); // takes no time
      assertThat(world.time().now() - before).isGreaterThanOrEqualTo(Duration.ofDays(1).toNanos());
    });
    // @end
  }

  // @start region="epolloTest"
  @EpolloTest(virtualTime = true, seeds = 20)
  void aPeerThatIsSilentForAnHourIsGivenUp(World world) {
    DuplexStream.Pair pair = DuplexStream.pair(16);

    assertThatThrownBy(() -> Timers.withTimeout(Duration.ofHours(1), () -> pair.left().read(ByteBuffer.allocate(1))))
        .isInstanceOf(DeadlineExceededException.class);

    world.time().jump(Duration.ofDays(365)); // a laptop is closed, and opened again
  }
  // @end

  // @start region="arbitraries"
  @Property(tries = 100)
  void theEchoDoesNotDependOnHowItsInputIsCut(@ForAll("cuts") Chunking cuts) throws IOException {
    Script script = ScriptedStream.script();
    cuts.cut(LINE).forEach(script::read);
    try (ScriptedStream peer = script.write(LINE).build()) {
      echoLine(peer);
    }
  }

  @Provide
  Arbitrary<Chunking> cuts() {
    return EpolloArbitraries.chunkings(LINE.length);
  }
  // @end

  @Test
  void handPolled() {
    // @start region="handPolled"
    Channel<String> channel = Channel.bounded(1);
    try (HandPolled<String> receive = HandPolled.of(channel.receiveAsync())) {
      assertThat(receive.poll()).isInstanceOf(Poll.Pending.class);
      channel.send("hello");
      assertThat(receive.isWoken()).isTrue();
      assertThat(receive.value()).isEqualTo("hello");
    }
    // @end
  }

  @Test
  void crash() {
    // @start region="crash"
    Path file = Path.of("/tmp/settings");
    CrashTest test = CrashTest.of(Simulation.ofSeed(1), _ -> AsyncFiles.writeAtomically(file, "new".getBytes(US_ASCII)))
        .withPreparation(world -> world.disk().write(file, "old".getBytes(US_ASCII)));
    int states = test.verify((_, returned) -> {
      String left = AsyncFiles.readString(file);
      assertThat(left).isIn(returned ? List.of("new") : List.of("old", "new"));
    });
    // @end
    assertThat(states).isGreaterThan(2);
  }
}
