package io.github.epollo.runtime.io;

import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads or writes until a buffer has no room, or bytes, left: {@link AsyncReader#readFullyAsync} and {@link AsyncWriter#writeFullyAsync}. */
final class FullTransfer extends AbstractFuture<@Nullable Void> {
  private final Object channel;
  private final ByteBuffer buffer;
  private final int wanted;
  private final Function<ByteBuffer, Future<Integer>> move;
  private @Nullable Future<Integer> moving;

  private FullTransfer(Object channel, ByteBuffer buffer, Function<ByteBuffer, Future<Integer>> move) {
    this.channel = channel;
    this.buffer = Objects.requireNonNull(buffer, "buffer");
    this.wanted = buffer.remaining();
    this.move = move;
  }

  static FullTransfer read(AsyncReader reader, ByteBuffer target) {
    return new FullTransfer(reader, target, reader::readAsync);
  }

  static FullTransfer write(AsyncWriter writer, ByteBuffer source) {
    return new FullTransfer(writer, source, writer::writeAsync);
  }

  static EOFException endOf(Object channel, ByteBuffer target, int wanted) {
    return new EOFException("end of " + channel + " after " + (wanted - target.remaining()) + " of " + wanted
        + " bytes");
  }

  @Override
  protected Poll<@Nullable Void> advance(Waker waker) throws EOFException {
    while (buffer.hasRemaining()) {
      Future<Integer> step = moving;
      if (step == null) {
        moving = step = move.apply(buffer);
      }
      switch (step.poll(waker)) {
        case Poll.Ready<Integer>(Integer n) -> {
          moving = null;
          if (n < 0) {
            throw endOf(channel, buffer, wanted);
          }
        }
        case Poll.Failed<Integer>(Throwable cause) -> {
          moving = null;
          return Poll.failed(cause);
        }
        case Poll.Pending<Integer> _ -> {
          return Poll.pending();
        }
      }
    }
    return Poll.ready(null);
  }

  @Override
  protected void release() {
    if (moving != null) {
      moving.close();
      moving = null;
    }
  }

  @Override
  public String toString() {
    return (wanted - buffer.remaining()) + " of " + wanted + " bytes for " + channel;
  }
}
