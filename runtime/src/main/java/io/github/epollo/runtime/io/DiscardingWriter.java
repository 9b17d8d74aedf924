package io.github.epollo.runtime.io;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;

/** {@link AsyncWriter#discarding}. */
final class DiscardingWriter implements AsyncWriter {
  private volatile boolean closed;
  private volatile boolean shutDown;

  @Override
  public int write(ByteBuffer source) throws ClosedChannelException {
    if (closed) {
      throw ClosedChannel.exception(this);
    }
    if (shutDown) {
      throw ClosedChannel.outputShutDown(this);
    }
    int n = source.remaining();
    source.position(source.limit());
    return n;
  }

  @Override
  public Future<Integer> writeAsync(ByteBuffer source) {
    return Future.fromPoll(_ -> {
      try {
        return Poll.ready(write(source));
      } catch (IOException e) {
        return Poll.failed(e);
      }
    });
  }

  @Override
  public void shutdownOutput() throws ClosedChannelException {
    if (closed) {
      throw ClosedChannel.exception(this);
    }
    shutDown = true;
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  @Override
  public void close() {
    closed = true;
  }

  @Override
  public String toString() {
    return "a writer that discards";
  }
}
