package io.github.epollo.fs.engine;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.FileKernel;
import io.github.epollo.runtime.kernel.IoUring;
import io.github.epollo.runtime.kernel.IoVectors;
import io.github.epollo.runtime.kernel.LinuxKernel;
import java.lang.foreign.Arena;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A call that counts what becomes of it. */
abstract class ProbedCall extends FileCall {
  static final long NOTHING = Long.MIN_VALUE;

  final AtomicInteger begun = new AtomicInteger();
  final AtomicInteger releases = new AtomicInteger();
  final AtomicLong discarded = new AtomicLong(NOTHING);
  final CountDownLatch released = new CountDownLatch(1);

  ProbedCall(FileEngine engine) {
    super(engine, LinuxKernel.get().files());
  }

  abstract long make(FileKernel kernel);

  abstract boolean fill(SubmissionEntry entry);

  @Override
  protected long call(FileKernel kernel) {
    begun.incrementAndGet();
    return make(kernel);
  }

  @Override
  protected boolean describe(SubmissionEntry entry) {
    boolean known = fill(entry);
    if (known) {
      begun.incrementAndGet();
    }
    return known;
  }

  @Override
  protected void discard(FileKernel kernel, long result) {
    discarded.set(result);
  }

  @Override
  protected void release() {
    releases.incrementAndGet();
    released.countDown();
  }

  Future<Long> future() {
    return Future.fromPoll(waker -> poll(waker) ? Poll.ready(result()) : Poll.pending());
  }

  long await() {
    long result = future().await();
    end();
    return result;
  }

  /** Reads at the file's own position, or at another: on an empty pipe it waits. */
  static class Read extends ProbedCall {
    final int fd;
    final long offset;
    final NativeBuffer buffer;
    private final IoVectors vectors = new IoVectors(Arena.ofAuto(), 1);

    Read(FileEngine engine, int fd, long offset, int length) {
      super(engine);
      this.fd = fd;
      this.offset = offset;
      this.buffer = new NativeBuffer(length);
      vectors.put(0, buffer.address(), length);
    }

    @Override
    long make(FileKernel kernel) {
      return kernel.preadv2(fd, vectors.address(), 1, offset, 0);
    }

    @Override
    boolean fill(SubmissionEntry entry) {
      entry.operation(IoUring.OP_READ, fd).address(buffer.address()).length(buffer.size()).offset(offset);
      return true;
    }
  }

  /** Opens a file, and closes what nobody takes. */
  static final class Open extends ProbedCall {
    private final NativeBuffer path = new NativeBuffer(4096);

    Open(FileEngine engine, String path) {
      super(engine);
      this.path.memory().setString(0, path);
    }

    @Override
    long make(FileKernel kernel) {
      return kernel.openat(FileFlags.AT_FDCWD, path.address(), FileFlags.O_CLOEXEC, 0);
    }

    @Override
    boolean fill(SubmissionEntry entry) {
      entry.operation(IoUring.OP_OPENAT, FileFlags.AT_FDCWD).address(path.address())
          .operationFlags(FileFlags.O_CLOEXEC);
      return true;
    }

    @Override
    protected void discard(FileKernel kernel, long result) {
      super.discard(kernel, result);
      LinuxKernel.get().close((int) result);
    }
  }

  /** Something that no ring knows. */
  static final class Unknown extends ProbedCall {
    final AtomicInteger answer = new AtomicInteger(42);

    Unknown(FileEngine engine) {
      super(engine);
    }

    @Override
    long make(FileKernel kernel) {
      return answer.get();
    }

    @Override
    boolean fill(SubmissionEntry entry) {
      return false;
    }
  }
}
