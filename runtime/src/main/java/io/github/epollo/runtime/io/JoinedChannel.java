package io.github.epollo.runtime.io;

import io.github.epollo.runtime.future.Future;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@link AsyncByteChannel#of}. */
final class JoinedChannel implements AsyncByteChannel, ClosedAtOnce {
  private final AsyncReader reader;
  private final AsyncWriter writer;

  JoinedChannel(AsyncReader reader, AsyncWriter writer) {
    this.reader = Objects.requireNonNull(reader, "reader");
    this.writer = Objects.requireNonNull(writer, "writer");
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    return reader.read(target);
  }

  @Override
  public Future<Integer> readAsync(ByteBuffer target) {
    return reader.readAsync(target);
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    return writer.write(source);
  }

  @Override
  public Future<Integer> writeAsync(ByteBuffer source) {
    return writer.writeAsync(source);
  }

  @Override
  public void shutdownOutput() throws IOException {
    writer.shutdownOutput();
  }

  @Override
  public Future<@Nullable Void> shutdownOutputAsync() {
    return writer.shutdownOutputAsync();
  }

  @Override
  public boolean isOpen() {
    return reader.isOpen() || writer.isOpen();
  }

  @Override
  public void close() throws IOException {
    try (reader) {
      writer.close();
    }
  }

  @Override
  public void closeAtOnce() throws IOException {
    try (Closeable _ = () -> ClosedAtOnce.close(reader)) {
      ClosedAtOnce.close(writer);
    }
  }

  @Override
  public String toString() {
    return reader + " and " + writer;
  }
}
