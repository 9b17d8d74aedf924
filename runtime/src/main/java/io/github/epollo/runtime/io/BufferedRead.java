package io.github.epollo.runtime.io;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something to be read from a buffer at once or not at all, in the direct and the future style: until it is all there, all of it stays in the buffer, and so whoever
 * is stopped meanwhile loses nothing.
 */
abstract class BufferedRead<T extends @Nullable Object> {
  /** Whether it is done; if so, it has been taken out of the buffer. {@code ended}: no more bytes will come. */
  abstract boolean attempt(GrowingBuffer buffer, boolean ended) throws IOException;

  /** How many bytes it needs to see at most. */
  abstract int most();

  /** What was read, once done. */
  abstract T result();

  static int requireLimit(int limit) {
    if (limit < 0 || limit > Integer.MAX_VALUE - 64) {
      throw new IllegalArgumentException("the limit must be 0 to " + (Integer.MAX_VALUE - 64) + " bytes: " + limit);
    }
    return limit;
  }

  /** {@link BufferedAsyncReader#readLine}. */
  static final class Line extends BufferedRead<@Nullable String> {
    private final int limit;
    private final Charset charset;
    private int scanned;
    private @Nullable String line;

    Line(int limit, Charset charset) {
      this.limit = requireLimit(limit);
      this.charset = Objects.requireNonNull(charset, "charset");
    }

    @Override
    boolean attempt(GrowingBuffer buffer, boolean ended) throws LimitExceededException {
      int length = buffer.length();
      while (scanned < length && buffer.get(scanned) != '\n') {
        scanned++;
      }
      boolean found = scanned < length;
      int end = found && scanned > 0 && buffer.get(scanned - 1) == '\r' ? scanned - 1 : scanned;
      boolean mayShrink = !found && !ended && end == limit + 1 && buffer.get(limit) == '\r';
      if (end > limit && !mayShrink) {
        throw new LimitExceededException("a line", limit);
      }
      if (found || (ended && length > 0)) {
        line = new String(buffer.copy(0, end), charset);
        buffer.consume(found ? scanned + 1 : length);
        return true;
      }
      return ended;
    }

    @Override
    int most() {
      return limit + 2;
    }

    @Override
    @Nullable
    String result() {
      return line;
    }

    @Override
    public String toString() {
      return "a line";
    }
  }

  /** {@link BufferedAsyncReader#readUntil}. */
  static final class Until extends BufferedRead<byte @Nullable []> {
    private final byte[] delimiter;
    private final int limit;
    private int scanned;
    private byte @Nullable [] bytes;

    Until(byte[] delimiter, int limit) {
      if (delimiter.length == 0) {
        throw new IllegalArgumentException("the delimiter must have at least one byte");
      }
      this.delimiter = delimiter.clone();
      this.limit = requireLimit(limit);
    }

    @Override
    boolean attempt(GrowingBuffer buffer, boolean ended) throws IOException {
      int last = buffer.length() - delimiter.length;
      while (scanned <= Math.min(last, limit)) {
        if (isAt(buffer, scanned)) {
          bytes = buffer.copy(0, scanned);
          buffer.consume(scanned + delimiter.length);
          return true;
        }
        scanned++;
      }
      if (scanned > limit) {
        throw new LimitExceededException("what comes before the delimiter", limit);
      }
      if (ended && buffer.length() > 0) {
        throw new EOFException("the input ended after " + buffer.length() + " bytes, before the delimiter");
      }
      return ended;
    }

    private boolean isAt(GrowingBuffer buffer, int index) {
      for (int i = 0; i < delimiter.length; i++) {
        if (buffer.get(index + i) != delimiter[i]) {
          return false;
        }
      }
      return true;
    }

    @Override
    int most() {
      return limit + delimiter.length;
    }

    @Override
    byte @Nullable [] result() {
      return bytes;
    }

    @Override
    public String toString() {
      return "a delimiter";
    }
  }

  /** {@link BufferedAsyncReader#readExactly}, and with {@code take} false {@link BufferedAsyncReader#require}. */
  static final class Exactly extends BufferedRead<byte[]> {
    private static final byte[] NONE = {};

    private final int length;
    private final boolean take;
    private byte[] bytes = NONE;

    Exactly(int length, boolean take) {
      this.length = requireLimit(length);
      this.take = take;
    }

    @Override
    boolean attempt(GrowingBuffer buffer, boolean ended) throws EOFException {
      if (buffer.length() < length) {
        if (ended) {
          throw new EOFException("the input ended after " + buffer.length() + " of " + length + " bytes");
        }
        return false;
      }
      if (take) {
        bytes = buffer.copy(0, length);
        buffer.consume(length);
      }
      return true;
    }

    @Override
    int most() {
      return length;
    }

    @Override
    byte[] result() {
      return bytes;
    }

    @Override
    public String toString() {
      return length + " bytes";
    }
  }

  /** {@link BufferedAsyncReader#readAll}. */
  static final class All extends BufferedRead<byte[]> {
    private static final byte[] NONE = {};

    private final int limit;
    private byte[] bytes = NONE;

    All(int limit) {
      this.limit = requireLimit(limit);
    }

    @Override
    boolean attempt(GrowingBuffer buffer, boolean ended) throws LimitExceededException {
      if (buffer.length() > limit) {
        throw new LimitExceededException("the rest of the input", limit);
      }
      if (ended) {
        bytes = buffer.copy(0, buffer.length());
        buffer.consume(buffer.length());
      }
      return ended;
    }

    @Override
    int most() {
      return limit + 1;
    }

    @Override
    byte[] result() {
      return bytes;
    }

    @Override
    public String toString() {
      return "the rest";
    }
  }
}
