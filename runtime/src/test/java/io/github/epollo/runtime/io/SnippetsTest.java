package io.github.epollo.runtime.io;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.TaskScope;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.io.BidirectionalCopy.Counts;
import io.github.epollo.runtime.stream.AsyncStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** The examples of the javadoc and of docs/guide/io.md, run as tests. */
class SnippetsTest {
  @Test
  void duplex() {
    ByteBuffer answer = ByteBuffer.allocate(6);
    Epollo.run(() -> {
      // @start region="duplex"
      DuplexStream.Pair pair = DuplexStream.pair(4); // a writer is never more than 4 bytes ahead
      Tasks.spawn(() -> pair.left().writeFully(ByteBuffer.wrap("hello\n".getBytes(US_ASCII))));
      pair.right().readFully(answer);
      // @end
    });
    assertThat(answer.array()).isEqualTo("hello\n".getBytes(US_ASCII));
  }

  // @start region="buffered"
  /** A name, and then a picture of at most 1 MB. */
  static byte[] receivePicture(AsyncReader connection, String expectedName) throws IOException {
    BufferedAsyncReader reader = new BufferedAsyncReader(connection);
    String name = reader.readLine(100); // a longer one is a LimitExceededException
    if (!expectedName.equals(name)) {
      throw new IOException("no picture, but " + name);
    }
    int length = reader.readInt();
    if (length < 0 || length > 1_000_000) {
      throw new IOException("a picture of " + length + " bytes");
    }
    return reader.readExactly(length);
  }
  // @end

  // @start region="bufferedWriter"
  static void sendPicture(AsyncWriter connection, String name, byte[] picture) throws IOException {
    BufferedAsyncWriter writer = new BufferedAsyncWriter(connection);
    writer.writeString(name + "\n", UTF_8);
    writer.writeInt(picture.length);
    writer.writeBytes(picture);
    writer.flush(); // one system call, if it fits; without this nothing may be sent
  }
  // @end

  @Test
  void pictures() {
    byte[] picture = {1, 2, 3};
    Epollo.run(() -> {
      DuplexStream.Pair pair = DuplexStream.pair(5);
      Tasks.spawn(() -> sendPicture(pair.left(), "cat", picture));
      assertThat(receivePicture(pair.right(), "cat")).isEqualTo(picture);
      assertThatThrownBy(() -> receivePicture(AsyncReader.of("dog\n".getBytes(UTF_8)), "cat"))
          .hasMessageContaining("dog");
    });
  }

  @Test
  void copy() throws IOException {
    AsyncReader upload = AsyncReader.of(new byte[100]);
    AsyncWriter file = AsyncWriter.discarding();
    // @start region="copy"
    long count = ByteCopy.copy(upload.take(1_000_000), file);
    // @end
    assertThat(count).isEqualTo(100);
  }

  @Test
  void bothWays() {
    Epollo.run(() -> {
      DuplexStream.Pair outside = DuplexStream.pair(5);
      DuplexStream.Pair inside = DuplexStream.pair(5);
      AsyncByteChannel client = outside.right();
      AsyncByteChannel server = inside.left();
      Task<?> _ = Tasks.spawn(() -> {
        outside.left().writeFully(ByteBuffer.wrap("question".getBytes(US_ASCII)));
        outside.left().shutdownOutput();
      });
      Task<String> question = Tasks
          .spawn(() -> new String(new BufferedAsyncReader(inside.right()).readAll(100), US_ASCII));
      Task<?> _ = Tasks.spawn(() -> {
        question.join();
        inside.right().close();
      });
      // @start region="bothWays"
      Counts counts = BidirectionalCopy.copyBidirectional(client, server);
      // @end
      assertThat(question.join()).isEqualTo("question");
      assertThat(counts).isEqualTo(new Counts(8, 0));
    });
  }

  // @start region="framed"
  static void shout(AsyncByteChannel connection) throws IOException {
    try (Framed<String, String> lines = new Framed<>(connection, Codec.lines(1000))) {
      for (String line; (line = lines.receive()) != null;) {
        lines.send(line.toUpperCase(Locale.ROOT));
      }
    }
  }
  // @end

  // @start region="map"
  /** What the program knows of the protocol. */
  record Move(int x, int y) {}

  /** Frames of up to 64 bytes, each with its length in two bytes before it. */
  static final Codec<Move, Move> MOVES = LengthDelimitedCodec.of(64)
      .withFieldSize(2)
      .map(SnippetsTest::toMove, SnippetsTest::toFrame);

  private static Move toMove(byte[] frame) {
    ByteBuffer bytes = ByteBuffer.wrap(frame);
    return new Move(bytes.getInt(), bytes.getInt());
  }

  private static byte[] toFrame(Move move) {
    return ByteBuffer.allocate(8).putInt(move.x).putInt(move.y).array();
  }
  // @end

  // @start region="upgrade"
  /** The client says which protocol it speaks; what it sent after that line in one piece is not lost. */
  static void serve(AsyncByteChannel connection) throws IOException {
    Framed<String, String> lines = new Framed<>(connection, Codec.lines(100));
    String protocol = lines.receive();
    if (!"MOVES".equals(protocol)) {
      lines.send("unknown protocol");
      lines.close();
      return;
    }
    lines.send("OK");
    try (Framed<Move, Move> moves = new Framed<>(lines.parts().resume(), MOVES)) {
      for (Move move; (move = moves.receive()) != null;) {
        moves.send(new Move(-move.x, -move.y));
      }
    }
  }
  // @end

  @Test
  void framed() {
    Epollo.run(() -> {
      DuplexStream.Pair pair = DuplexStream.pair(5);
      Tasks.spawn(() -> shout(pair.right()));
      Framed<String, String> lines = new Framed<>(pair.left(), Codec.lines(100));
      lines.send("hello");
      assertThat(lines.receive()).isEqualTo("HELLO");
      lines.close();
    });
  }

  @Test
  void upgrade() {
    Epollo.run(() -> {
      DuplexStream.Pair pair = DuplexStream.pair(100);
      Tasks.spawn(() -> serve(pair.right()));
      BufferedAsyncWriter writer = new BufferedAsyncWriter(pair.left());
      writer.writeString("MOVES\n", UTF_8);
      writer.writeShort(8);
      writer.writeInt(3);
      writer.writeInt(-4);
      writer.shutdownOutput();
      BufferedAsyncReader reader = new BufferedAsyncReader(pair.left());
      assertThat(reader.readLine(10)).isEqualTo("OK");
      List<Move> moves = new ArrayList<>();
      try (AsyncStream<Move> stream = new FrameReader<>(reader, MOVES).frames()) {
        for (Move move; (move = stream.next()) != null;) {
          moves.add(move);
        }
      }
      assertThat(moves).containsExactly(new Move(-3, 4));
    });
  }

  // @start region="adapters"
  static void sendZipped(AsyncWriter connection, byte[] text) throws IOException {
    OutputStream bytes = new BufferedOutputStream(Channels.newOutputStream(connection));
    try (GZIPOutputStream zipped = new GZIPOutputStream(bytes)) {
      zipped.write(text);
    }
  }

  static byte[] receiveZipped(AsyncReader connection, int limit) throws IOException {
    InputStream bytes = Channels.newInputStream(new BufferedAsyncReader(connection));
    try (GZIPInputStream text = new GZIPInputStream(bytes)) {
      return text.readNBytes(limit);
    }
  }
  // @end

  @Test
  void adapters() {
    byte[] text = "hello ".repeat(1000).getBytes(UTF_8);
    Epollo.run(() -> {
      DuplexStream.Pair pair = DuplexStream.pair(5);
      Tasks.spawn(() -> sendZipped(pair.left(), text));
      assertThat(receiveZipped(pair.right(), 10_000)).isEqualTo(text);
    });
  }

  // @start region="process"
  /** What {@code command} answers to {@code input}; it is fed and heard at the same time, since its pipes hold little. */
  static byte[] pipeThrough(String command, byte[] input, int limit) throws IOException {
    Process process = new ProcessBuilder(command).start();
    try (AsyncReader answer = AsyncReader.fromInputStream(process.getInputStream());
        AsyncWriter question = AsyncWriter.fromOutputStream(process.getOutputStream());
        TaskScope<?, ?> scope = TaskScope.open()) {
      scope.spawn(() -> {
        question.writeFully(ByteBuffer.wrap(input));
        question.shutdownOutput();
      });
      byte[] bytes = new BufferedAsyncReader(answer).readAll(limit);
      scope.join();
      return bytes;
    } finally {
      process.destroy();
    }
  }
  // @end

  @Test
  void process() {
    byte[] bytes = "a line\n".repeat(50_000).getBytes(US_ASCII);
    Epollo.run(() -> {
      assertThat(pipeThrough("cat", bytes, bytes.length)).isEqualTo(bytes);
    });
  }
}
