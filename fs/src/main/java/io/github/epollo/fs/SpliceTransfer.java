package io.github.epollo.fs;

import io.github.epollo.fs.engine.NativeBuffer;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.io.DescriptorSide;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.Fd;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.Kernel;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * From a channel to a file by splice(2), which wants a pipe on one side: into a pipe on the spot, as the channel has bytes, and out of it by the engine, since writing to a file may wait. What is in the pipe is taken from the source and
 * not yet in the file: it is kept until it is.
 */
final class SpliceTransfer extends DescriptorTransfer {
  private static final int CAPACITY = 256 * 1024;

  private final DescriptorSide.Call fill = this::fill; // made once: it is called many times
  private final DescriptorSide source;
  private final Kernel kernel;
  private @Nullable Fd out; // the pipe's end that is read
  private @Nullable Fd in; // and the one that is written to
  private int inPipe; // bytes
  private @Nullable SpliceOperation draining;
  private boolean ended;

  SpliceTransfer(FileHandle file, long position, long count, DescriptorSide source) {
    super(file, source, position, count);
    this.source = source;
    this.kernel = file.context.loop().kernel();
  }

  @Override
  Progress advance(Waker waker) throws IOException {
    while (true) {
      Progress progress = settle(waker);
      if (progress != Progress.DONE || left == 0 || ended) {
        return progress;
      }
      file.requireOpen();
      file.description.requireNoLoss(file.path);
      long n = pollSide(waker, fill);
      if (n > 0) {
        inPipe = (int) n;
        left -= n;
      } else if (n == DescriptorSide.PENDING) {
        return Progress.PENDING;
      } else if (n == 0) {
        ended = true;
      } else if (n == -Errno.EINVAL || n == -Errno.ENOSYS) {
        return Progress.UNSUPPORTED;
      } else {
        throw Errno.toIOException("splice", source + " to " + file, (int) -n);
      }
    }
  }

  /** The pipe is empty here, so it is the channel that is not ready if the answer is {@code EAGAIN}. */
  private long fill(int sourceNumber) throws IOException {
    Fd end = in == null ? open() : in;
    return file.kernel.splice(sourceNumber, -1, end.number(), -1, Math.min(left, CAPACITY),
        FileFlags.SPLICE_F_NONBLOCK);
  }

  private Fd open() throws IOException {
    NativeBuffer memory = file.context.names().take();
    try {
      int result = file.kernel.pipe2(memory.address(), FileFlags.O_CLOEXEC | FileFlags.O_NONBLOCK);
      if (result < 0) {
        throw Errno.toIOException("pipe2", "for a transfer to " + file, -result);
      }
      ByteBuffer numbers = memory.bytes().duplicate().order(java.nio.ByteOrder.nativeOrder());
      out = new Fd(kernel, numbers.getInt(0));
      Fd end = new Fd(kernel, numbers.getInt(Integer.BYTES));
      in = end;
      int _ = kernel.fcntl(end.number(), FileFlags.F_SETPIPE_SZ, CAPACITY); // a user with many pipes is refused, and makes do with less
      return end;
    } finally {
      file.context.names().give(memory);
    }
  }

  @Override
  Progress settle(Waker waker) throws IOException {
    while (true) {
      SpliceOperation drain = draining;
      if (drain == null) {
        if (inPipe == 0) {
          return Progress.DONE;
        }
        draining = drain = drain();
      }
      if (!drain.isDone(waker)) {
        return Progress.PENDING;
      }
      draining = null;
      if (drain.result() == -Errno.EINVAL) {
        drain.end();
        return Progress.UNSUPPORTED;
      }
      long n = drain.take();
      if (n == 0) {
        throw new IOException("splice to " + file + " moved nothing of " + inPipe + " bytes");
      }
      inPipe -= (int) n;
      transferred(n);
    }
  }

  private SpliceOperation drain() throws IOException {
    Fd end = out;
    if (end == null || !end.acquire()) {
      throw new IOException(this + " was closed"); // bytes in it, but no pipe: that cannot be
    }
    return new SpliceOperation(file, end, position, inPipe);
  }

  /** Takes what is in the pipe into memory, for the file that no pipe can be spliced to. */
  ByteBuffer takeBytes() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocateDirect(inPipe);
    Fd end = out;
    while (end != null && bytes.hasRemaining()) {
      long n = kernel.read(end.number(), java.lang.foreign.MemorySegment.ofBuffer(bytes).address(), bytes.remaining());
      if (n <= 0) {
        throw Errno.toIOException("read", "the pipe of " + this, n == 0 ? Errno.EIO : (int) -n);
      }
      bytes.position(bytes.position() + (int) n);
    }
    inPipe = 0;
    pause();
    return bytes.flip();
  }

  @Override
  void pause() {
    if (inPipe == 0 && draining == null) {
      closePipe();
    }
  }

  @Override
  void close() {
    SpliceOperation drain = draining;
    if (drain != null) {
      draining = null;
      drain.abandon();
    }
    closePipe();
  }

  private void closePipe() {
    if (in != null) {
      in.close();
      in = null;
    }
    if (out != null) {
      out.close();
      out = null;
    }
  }

  @Override
  public String toString() {
    return "transfer of " + source + " to " + file;
  }
}
