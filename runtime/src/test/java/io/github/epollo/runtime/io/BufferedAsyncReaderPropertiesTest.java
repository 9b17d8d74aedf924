package io.github.epollo.runtime.io;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.future.Future;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The model is an array and an index. Every call is made again until it is not cancelled, at the k-th wait for every k: whatever the cuts and the cancels, the answers are those of the model.
 * Hazard 19.
 */
class BufferedAsyncReaderPropertiesTest {
  private enum Kind {
    LINE, UNTIL, EXACTLY, SHORT, INT, LONG, BYTE, FULLY, READ, SKIP, REQUIRE, ALL
  }

  private record Op(Kind kind, int n) {}

  @Provide
  Arbitrary<byte[]> texts() {
    return Arbitraries.of("a", "b", "\r", "\n", "\r\n", "--", "-", "long enough", "\u00e4").list().ofMaxSize(40)
        .map(parts -> String.join("", parts).getBytes(ISO_8859_1));
  }

  @Provide
  Arbitrary<List<Op>> ops() {
    return Combinators.combine(Arbitraries.of(Kind.class), Arbitraries.integers().between(0, 30)).as(Op::new).list()
        .ofMaxSize(30);
  }

  /** What is left to be read; an answer that is an exception takes nothing, unless it says so. */
  private static final class Model {
    private final byte[] bytes;
    private int at;

    Model(byte[] bytes) {
      this.bytes = bytes;
    }

    int left() {
      return bytes.length - at;
    }

    byte[] take(int n) {
      byte[] part = Arrays.copyOfRange(bytes, at, at + n);
      at += n;
      return part;
    }

    Object answer(Op op) {
      int n = op.n;
      return switch (op.kind) {
        case LINE -> line(n);
        case UNTIL -> until(n);
        case EXACTLY -> left() < n ? EOFException.class : text(take(n));
        case BYTE -> left() < 1 ? EOFException.class : take(1)[0] & 0xFF;
        case SHORT -> left() < 2 ? EOFException.class : number(2).getShort() & 0xFFFF;
        case INT -> left() < 4 ? EOFException.class : number(4).order(ByteOrder.LITTLE_ENDIAN).getInt() & 0xFFFFFFFFL;
        case LONG -> left() < 8 ? EOFException.class : number(8).getLong();
        case FULLY -> left() < n ? List.of("part", text(take(left()))) : text(take(n));
        case READ, SKIP -> "checked by itself";
        case REQUIRE -> left() < n ? EOFException.class : "there";
        case ALL -> left() > n ? LimitExceededException.class : text(take(left()));
      };
    }

    private ByteBuffer number(int n) {
      return ByteBuffer.wrap(take(n));
    }

    private Object line(int limit) {
      int end = at;
      while (end < bytes.length && bytes[end] != '\n') {
        end++;
      }
      boolean found = end < bytes.length;
      int length = found && end > at && bytes[end - 1] == '\r' ? end - 1 - at : end - at;
      if (length > limit) {
        return LimitExceededException.class;
      }
      if (!found && length == 0) {
        return "null";
      }
      String line = text(take(length));
      at = found ? end + 1 : end;
      return line;
    }

    private Object until(int limit) {
      int found = new String(bytes, at, left(), ISO_8859_1).indexOf("--");
      if (found < 0 && left() - 2 < limit) {
        return left() == 0 ? "null" : EOFException.class;
      }
      if (found < 0 || found > limit) {
        return LimitExceededException.class;
      }
      String part = text(take(found));
      at += 2;
      return part;
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, ISO_8859_1);
  }

  private static Object orNull(@Nullable Object answer) {
    return answer == null ? "null" : answer instanceof byte[] bytes ? text(bytes) : answer;
  }

  @Property(tries = 2000)
  void direct(@ForAll("texts") byte[] bytes, @ForAll("ops") List<Op> ops,
      @ForAll @Size(min = 1, max = 5) List<@IntRange(min = 1, max = 30) Integer> cuts,
      @ForAll @IntRange(min = 1, max = 40) int size, @ForAll @IntRange(max = 6) int kth) throws Exception {
    check(bytes, ops, new BufferedAsyncReader(new CutReader(bytes, cuts, kth == 1 ? 0 : kth), size), -1);
  }

  @Property(tries = 2000)
  void futures(@ForAll("texts") byte[] bytes, @ForAll("ops") List<Op> ops,
      @ForAll @Size(min = 1, max = 5) List<@IntRange(min = 1, max = 30) Integer> cuts,
      @ForAll @IntRange(min = 1, max = 40) int size, @ForAll @IntRange(max = 6) int kth) throws Exception {
    check(bytes, ops, new BufferedAsyncReader(new CutReader(bytes, cuts, 0), size), kth == 1 ? 0 : kth);
  }

  private static void check(byte[] bytes, List<Op> ops, BufferedAsyncReader reader, int kth) throws Exception {
    Model model = new Model(bytes);
    int most = reader.buffer.size;
    for (Op op : ops) {
      Object answer;
      try {
        answer = answer(op, reader, kth, model);
      } catch (EOFException | LimitExceededException e) {
        answer = e.getClass();
      }
      if (op.kind == Kind.READ || op.kind == Kind.SKIP) {
        continue;
      }
      assertThat(answer).as("%s", op).isEqualTo(model.answer(op));
      most = Math.max(most, op.n + 2);
      assertThat(reader.buffer.capacity()).isLessThanOrEqualTo(Math.max(most, 8));
    }
    byte[] rest = Stops.again(() -> reader.readAll(bytes.length));
    assertThat(text(rest)).isEqualTo(text(model.take(model.left())));
  }

  private static Object answer(Op op, BufferedAsyncReader reader, int kth, Model model) throws Exception {
    int n = op.n;
    boolean future = kth >= 0;
    return switch (op.kind) {
      case LINE -> orNull(future
          ? Stops.drive(() -> new BufferedReadFuture.Of<>(reader, new BufferedRead.Line(n, ISO_8859_1)), kth)
          : Stops.again(() -> reader.readLine(n, ISO_8859_1)));
      case UNTIL -> orNull(future
          ? Stops.drive(() -> reader.readUntilAsync(new byte[]{'-', '-'}, n), kth)
          : Stops.again(() -> reader.readUntil(new byte[]{'-', '-'}, n)));
      case EXACTLY -> orNull(future
          ? Stops.drive(() -> reader.readExactlyAsync(n), kth)
          : Stops.again(() -> reader.readExactly(n)));
      case BYTE -> Stops.again(reader::readUnsignedByte);
      case SHORT -> Stops.again(() -> reader.order(ByteOrder.BIG_ENDIAN).readUnsignedShort());
      case INT -> Stops.again(() -> reader.order(ByteOrder.LITTLE_ENDIAN).readUnsignedInt());
      case LONG -> Stops.again(() -> reader.order(ByteOrder.BIG_ENDIAN).readLong());
      case FULLY -> {
        ByteBuffer target = ByteBuffer.allocate(n);
        try {
          if (future) {
            Stops.drive(() -> reader.readFullyAsync(target), kth);
          } else {
            Stops.again(() -> {
              reader.readFully(target);
              return true;
            });
          }
        } catch (EOFException e) {
          yield List.of("part", text(Arrays.copyOf(target.array(), target.position())));
        }
        yield text(target.array());
      }
      case READ -> {
        ByteBuffer target = ByteBuffer.allocate(n);
        int read = future ? Stops.drive(() -> reader.readAsync(target), kth) : Stops.again(() -> reader.read(target));
        int left = model.left();
        assertThat(read).isEqualTo(n == 0 ? 0 : left == 0 ? -1 : target.position());
        assertThat(text(Arrays.copyOf(target.array(), target.position())))
            .isEqualTo(text(model.take(target.position())));
        yield read;
      }
      case SKIP -> {
        long skipped = Stops.again(() -> reader.skip(n));
        assertThat(skipped).isEqualTo(n == 0 ? 0 : model.left() == 0 ? -1 : Math.clamp(skipped, 1, n));
        model.take((int) Math.max(0, skipped));
        yield skipped;
      }
      case REQUIRE -> {
        if (future) {
          Stops.drive(() -> reader.requireAsync(n), kth);
        } else {
          Stops.again(() -> {
            reader.require(n);
            return true;
          });
        }
        assertThat(reader.buffered()).isGreaterThanOrEqualTo(n);
        assertThat(reader.peek().remaining()).isEqualTo(reader.buffered());
        yield "there";
      }
      case ALL -> text(future ? Stops.drive(() -> reader.readAllAsync(n), kth) : Stops.again(() -> reader.readAll(n)));
    };
  }

  /** Reads lines. */
  private interface Lines {
    Future<@Nullable String> next();
  }

  private static List<String> lines(Lines lines, int kth) throws Exception {
    List<String> all = new ArrayList<>();
    for (String line; (line = Stops.drive(lines::next, kth)) != null;) {
      all.add(line);
    }
    return all;
  }

  /** The broken twin takes the bytes out of the buffer before the line is whole; the same check finds it out. */
  @Test
  void aReaderThatTakesBytesWhileItWaitsLosesThem() throws Exception {
    byte[] text = "one\ntwo\nthree\n".getBytes(ISO_8859_1);
    BufferedAsyncReader good = new BufferedAsyncReader(new CutReader(text, List.of(2), 0));
    assertThat(lines(() -> good.readLineAsync(10), 2)).containsExactly("one", "two", "three");

    BufferedAsyncReader reader = new BufferedAsyncReader(new CutReader(text, List.of(2), 0));
    assertThat(lines(() -> new BufferedReadFuture.Of<>(reader, new EagerLine()), 2))
        .isNotEqualTo(List.of("one", "two", "three"));
  }

  private static final class EagerLine extends BufferedRead<@Nullable String> {
    private final StringBuilder line = new StringBuilder();
    private boolean empty = true;

    @Override
    boolean attempt(GrowingBuffer buffer, boolean ended) {
      while (buffer.length() > 0) {
        char c = (char) buffer.get(0);
        buffer.consume(1);
        empty = false;
        if (c == '\n') {
          return true;
        }
        line.append(c);
      }
      return ended;
    }

    @Override
    int most() {
      return 10;
    }

    @Override
    @Nullable
    String result() {
      return empty ? null : line.toString();
    }
  }
}
