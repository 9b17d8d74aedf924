package io.github.epollo.benchmarks;

import io.github.epollo.net.ReadHalf;
import io.github.epollo.net.TcpStream;
import io.github.epollo.net.WriteHalf;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Sends back what it gets, without a stack: waits in one read or one write at a time. For one task, whose waker is always the same. */
public final class EchoFuture implements Future<@Nullable Void> {
  private final TcpStream stream;
  private final ByteBuffer bytes; // what is to be sent back

  /** Serves {@code stream}, and closes it; {@code bytes} is for that alone. */
  public EchoFuture(TcpStream stream, ByteBuffer bytes) {
    this.stream = stream;
    this.bytes = bytes.limit(0);
  }

  @Override
  public Poll<@Nullable Void> poll(Waker waker) {
    try {
      while (true) {
        while (bytes.hasRemaining()) {
          if (stream.writer().pollWrite(bytes, waker) == WriteHalf.PENDING) {
            return Poll.pending();
          }
        }
        int n = stream.reader().pollRead(bytes.clear(), waker);
        bytes.flip();
        if (n == ReadHalf.PENDING) {
          return Poll.pending();
        }
        if (n < 0) {
          stream.close();
          return Poll.ready(null);
        }
      }
    } catch (IOException e) { // the client has reset the connection
      stream.close();
      return Poll.ready(null);
    }
  }

  @Override
  public void close() {
    stream.close();
  }
}
