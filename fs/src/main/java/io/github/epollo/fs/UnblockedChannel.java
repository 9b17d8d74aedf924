package io.github.epollo.fs;

import io.github.epollo.fs.engine.FileContext;
import io.github.epollo.fs.engine.NativeBuffer;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.io.AsyncByteChannel;
import io.github.epollo.runtime.io.AsyncFd;
import io.github.epollo.runtime.io.FdCall;
import io.github.epollo.runtime.kernel.Kernel;
import io.github.epollo.runtime.kernel.Sockets;
import java.io.IOException;
import java.nio.ByteBuffer;

/** What others share, and may expect to block, used by calls that do not: a socket by {@code MSG_DONTWAIT}, or a pipe that nobody reads. */
final class UnblockedChannel implements AsyncByteChannel {
  private static final int SEND_FLAGS = Sockets.MSG_DONTWAIT | Sockets.MSG_NOSIGNAL;

  private final FileContext context;
  private final Kernel kernel;
  private final AsyncFd fd;
  private final boolean socket;

  UnblockedChannel(FileContext context, AsyncFd fd, boolean socket) {
    this.context = context;
    this.kernel = context.loop().kernel();
    this.fd = fd;
    this.socket = socket;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    TransferBuffers.requireWritable(target);
    return target.hasRemaining() ? endIfZero(fd.read(reading(target))) : 0;
  }

  @Override
  public Future<Integer> readAsync(ByteBuffer target) {
    TransferBuffers.requireWritable(target);
    return target.hasRemaining() ? fd.readAsync(reading(target)).map(UnblockedChannel::endIfZero) : Future.ready(0);
  }

  private static int endIfZero(long n) {
    return n == 0 ? -1 : (int) n;
  }

  private FdCall reading(ByteBuffer target) {
    return number -> {
      NativeBuffer memory = context.data().take();
      try {
        long n = kernel.recv(number, memory.address(), Math.min(target.remaining(), memory.size()),
            Sockets.MSG_DONTWAIT);
        if (n > 0) {
          target.put(target.position(), memory.bytes(), 0, (int) n);
          target.position(target.position() + (int) n);
        }
        return n;
      } finally {
        context.data().give(memory);
      }
    };
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    return source.hasRemaining() ? (int) fd.write(writing(source)) : 0;
  }

  @Override
  public Future<Integer> writeAsync(ByteBuffer source) {
    return source.hasRemaining() ? fd.writeAsync(writing(source)).map(n -> (int) (long) n) : Future.ready(0);
  }

  private FdCall writing(ByteBuffer source) {
    return number -> {
      NativeBuffer memory = context.data().take();
      try {
        int length = Math.min(source.remaining(), memory.size());
        memory.bytes().put(0, source, source.position(), length);
        long n = socket
            ? kernel.send(number, memory.address(), length, SEND_FLAGS)
            : kernel.write(number, memory.address(), length);
        if (n > 0) {
          source.position(source.position() + (int) n);
        }
        return n;
      } finally {
        context.data().give(memory);
      }
    };
  }

  @Override
  public void shutdownOutput() {
    close();
  }

  @Override
  public boolean isOpen() {
    return fd.isOpen();
  }

  @Override
  public void close() {
    fd.close();
  }

  @Override
  public String toString() {
    return fd.toString();
  }
}
