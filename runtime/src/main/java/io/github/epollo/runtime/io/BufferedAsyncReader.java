package io.github.epollo.runtime.io;

import io.github.epollo.runtime.future.Future;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines, numbers and runs of bytes from another reader, through a buffer.
 *
 * {@snippet class="io.github.epollo.runtime.io.SnippetsTest" region="buffered"}
 *
 * <p>Whatever has no length of its own has a limit, and the buffer never holds more than the call at hand needs: a peer that sends without end gets a {@link LimitExceededException},
 * not the memory. After that one, and after an {@link EOFException}, what came is still in the buffer.
 *
 * <p><b>Blocking:</b> what waits parks the task, not its loop; on a plain thread it blocks that thread.
 *
 * <p><b>Cancellation:</b> a call that is cancelled, stopped by a deadline, or whose future is closed, has lost nothing: what came stays in the buffer, and the next
 * call begins with it.
 *
 * <p><b>Threading:</b> one task reads at a time; {@link #close} may be called from any thread.
 */
public final class BufferedAsyncReader implements AsyncReader {
  private static final int DEFAULT_SIZE = 8192;

  final GrowingBuffer buffer;
  private final AsyncReader source;
  private boolean filling; // a future of this reader waits, and its source has the buffer

  /** Reads from {@code source}, 8192 bytes at a time. */
  public BufferedAsyncReader(AsyncReader source) {
    this(source, DEFAULT_SIZE);
  }

  /**
   * Reads from {@code source} through a buffer of {@code bufferSize} bytes.
   *
   * @throws IllegalArgumentException unless {@code bufferSize} is positive
   */
  public BufferedAsyncReader(AsyncReader source, int bufferSize) {
    this.source = Objects.requireNonNull(source, "source");
    this.buffer = new GrowingBuffer(bufferSize);
  }

  /** Numbers are read in this order from now on; big endian to begin with. Returns this. */
  public BufferedAsyncReader order(ByteOrder order) {
    buffer.order(Objects.requireNonNull(order, "order"));
    return this;
  }

  /** How many bytes can be read without waiting. */
  public int buffered() {
    return buffer.length();
  }

  /** A read-only view of the bytes that can be read without waiting, which stay in the buffer. Valid until the next call of this reader. */
  public ByteBuffer peek() {
    requireIdle();
    return buffer.view().slice();
  }

  /**
   * Takes {@code n} bytes, which {@link #peek} has shown, out of the buffer.
   *
   * @throws IllegalArgumentException if {@code n} is negative or more than {@link #buffered}
   */
  public void consume(int n) {
    requireIdle();
    if (n < 0 || n > buffer.length()) {
      throw new IllegalArgumentException("cannot consume " + n + " bytes: " + buffer.length() + " are buffered");
    }
    buffer.consume(n);
  }

  /**
   * Reads more bytes into the buffer, at least one; waits until some are there.
   *
   * @return how many bytes; 0 if the buffer is full; -1 if no more will come
   */
  public int fill() throws IOException {
    return buffer.length() >= buffer.size ? 0 : fill(buffer.size);
  }

  /** The future twin of {@link #fill}; closing it loses nothing. */
  public Future<Integer> fillAsync() {
    return new BufferedReadFuture.Fill(this);
  }

  /**
   * Waits until {@code n} bytes are in the buffer, so that what takes no more than that does not wait.
   *
   * @throws EOFException if the input ends before
   * @throws IllegalArgumentException if {@code n} is negative
   */
  public void require(int n) throws IOException {
    BufferedRead.requireLimit(n);
    awaitBytes(n);
  }

  /** The future twin of {@link #require}: {@code reader.requireAsync(4)}, then {@link #readInt}, which does not wait. Closing it loses nothing. */
  @SuppressWarnings("NullAway") // it loses the @Nullable of a lambda's result
  public Future<@Nullable Void> requireAsync(int n) {
    return new BufferedReadFuture.Of<>(this, new BufferedRead.Exactly(n, false)).map(_ -> null);
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    requireIdle();
    if (buffer.length() == 0 && target.hasRemaining()) {
      if (target.remaining() >= buffer.size) {
        return source.read(target);
      }
      if (fill(buffer.size) < 0) {
        return -1;
      }
    }
    return take(target);
  }

  @Override
  public Future<Integer> readAsync(ByteBuffer target) {
    return new BufferedReadFuture.Read(this, target);
  }

  /**
   * Reads up to the end of the line, LF or CR LF, which is left out; the last line may lack it.
   *
   * @param limit how many bytes the line may have
   * @return the line, as UTF-8; null at the end of the input
   * @throws LimitExceededException if the line is longer
   */
  public @Nullable String readLine(int limit) throws IOException {
    return readLine(limit, StandardCharsets.UTF_8);
  }

  /** As {@link #readLine(int)}, with another charset, one that has LF and CR where ASCII has them. */
  public @Nullable String readLine(int limit, Charset charset) throws IOException {
    return run(new BufferedRead.Line(limit, charset));
  }

  /** The future twin of {@link #readLine(int)}; closing it loses nothing. */
  public Future<@Nullable String> readLineAsync(int limit) {
    return readLineAsync(limit, StandardCharsets.UTF_8);
  }

  /** The future twin of {@link #readLine(int, Charset)}; closing it loses nothing. */
  public Future<@Nullable String> readLineAsync(int limit, Charset charset) {
    return new BufferedReadFuture.Of<>(this, new BufferedRead.Line(limit, charset));
  }

  /**
   * Reads up to {@code delimiter}, which is taken and left out of the result.
   *
   * @param limit how many bytes may come before it
   * @return the bytes; null at the end of the input
   * @throws LimitExceededException if there are more
   * @throws EOFException if the input ends after some bytes and before the delimiter
   * @throws IllegalArgumentException if the limit is negative
   */
  public byte @Nullable [] readUntil(byte delimiter, int limit) throws IOException {
    return readUntil(new byte[]{delimiter}, limit);
  }

  /** As {@link #readUntil(byte, int)}, with a delimiter of several bytes. */
  public byte @Nullable [] readUntil(byte[] delimiter, int limit) throws IOException {
    return run(new BufferedRead.Until(delimiter, limit));
  }

  /** The future twin of {@link #readUntil(byte[], int)}; closing it loses nothing. */
  public Future<byte @Nullable []> readUntilAsync(byte[] delimiter, int limit) {
    return new BufferedReadFuture.Of<>(this, new BufferedRead.Until(delimiter, limit));
  }

  /**
   * Reads {@code n} bytes. The memory for them is taken as they come, so that a length that the peer made up costs nothing.
   *
   * @throws EOFException if the input ends first
   * @throws IllegalArgumentException if {@code n} is negative
   */
  public byte[] readExactly(int n) throws IOException {
    return run(new BufferedRead.Exactly(n, true));
  }

  /** The future twin of {@link #readExactly}; closing it loses nothing. */
  public Future<byte[]> readExactlyAsync(int n) {
    return new BufferedReadFuture.Of<>(this, new BufferedRead.Exactly(n, true));
  }

  /**
   * Reads all bytes up to the end of the input.
   *
   * @throws LimitExceededException if there are more than {@code limit}
   * @throws IllegalArgumentException if the limit is negative
   */
  public byte[] readAll(int limit) throws IOException {
    return run(new BufferedRead.All(limit));
  }

  /** The future twin of {@link #readAll}; closing it loses nothing. */
  public Future<byte[]> readAllAsync(int limit) {
    return new BufferedReadFuture.Of<>(this, new BufferedRead.All(limit));
  }

  /**
   * Drops what is there, at least one byte and at most {@code n}; waits until something is there.
   *
   * @return how many bytes; 0 if {@code n} is 0; -1 if no more will come
   * @throws IllegalArgumentException if {@code n} is negative
   */
  public long skip(long n) throws IOException {
    if (n < 0) {
      throw new IllegalArgumentException("cannot skip " + n + " bytes: the number must not be negative");
    }
    requireIdle();
    if (n > 0 && buffer.length() == 0 && fill(buffer.size) < 0) {
      return -1;
    }
    int skipped = (int) Math.min(n, buffer.length());
    buffer.consume(skipped);
    return skipped;
  }

  /** Reads a byte; as all that follow, it throws an {@link EOFException} if the input ends first, and then leaves the bytes where they are. */
  public byte readByte() throws IOException {
    int index = take(1);
    return buffer.target().get(index);
  }

  /** Reads a byte from 0 to 255. */
  public int readUnsignedByte() throws IOException {
    return readByte() & 0xFF;
  }

  /** Reads two bytes. */
  public short readShort() throws IOException {
    int index = take(2);
    return buffer.target().getShort(index);
  }

  /** Reads two bytes, from 0 to 65535. */
  public int readUnsignedShort() throws IOException {
    return readShort() & 0xFFFF;
  }

  /** Reads four bytes. */
  public int readInt() throws IOException {
    int index = take(4);
    return buffer.target().getInt(index);
  }

  /** Reads four bytes, from 0 to 4294967295. */
  public long readUnsignedInt() throws IOException {
    return readInt() & 0xFFFF_FFFFL;
  }

  /** Reads eight bytes. */
  public long readLong() throws IOException {
    int index = take(8);
    return buffer.target().getLong(index);
  }

  /** Reads four bytes in the format of IEEE 754. */
  public float readFloat() throws IOException {
    return Float.intBitsToFloat(readInt());
  }

  /** Reads eight bytes in the format of IEEE 754. */
  public double readDouble() throws IOException {
    return Double.longBitsToDouble(readLong());
  }

  /** Waits for {@code n} bytes and takes them; returns their index. */
  private int take(int n) throws IOException {
    awaitBytes(n);
    int index = buffer.start();
    buffer.consume(n);
    return index;
  }

  private void awaitBytes(int n) throws IOException {
    requireIdle();
    while (buffer.length() < n) {
      if (fill(n) < 0) {
        throw new EOFException("end of " + source + " after " + buffer.length() + " of " + n + " bytes");
      }
    }
  }

  /** Moves buffered bytes into {@code target}. */
  int take(ByteBuffer target) {
    if (target.isReadOnly()) {
      throw new IllegalArgumentException("cannot read into " + target + ": it is read-only");
    }
    int n = Math.min(buffer.length(), target.remaining());
    target.put(target.position(), buffer.target(), buffer.start(), n);
    target.position(target.position() + n);
    buffer.consume(n);
    return n;
  }

  <T extends @Nullable Object> T run(BufferedRead<T> read) throws IOException {
    requireIdle();
    for (boolean ended = false; !read.attempt(buffer, ended);) {
      ended = fill(read.most()) < 0;
    }
    return read.result();
  }

  /** Reads into the buffer, which may grow to {@code most} bytes and is not that full. */
  int fill(int most) throws IOException {
    requireIdle();
    buffer.ensureRoomWithin(most);
    return requireProgress(source.read(buffer.target()), source);
  }

  /** The future twin of {@link #fill(int)}; {@link #filled} must follow when it is over. */
  Future<Integer> beginFill(int most) {
    requireIdle();
    buffer.ensureRoomWithin(most);
    filling = true;
    return source.readAsync(buffer.target());
  }

  void filled() {
    filling = false;
  }

  AsyncReader source() {
    return source;
  }

  void requireIdle() {
    if (filling) {
      throw new IllegalStateException("a future of " + this + " waits: close it first, or let one task at a time read");
    }
  }

  static int requireProgress(int n, Object channel) throws IOException {
    if (n == 0) {
      throw new IOException(channel + " moved no byte: it must wait until it can");
    }
    return n;
  }

  @Override
  public boolean isOpen() {
    return source.isOpen();
  }

  /** Closes the reader underneath; what is in the buffer can still be read. */
  @Override
  public void close() throws IOException {
    source.close();
  }

  @Override
  public String toString() {
    return "buffered " + source;
  }
}
