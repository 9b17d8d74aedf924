package io.github.epollo.runtime.io;

import io.github.epollo.runtime.future.Future;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Collects what is written, numbers, text and runs of bytes, and hands it to another writer when the buffer is full or {@link #flush} is called.
 *
 * {@snippet class="io.github.epollo.runtime.io.SnippetsTest" region="bufferedWriter"}
 *
 * <p>No byte is lost without a word: what a flush could not write, because it was cancelled or failed, stays in the buffer, and the next one goes on with it. {@link #close} flushes, and
 * if that fails, throws.
 *
 * <p><b>Blocking:</b> what waits parks the task, not its loop; on a plain thread it blocks that thread.
 *
 * <p><b>Cancellation:</b> {@code writeInt} and its like wait for room first and take all or nothing: one that is cancelled, or fails, has written nothing. {@code write} and {@code
 * writeFully} of a buffer may have taken a part: the buffer's position tells how much.
 *
 * <p><b>Threading:</b> one task at a time, for {@link #close} too. To break off from another task, close the writer underneath.
 */
public final class BufferedAsyncWriter implements AsyncWriter, ClosedAtOnce {
  private static final int DEFAULT_SIZE = 8192;

  final GrowingBuffer buffer;
  private final AsyncWriter sink;
  private boolean draining; // a future of this writer waits, and the sink has the buffer
  private boolean closed;

  /** Writes to {@code sink}, 8192 bytes at a time. */
  public BufferedAsyncWriter(AsyncWriter sink) {
    this(sink, DEFAULT_SIZE);
  }

  /**
   * Writes to {@code sink} through a buffer of {@code bufferSize} bytes.
   *
   * @throws IllegalArgumentException unless {@code bufferSize} is positive
   */
  public BufferedAsyncWriter(AsyncWriter sink, int bufferSize) {
    this.sink = Objects.requireNonNull(sink, "sink");
    this.buffer = new GrowingBuffer(bufferSize);
  }

  /** Numbers are written in this order from now on; big endian to begin with. Returns this. */
  public BufferedAsyncWriter order(ByteOrder order) {
    buffer.order(Objects.requireNonNull(order, "order"));
    return this;
  }

  /** How many bytes were taken and not yet written to the writer underneath. */
  public int buffered() {
    return buffer.length();
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    requireUsable();
    if (buffer.length() == 0 && source.remaining() >= buffer.size) {
      return sink.write(source);
    }
    while (isFull() && source.hasRemaining()) {
      drain();
    }
    return take(source);
  }

  /** The future twin of {@link #write}. Closing it before it is ready means that nothing was taken. */
  @Override
  public Future<Integer> writeAsync(ByteBuffer source) {
    return new BufferedWriteFuture<Integer>(this, "write to", () -> isFull() && source.hasRemaining(),
        () -> take(source));
  }

  /** Writes all of {@code bytes}, or nothing. */
  public void writeBytes(byte[] bytes) throws IOException {
    put(bytes.length).put(bytes);
  }

  /** Writes all of {@code text}, or nothing. */
  public void writeString(String text, Charset charset) throws IOException {
    writeBytes(text.getBytes(charset));
  }

  /** Writes the lowest 8 bits of {@code value}. */
  public void writeByte(int value) throws IOException {
    put(1).put((byte) value);
  }

  /** Writes the lowest 16 bits of {@code value}. */
  public void writeShort(int value) throws IOException {
    put(2).putShort((short) value);
  }

  /** Writes four bytes. */
  public void writeInt(int value) throws IOException {
    put(4).putInt(value);
  }

  /** Writes eight bytes. */
  public void writeLong(long value) throws IOException {
    put(8).putLong(value);
  }

  /** Writes four bytes in the format of IEEE 754. */
  public void writeFloat(float value) throws IOException {
    writeInt(Float.floatToRawIntBits(value));
  }

  /** Writes eight bytes in the format of IEEE 754. */
  public void writeDouble(double value) throws IOException {
    writeLong(Double.doubleToRawLongBits(value));
  }

  /** Waits until {@code n} bytes fit; the buffer grows beyond its size only for what is longer than that. */
  private ByteBuffer put(int n) throws IOException {
    requireUsable();
    while (buffer.length() > 0 && (long) buffer.length() + n > buffer.size) {
      drain();
    }
    buffer.ensureRoom(n);
    return buffer.target();
  }

  /** Writes everything to the writer underneath. */
  public void flush() throws IOException {
    requireUsable();
    while (buffer.length() > 0) {
      drain();
    }
  }

  /** The future twin of {@link #flush}; closing it loses nothing, the next one goes on. */
  public Future<@Nullable Void> flushAsync() {
    return new BufferedWriteFuture<@Nullable Void>(this, "flush", () -> buffer.length() > 0, () -> null);
  }

  /** Flushes, and then writes nothing more. */
  @Override
  public void shutdownOutput() throws IOException {
    flush();
    sink.shutdownOutput();
  }

  @Override
  public Future<@Nullable Void> shutdownOutputAsync() {
    return flushAsync().then(_ -> sink.shutdownOutputAsync());
  }

  /** Moves bytes from {@code source} into the buffer, which is not full unless {@code source} is empty. */
  private int take(ByteBuffer source) {
    int n = Math.min(source.remaining(), Math.max(0, buffer.size - buffer.length()));
    buffer.ensureRoom(n);
    ByteBuffer target = buffer.target();
    target.put(target.position(), source, source.position(), n);
    target.position(target.position() + n);
    source.position(source.position() + n);
    return n;
  }

  boolean isFull() {
    return buffer.length() >= buffer.size;
  }

  /** Writes some of the buffer. */
  void drain() throws IOException {
    try {
      int _ = BufferedAsyncReader.requireProgress(sink.write(buffer.view()), sink);
    } finally {
      buffer.consumeViewed();
    }
  }

  /** The future twin of {@link #drain}; {@link #endDrain} must follow when it is over. */
  Future<Integer> beginDrain() {
    draining = true;
    return sink.writeAsync(buffer.view());
  }

  void endDrain() {
    draining = false;
    buffer.consumeViewed();
  }

  AsyncWriter sink() {
    return sink;
  }

  void requireUsable() throws IOException {
    if (closed) {
      throw ClosedChannel.exception(this);
    }
    if (draining) {
      throw new IllegalStateException(
          "a future of " + this + " waits: close it first, or let one task at a time write");
    }
  }

  @Override
  public boolean isOpen() {
    return !closed && sink.isOpen();
  }

  /**
   * Flushes, and closes the writer underneath whether that succeeds or not. Idempotent.
   *
   * <p><b>Cancellation:</b> a cancelled task closes without waiting: what the writer underneath does not take at once is lost, and the call throws. {@code Tasks.shield} lets it
   * wait all the same.
   *
   * @throws IOException if flushing fails; what it could not write is lost
   */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    try {
      flush();
    } finally {
      closed = true;
      sink.close();
    }
  }

  @Override
  public void closeAtOnce() throws IOException {
    if (!closed) {
      closed = true;
      ClosedAtOnce.close(sink);
    }
  }

  @Override
  public String toString() {
    return "buffered " + sink;
  }
}
