package io.github.epollo.fs;

import io.github.epollo.fs.engine.FileContext;
import io.github.epollo.fs.engine.FileEngine;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.io.AsyncByteChannel;
import io.github.epollo.runtime.io.ChannelFuture;
import io.github.epollo.runtime.io.ClosedChannel;
import io.github.epollo.runtime.kernel.Errno;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A file that epoll does not take, read and written at the position that the open file has and others may share, by calls that go to the engine.
 *
 * <p>A read that has begun goes on when nobody waits for it any more, since it may move the position: what it gets is the beginning of the next read.
 */
final class SequentialFile implements AsyncByteChannel {
  private static final int PENDING = -2;

  private final FileContext context;
  private final FileHandle file;
  private final AtomicReference<@Nullable Waker> reader = new AtomicReference<>(); // who waits for the call; close() sets closed before it reads this
  private final AtomicReference<@Nullable SequentialCall> reading = new AtomicReference<>(); // taken out by whoever polls or abandons it
  private @Nullable ByteBuffer rest; // of the call, once it is done

  /** Takes over {@code number}, an open file. */
  SequentialFile(FileContext context, FileEngine engine, int number, String name) {
    this.context = context;
    this.file = new FileHandle(Epollo.current(), context, engine, number, new FileDescription(), name,
        OpenOptions.of(StandardOpenOption.WRITE), 1, false, 0);
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    Awaiter awaiter = Awaiter.current();
    boolean waited = false;
    try {
      int n;
      while ((n = poll(awaiter, target, waited)) == PENDING) {
        waited = true;
        awaiter.park(this);
      }
      return n;
    } finally {
      boolean _ = reader.compareAndSet(awaiter, null);
    }
  }

  @Override
  public Future<Integer> readAsync(ByteBuffer target) {
    return new ChannelFuture<>(waker -> {
      int n = poll(waker, target, false);
      return n == PENDING ? Poll.pending() : Poll.ready(n);
    }) {
      @Override
      protected void requireNotClosedWhileWaiting() throws IOException {
        SequentialFile.this.requireNotClosedWhileWaiting();
      }

      @Override
      protected void forget(Waker waker) {
        boolean _ = reader.compareAndSet(waker, null);
      }

      @Override
      public String toString() {
        return "read from " + file.path;
      }
    };
  }

  private int poll(Waker waker, ByteBuffer target, boolean waited) throws IOException {
    if (waited) {
      requireNotClosedWhileWaiting();
    }
    file.requireOpen();
    TransferBuffers.requireWritable(target);
    if (!target.hasRemaining()) {
      return 0;
    }
    Waker present = reader.compareAndExchange(null, waker);
    if (present != null && present != waker) {
      throw new IllegalStateException(
          "cannot wait to read from " + file.path + ": " + present
              + " already waits for that; let one task at a time do it");
    }
    if (rest == null && !read(waker, target.remaining())) {
      if (!file.isOpen()) { // close() may have looked before waker and call were there
        abandonReading();
        waker.wake();
      }
      return PENDING;
    }
    boolean _ = reader.compareAndSet(waker, null);
    return take(target);
  }

  /** Has the call made; whether it is done. */
  private boolean read(Waker waker, int wanted) throws IOException {
    SequentialCall under = reading.getAndSet(null);
    if (under == null) {
      if (!Awaiter.proceed(waker)) {
        return false;
      }
      under = new SequentialCall(context, file.acquire(), wanted);
    }
    if (!under.poll(waker)) {
      reading.set(under);
      return false;
    }
    long n = under.result();
    try {
      if (n < 0) {
        throw Errno.toFileException("read", file.path, null, (int) -n);
      }
      ByteBuffer copy = ByteBuffer.allocate((int) n);
      copy.put(0, under.memory.bytes(), 0, (int) n);
      rest = copy;
    } finally {
      under.end();
    }
    return true;
  }

  private void abandonReading() {
    SequentialCall under = reading.getAndSet(null);
    if (under != null) {
      under.abandon();
    }
  }

  private int take(ByteBuffer target) {
    ByteBuffer there = rest;
    if (there == null || !there.hasRemaining()) {
      rest = null;
      return -1;
    }
    int n = Math.min(there.remaining(), target.remaining());
    target.put(target.position(), there, there.position(), n);
    target.position(target.position() + n);
    there.position(there.position() + n);
    if (!there.hasRemaining()) {
      rest = null;
    }
    return n;
  }

  private void requireNotClosedWhileWaiting() throws IOException {
    if (!file.isOpen()) {
      throw ClosedChannel.whileWaiting(file.path);
    }
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    file.requireOpen();
    if (!source.hasRemaining()) {
      return 0;
    }
    Awaiter awaiter = Awaiter.current();
    while (!Awaiter.proceed(awaiter)) {
      awaiter.park(this);
    }
    return (int) new SequentialWrite(file, source).await(awaiter);
  }

  @Override
  public Future<Integer> writeAsync(ByteBuffer source) {
    return new FileFuture<>("write to " + file.path) {
      @Override
      protected long attempt(Waker waker) throws IOException {
        file.requireOpen();
        return source.hasRemaining() ? ReadAttempt.WOULD_WAIT : 0;
      }

      @Override
      protected FileOperation begin() {
        return new SequentialWrite(file, source);
      }

      @Override
      protected Poll<Integer> answer(long n) {
        return Poll.ready((int) n);
      }
    };
  }

  @Override
  public void shutdownOutput() {
    close();
  }

  @Override
  public boolean isOpen() {
    return file.isOpen();
  }

  @Override
  public void close() {
    if (file.beginClose()) {
      abandonReading();
      Waker waiting = reader.getAndSet(null);
      if (waiting != null) {
        waiting.wake();
      }
    }
  }

  @Override
  public String toString() {
    return file.path;
  }
}
