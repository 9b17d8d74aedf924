package io.github.epollo.runtime.io;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.Outcome;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BlockingStreamsTest {
  /** Blocks, and is deaf to interrupts, until it is given bytes: as System.in and the pipes of processes are. */
  private static final class Deaf extends InputStream {
    final Semaphore bytes = new Semaphore(0);
    final Semaphore asked = new Semaphore(0);
    volatile boolean closed;
    private int next;

    @Override
    public int read() {
      throw new UnsupportedOperationException("a byte at a time");
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      asked.release();
      bytes.acquireUninterruptibly();
      if (closed) {
        throw new IOException("closed");
      }
      for (int i = 0; i < length; i++) {
        target[offset + i] = (byte) ++next;
      }
      return length;
    }

    @Override
    public synchronized void close() {
      closed = true;
      bytes.release();
    }
  }

  /** The same for what is written. */
  private static final class DeafSink extends OutputStream {
    final Semaphore room = new Semaphore(0);
    final Semaphore asked = new Semaphore(0);
    final ByteArrayOutputStream written = new ByteArrayOutputStream();
    volatile boolean closed;
    volatile boolean fails;

    @Override
    public void write(int b) {
      throw new UnsupportedOperationException("a byte at a time");
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
      asked.release();
      room.acquireUninterruptibly();
      if (fails) {
        throw new IOException("disk full");
      }
      written.write(bytes, offset, length);
    }

    @Override
    public void close() {
      room.release(1000);
      synchronized (this) { // as a BufferedOutputStream does it
        closed = true;
      }
    }
  }

  @Test
  void inATaskTheLoopGoesOnWhileAReadBlocks() {
    Deaf in = new Deaf();
    ByteBuffer target = ByteBuffer.allocate(5);
    Epollo.run(() -> {
      AsyncReader reader = AsyncReader.fromInputStream(in);
      Task<Integer> reading = Tasks.spawn(() -> reader.read(target));
      in.asked.acquire(); // waits in this task
      in.bytes.release();
      assertThat(reading.join()).isEqualTo(5);
    });
    assertThat(target.array()).containsExactly(1, 2, 3, 4, 5);
  }

  @Test
  void onAPlainThreadTheThreadReadsAndWrites() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    AsyncWriter writer = AsyncWriter.fromOutputStream(bytes);
    writer.writeFully(ByteBuffer.wrap("hello".getBytes(US_ASCII)));
    assertThat(writer.write(ByteBuffer.allocate(0))).isZero();
    writer.shutdownOutput();
    writer.shutdownOutput();
    assertThatThrownBy(() -> writer.write(ByteBuffer.allocate(1))).isInstanceOf(ClosedChannelException.class)
        .hasMessageContaining("shut down");
    AsyncReader reader = AsyncReader.fromInputStream(new ByteArrayInputStream(bytes.toByteArray()));
    ByteBuffer target = ByteBuffer.allocate(5);
    reader.readFully(target);
    assertThat(reader.read(target)).isZero();
    assertThat(reader.read(target.clear())).isEqualTo(-1);
    assertThat(target.array()).isEqualTo("hello".getBytes(US_ASCII));
    assertThatThrownBy(() -> reader.readAsync(target).await()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aReadOfADeafStreamIsCancelledAtOnceAndLosesNothing() {
    Deaf in = new Deaf();
    Epollo.run(() -> {
      AsyncReader reader = AsyncReader.fromInputStream(in);
      Task<Integer> reading = Tasks.spawn(() -> reader.read(ByteBuffer.allocate(6)));
      in.asked.acquire();
      reading.cancel().await();
      assertThatThrownBy(reading::join).isInstanceOf(CancellationException.class);
      in.bytes.release();
      ByteBuffer target = ByteBuffer.allocate(4);
      reader.readFully(target);
      assertThat(target.array()).containsExactly(1, 2, 3, 4);
      assertThat(reader.read(target.clear())).as("the rest of what it had asked for").isEqualTo(2);
      assertThat(target.array()).startsWith(5, 6);
      assertThat(in.asked.availablePermits()).isZero();
      reader.close();
    });
    assertThat(in.closed).isTrue();
  }

  @Test
  void afterACancelledReadAPlainThreadWaitsForWhatIsUnderWay() throws Exception {
    Deaf in = new Deaf();
    try (Epollo epollo = Epollo.start()) {
      AsyncReader reader = AsyncReader.fromInputStream(in);
      Task<Integer> reading = epollo.spawn(() -> reader.read(ByteBuffer.allocate(3)));
      in.asked.acquire();
      reading.cancel().await();
      in.bytes.release();
      ByteBuffer target = ByteBuffer.allocate(3);
      assertThat(reader.read(target)).isEqualTo(3);
      assertThat(target.array()).containsExactly(1, 2, 3);
      reader.close();
    }
  }

  @Test
  void aCancelledWriteHasTakenWhatItWrites() {
    DeafSink out = new DeafSink();
    ByteBuffer source = ByteBuffer.wrap(new byte[]{1, 2, 3});
    Epollo.run(() -> {
      AsyncWriter writer = AsyncWriter.fromOutputStream(out);
      Task<Integer> writing = Tasks.spawn(() -> writer.write(source));
      out.asked.acquire();
      writing.cancel().await();
      assertThat(source.remaining()).as("bytes that are not on their way").isZero();
      out.room.release(2);
      assertThat(writer.write(ByteBuffer.wrap(new byte[]{4, 5}))).isEqualTo(2);
      writer.close();
    });
    assertThat(out.written.toByteArray()).containsExactly(1, 2, 3, 4, 5);
    assertThat(out.closed).isTrue();
  }

  @Test
  void theFailureOfAWriteThatNobodyWaitsForIsThrownByTheNextOneWhichHasTakenNothing() {
    DeafSink out = new DeafSink();
    out.fails = true;
    ByteBuffer next = ByteBuffer.wrap(new byte[]{4, 5});
    Epollo.run(() -> {
      AsyncWriter writer = AsyncWriter.fromOutputStream(out);
      Task<Integer> writing = Tasks.spawn(() -> writer.write(ByteBuffer.wrap(new byte[]{1, 2, 3})));
      out.asked.acquire();
      writing.cancel().await();
      out.room.release();
      assertThatThrownBy(() -> writer.write(next)).isInstanceOf(IOException.class).hasMessage("disk full");
      assertThat(next.remaining()).isEqualTo(2);
      out.fails = false;
      out.room.release();
      assertThat(writer.write(next)).isEqualTo(2);
      writer.close();
    });
    assertThat(out.written.toByteArray()).containsExactly(4, 5);
  }

  @Test
  void closingAStreamDuringADeafReadNeitherWaitsNorHoldsTheLoop() {
    Deaf in = new Deaf();
    Epollo.run(() -> {
      AsyncReader reader = AsyncReader.fromInputStream(in);
      Task<Integer> reading = Tasks.spawn(() -> reader.read(ByteBuffer.allocate(6)));
      in.asked.acquire();
      reader.close();
      reader.close();
      assertThat(reader.isOpen()).isFalse();
      assertThatThrownBy(reading::join).hasCauseInstanceOf(AsynchronousCloseException.class);
      assertThatThrownBy(() -> reader.read(ByteBuffer.allocate(1))).isInstanceOf(ClosedChannelException.class);
    });
  }

  @Test
  void closingAWriterDuringAStuckWriteDoesNotWaitForItsLock() {
    DeafSink out = new DeafSink();
    Epollo.run(() -> {
      AsyncWriter writer = AsyncWriter.fromOutputStream(out);
      Task<Integer> writing = Tasks.spawn(() -> writer.write(ByteBuffer.wrap(new byte[]{1})));
      out.asked.acquire();
      writing.cancel().await();
      writer.close();
      assertThatThrownBy(() -> writer.write(ByteBuffer.allocate(1))).isInstanceOf(ClosedChannelException.class);
    });
  }

  @Test
  void closeThrowsWhatTheStreamsCloseThrows() {
    OutputStream out = new OutputStream() {
      @Override
      public void write(int b) {}

      @Override
      public void close() throws IOException {
        throw new IOException("disk full");
      }
    };
    Epollo.run(() -> {
      AsyncWriter writer = AsyncWriter.fromOutputStream(out);
      assertThatThrownBy(writer::close).isInstanceOf(IOException.class).hasMessage("disk full");
    });
    assertThatThrownBy(AsyncWriter.fromOutputStream(out)::close).hasMessage("disk full");
  }

  @Test
  void twoTasksAtOnceAreTold() {
    Deaf in = new Deaf();
    Epollo.run(() -> {
      AsyncReader reader = AsyncReader.fromInputStream(in);
      Task<Integer> reading = Tasks.spawn(() -> reader.read(ByteBuffer.allocate(1)));
      in.asked.acquire();
      assertThatThrownBy(() -> reader.read(ByteBuffer.allocate(1))).isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("one task at a time");
      assertThatThrownBy(() -> reader.read(ByteBuffer.allocate(1).asReadOnlyBuffer()))
          .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("read-only");
      in.bytes.release();
      assertThat(reading.join()).isEqualTo(1);
    });
  }

  /** Hazard 19: at whatever point readers and writers are closed, each byte goes through the pipe once. */
  @Property(tries = 30)
  void bytesAreConservedThroughAPipeWhateverIsClosed(@ForAll @IntRange(min = 1, max = 30_000) int length,
      @ForAll @IntRange(min = 100, max = 9000) int size, @ForAll @IntRange(min = 100, max = 9000) int pipe,
      @ForAll @IntRange(max = 3) int stopReads, @ForAll @IntRange(max = 3) int stopWrites) {
    byte[] expected = ByteCopyTest.pattern(length);
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    Epollo.run(() -> {
      PipedInputStream in = new PipedInputStream(pipe);
      AsyncWriter writer = AsyncWriter.fromOutputStream(new PipedOutputStream(in));
      AsyncReader reader = AsyncReader.fromInputStream(in);
      Task<?> writing = Tasks.spawn(() -> {
        ByteBuffer source = ByteBuffer.wrap(expected);
        for (int i = 0; source.hasRemaining(); i++) {
          if (stopWrites > 0 && i % stopWrites == 0) {
            Outcome<?> _ = writer.writeAsync(source).nowOrNever();
            Tasks.yieldNow();
          } else {
            int _ = writer.write(source);
          }
        }
        writer.shutdownOutput(); // waits for the last write
        writer.close();
      });
      ByteBuffer target = ByteBuffer.allocate(size);
      for (int n = 0, i = 0; n >= 0; i++) {
        target.clear();
        if (stopReads > 0 && i % stopReads == 0) {
          Outcome<Integer> now = reader.readAsync(target).nowOrNever();
          n = now == null ? 0 : now.get();
          Tasks.yieldNow();
        } else {
          n = reader.read(target);
        }
        received.write(target.array(), 0, target.position());
      }
      writing.join();
      reader.close();
    });
    assertThat(received.toByteArray()).isEqualTo(expected);
  }

  @Test
  void aProcessIsTalkedToThroughItsPipes() {
    byte[] sent = ByteCopyTest.pattern(200_000); // more than a pipe holds
    Epollo.run(() -> {
      Process cat = new ProcessBuilder("cat").start();
      AsyncByteChannel channel = AsyncByteChannel.of(AsyncReader.fromInputStream(cat.getInputStream()),
          AsyncWriter.fromOutputStream(cat.getOutputStream()));
      Task<?> writing = Tasks.spawn(() -> {
        channel.writeFully(ByteBuffer.wrap(sent));
        channel.shutdownOutput();
      });
      assertThat(new BufferedAsyncReader(channel).readAll(sent.length)).isEqualTo(sent);
      writing.join();
      channel.close();
      assertThat(cat.waitFor()).isZero();
    });
  }

  @Test
  void aReadOfASilentProcessDoesNotKeepATask() {
    Epollo.run(() -> {
      Process cat = new ProcessBuilder("cat").start();
      try {
        AsyncReader reader = AsyncReader.fromInputStream(cat.getInputStream());
        Task<Integer> reading = Tasks.spawn(() -> reader.read(ByteBuffer.allocate(1)));
        Tasks.yieldNow();
        reading.cancel().await();
        reader.close();
      } finally {
        cat.destroy();
      }
    });
  }

  @Test
  void blockingChannelsWorkBothWaysAndHalfClose() throws IOException {
    try (ServerSocketChannel listener = ServerSocketChannel.open()
        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      SocketChannel here = SocketChannel.open(listener.getLocalAddress());
      SocketChannel there = listener.accept();
      Epollo.run(() -> {
        try (AsyncByteChannel client = AsyncByteChannel.fromChannel(here);
            AsyncByteChannel server = AsyncByteChannel.fromChannel(there)) {
          Task<Long> echo = Tasks.spawn(() -> ByteCopy.copy(server, server));
          Task<byte[]> answer = Tasks.spawn(() -> new BufferedAsyncReader(client).readAll(100_000));
          client.writeFully(ByteBuffer.wrap(ByteCopyTest.pattern(50_000)));
          client.shutdownOutput();
          assertThat(echo.join()).isEqualTo(50_000);
          server.shutdownOutput();
          assertThat(answer.join()).isEqualTo(ByteCopyTest.pattern(50_000));
        }
      });
      assertThat(here.isOpen() || there.isOpen()).isFalse();
    }
  }

  @Test
  void channelsThatAreNoneForThisAreRefusedAndThoseThatAreAsyncAlreadyAreKept() throws IOException {
    Pipe pipe = Pipe.open();
    try (Pipe.SourceChannel source = pipe.source(); Pipe.SinkChannel sink = pipe.sink()) {
      source.configureBlocking(false);
      sink.configureBlocking(false);
      assertThatThrownBy(() -> AsyncReader.fromChannel(source)).isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("configureBlocking(true)");
      assertThatThrownBy(() -> AsyncWriter.fromChannel(sink)).isInstanceOf(IllegalArgumentException.class);
    }
    DuplexStream.Pair pair = DuplexStream.pair(1);
    assertThat(AsyncReader.fromChannel(pair.left())).isSameAs(pair.left());
    assertThat(AsyncWriter.fromChannel(pair.left())).isSameAs(pair.left());
    assertThat(AsyncByteChannel.fromChannel(pair.left())).isSameAs(pair.left());
  }

  /** The other direction is the JDK's. */
  @Test
  void channelsMakesStreamsForTasksAndPlainThreads() throws Exception {
    DuplexStream.Pair pair = DuplexStream.pair(3);
    byte[] sent = ByteCopyTest.pattern(1000);
    CountDownLatch begun = new CountDownLatch(1);
    try (Epollo epollo = Epollo.start()) {
      Task<?> writing = epollo.spawn(() -> {
        begun.countDown();
        try (OutputStream out = Channels.newOutputStream(pair.left())) {
          out.write(sent);
        }
      });
      begun.await();
      byte[] received = Channels.newInputStream(pair.right()).readAllBytes();
      assertThat(received).isEqualTo(sent);
      writing.join();
      Task<byte[]> cancelled = epollo.spawn(() -> Channels.newInputStream(DuplexStream.pair(1).left()).readAllBytes());
      cancelled.cancel().await();
      assertThatThrownBy(cancelled::join).isInstanceOf(CancellationException.class);
    }
  }
}
