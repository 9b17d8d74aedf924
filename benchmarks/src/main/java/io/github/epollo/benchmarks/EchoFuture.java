package io.github.epollo.benchmarks;

import io.github.epollo.net.TcpStream;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Sends back what it gets, without a stack: waits in one read or one write at a time. */
public final class EchoFuture implements Future<@Nullable Void> {
  private final TcpStream stream;
  private final ByteBuffer bytes;
  private Future<?> step;

  /** Serves {@code stream}, and closes it; {@code bytes} is for that alone. */
  public EchoFuture(TcpStream stream, ByteBuffer bytes) {
    this.stream = stream;
    this.bytes = bytes;
    this.step = stream.readAsync(bytes);
  }

  @Override
  public Poll<@Nullable Void> poll(Waker waker) {
    while (true) {
      switch (step.poll(waker)) {
        case Poll.Pending<?> _ -> {
          return Poll.pending();
        }
        case Poll.Ready<?>(Integer n) when n < 0 -> {
          stream.close();
          return Poll.ready(null);
        }
        case Poll.Ready<?>(Integer _) -> step = stream.writeFullyAsync(bytes.flip());
        case Poll.Ready<?> _ -> step = stream.readAsync(bytes.clear());
        case Poll.Failed<?> _ -> { // the client has reset the connection
          stream.close();
          return Poll.ready(null);
        }
      }
    }
  }

  @Override
  public void close() {
    step.close();
    stream.close();
  }
}
