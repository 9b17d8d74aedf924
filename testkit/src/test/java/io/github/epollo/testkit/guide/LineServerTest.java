package io.github.epollo.testkit.guide;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.io.DuplexStream;
import io.github.epollo.testkit.ChunkedStream;
import io.github.epollo.testkit.Chunking;
import io.github.epollo.testkit.EpolloTest;
import io.github.epollo.testkit.Schedule;
import io.github.epollo.testkit.ScriptedStream;
import io.github.epollo.testkit.Simulation;
import io.github.epollo.testkit.World;
import io.github.epollo.testkit.jqwik.EpolloArbitraries;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

class LineServerTest {
  // @start region="scripted"
  @EpolloTest
  void eachLineIsAnsweredWithTheSum() throws IOException {
    try (ScriptedStream client = ScriptedStream.script()
        .read("12\n".getBytes(US_ASCII))
        .write("12\n".getBytes(US_ASCII))
        .read("30\n".getBytes(US_ASCII))
        .write("42\n".getBytes(US_ASCII))
        .end()
        .build()) {
      LineServer.serve(client);
    }
  }

  @EpolloTest(virtualTime = true)
  void aSilentClientIsGivenUpAfter30Seconds(World world) {
    long before = world.time().now();
    ScriptedStream client = ScriptedStream.script()
        .read("12\n".getBytes(US_ASCII))
        .write("12\n".getBytes(US_ASCII))
        .pause(Duration.ofHours(1))
        .end()
        .build();

    assertThatThrownBy(() -> LineServer.serve(client)).isInstanceOf(DeadlineExceededException.class);

    assertThat(world.time().now() - before).isBetween(30_000_000_000L, 30_001_000_000L);
  }

  @EpolloTest
  void aLineThatNeverEndsIsRefused() {
    ScriptedStream client = ScriptedStream.script().read("1".repeat(100).getBytes(US_ASCII)).build();

    assertThatThrownBy(() -> LineServer.serve(client)).isInstanceOf(IOException.class).hasMessageContaining("20 bytes");
  }
  // @end

  // @start region="chunks"
  @Property(tries = 300)
  void theAnswersDoNotDependOnHowBytesAreCutOrTasksAreOrdered(
      @ForAll @Size(max = 20) List<Integer> numbers,
      @ForAll("chunkings") Chunking chunking,
      @ForAll("schedules") Schedule schedule) {
    StringBuilder input = new StringBuilder();
    StringBuilder expected = new StringBuilder();
    long sum = 0;
    for (int number : numbers) {
      input.append(number).append('\n');
      expected.append(sum += number).append('\n');
    }
    ByteBuffer answers = ByteBuffer.allocate(expected.length());

    Simulation.ofSeed(1).withSchedule(schedule).run(_ -> {
      DuplexStream.Pair pair = DuplexStream.pair(16); // a small buffer: both sides have to wait for each other
      ChunkedStream server = new ChunkedStream(pair.right()).limitReads(chunking);
      Tasks.spawn(() -> LineServer.serve(server));
      Tasks.spawn(() -> pair.left().writeFully(ByteBuffer.wrap(input.toString().getBytes(US_ASCII))));
      pair.left().readFully(answers);
    });

    assertThat(new String(answers.array(), US_ASCII)).isEqualTo(expected.toString());
  }

  @Provide
  Arbitrary<Chunking> chunkings() {
    return EpolloArbitraries.chunkings(100);
  }

  @Provide
  Arbitrary<Schedule> schedules() {
    return EpolloArbitraries.schedules();
  }
  // @end
}
