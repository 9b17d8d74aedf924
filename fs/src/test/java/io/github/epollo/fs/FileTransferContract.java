package io.github.epollo.fs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.epollo.net.TcpStream;
import io.github.epollo.runtime.Body;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.io.AsyncReader;
import io.github.epollo.runtime.io.AsyncWriter;
import io.github.epollo.runtime.io.BufferedAsyncReader;
import io.github.epollo.runtime.io.DuplexStream;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.testsupport.ProbeKernel;
import io.github.epollo.testsupport.Waits;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link FileTransfer} on each back end. Hazards 19, 32 and 33: no byte is lost or moved twice, however calls fall short and whoever stops. */
abstract class FileTransferContract {
  final ProbeKernel probe = new ProbeKernel();
  @TempDir Path directory;
  private Path path;

  abstract FileBackend backend();

  @BeforeEach
  void name() {
    path = directory.resolve("file");
  }

  final void run(Body body) {
    Epollo.run(EpolloOptions.defaults().withKernel(probe.kernel()).with(FileOptions.class,
        FileOptions.defaults().withBackend(backend())), body);
  }

  static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    new SplittableRandom(count).nextBytes(bytes);
    return bytes;
  }

  static byte[] readAll(AsyncReader reader) throws IOException {
    return new BufferedAsyncReader(reader).readAll(Integer.MAX_VALUE - 64);
  }

  private Path write(byte[] bytes) throws IOException {
    return Files.write(path, bytes);
  }

  // ---- what it is for

  @Test
  void sendsAndReceives64MegabytesByTheKernelAlone() throws IOException {
    int size = 64 << 20;
    byte[] block = bytes(1 << 20);
    CRC32 sum = new CRC32();
    for (int i = 0; i < 64; i++) {
      block[0] = (byte) i;
      Files.write(path, block, CREATE, APPEND);
      sum.update(block);
    }
    run(() -> {
      try (Connection connection = Connection.open();
          AsyncFile file = AsyncFile.open(path);
          AsyncFile copy = AsyncFile.open(directory.resolve("copy"), CREATE, READ, WRITE)) {
        Task<Long> receiver = Tasks.spawn(() -> copy.transferFrom(connection.server(), 0, Long.MAX_VALUE));
        assertThat(file.transferTo(0, size, connection.client())).isEqualTo(size);
        connection.client().shutdownOutput();
        assertThat(receiver.join()).isEqualTo(size);
      }
    });
    assertThat(probe.calls("sendfile")).isPositive();
    assertThat(probe.calls("splice")).isPositive();
    assertThat(probe.calls("send") + probe.calls("recv") + probe.calls("sendmsg") + probe.calls("recvmsg")).isZero();
    CRC32 copied = new CRC32();
    copied.update(Files.readAllBytes(directory.resolve("copy")));
    assertThat(copied.getValue()).isEqualTo(sum.getValue());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void sendsAPartAndKeepsToTheFilesEnd(boolean async) throws IOException {
    byte[] bytes = bytes(10_000);
    write(bytes);
    run(() -> {
      try (Connection connection = Connection.open(); AsyncFile file = AsyncFile.open(path)) {
        TcpStream to = connection.client();
        assertThat(async ? file.transferToAsync(100, 200, to).await() : file.transferTo(100, 200, to)).isEqualTo(200);
        assertThat(async ? file.transferToAsync(9_990, 50, to).await() : file.transferTo(9_990, 50, to)).isEqualTo(10);
        assertThat(async ? file.transferToAsync(20_000, 50, to).await() : file.transferTo(20_000, 50, to)).isZero();
        assertThat(async ? file.transferToAsync(0, 0, to).await() : file.transferTo(0, 0, to)).isZero();
        to.shutdownOutput();
        byte[] all = readAll(connection.server());
        assertThat(Arrays.copyOf(all, 200)).isEqualTo(Arrays.copyOfRange(bytes, 100, 300));
        assertThat(Arrays.copyOfRange(all, 200, all.length)).isEqualTo(Arrays.copyOfRange(bytes, 9_990, 10_000));
      }
    });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void receivesAPartAndLeavesTheRestInTheSource(boolean async) throws IOException {
    byte[] bytes = bytes(10_000);
    write(new byte[20]);
    run(() -> {
      try (Connection connection = Connection.open(); AsyncFile file = AsyncFile.open(path, READ, WRITE)) {
        connection.client().writeFully(ByteBuffer.wrap(bytes));
        connection.client().shutdownOutput();
        TcpStream from = connection.server();
        assertThat(async ? file.transferFromAsync(from, 10, 300).await() : file.transferFrom(from, 10, 300))
            .isEqualTo(300);
        byte[] rest = readAll(from.reader());
        assertThat(rest).isEqualTo(Arrays.copyOfRange(bytes, 300, 10_000));
        assertThat(async ? file.transferFromAsync(from, 10, 300).await() : file.transferFrom(from, 10, 300)).isZero();
      }
    });
    byte[] written = Files.readAllBytes(path);
    assertThat(written).hasSize(310).startsWith(new byte[10]);
    assertThat(Arrays.copyOfRange(written, 10, 310)).isEqualTo(Arrays.copyOf(bytes, 300));
  }

  @Test
  void goesThroughMemoryWhereThereIsNoDescriptor() throws IOException {
    byte[] bytes = bytes(300_000);
    write(bytes);
    run(() -> {
      DuplexStream.Pair pair = DuplexStream.pair(10_000);
      try (AsyncFile file = AsyncFile.open(path);
          AsyncFile copy = AsyncFile.open(directory.resolve("copy"), CREATE, WRITE)) {
        Task<Long> receiver = Tasks.spawn(() -> copy.transferFrom(pair.right(), 5, 300_000));
        assertThat(file.transferTo(0, Long.MAX_VALUE, pair.left())).isEqualTo(300_000);
        assertThat(receiver.join()).isEqualTo(300_000);
      }
    });
    assertThat(Files.readAllBytes(directory.resolve("copy"))).hasSize(300_005).endsWith(bytes);
    assertThat(probe.calls("sendfile") + probe.calls("splice")).isZero();
  }

  @Test
  void pipesHaveDescriptors() throws IOException {
    byte[] bytes = bytes(300_000);
    write(bytes);
    run(() -> {
      try (Pipe pipe = Pipe.open();
          AsyncFile file = AsyncFile.open(path);
          AsyncFile copy = AsyncFile.open(directory.resolve("copy"), CREATE, WRITE)) {
        Task<Long> receiver = Tasks.spawn(() -> copy.transferFrom(pipe.reader(), 0, Long.MAX_VALUE));
        assertThat(file.transferTo(0, Long.MAX_VALUE, pipe.writer())).isEqualTo(300_000);
        pipe.writer().close();
        assertThat(receiver.join()).isEqualTo(300_000);
      }
    });
    assertThat(Files.readAllBytes(directory.resolve("copy"))).isEqualTo(bytes);
    assertThat(probe.calls("sendfile")).isPositive();
    assertThat(probe.calls("splice")).isPositive();
    assertThat(probe.calls("write")).isLessThan(50); // of eventfds
  }

  @Test
  void appendsThroughMemory() throws IOException {
    byte[] bytes = bytes(1000);
    write("begin".getBytes(UTF_8));
    run(() -> {
      try (Connection connection = Connection.open(); AsyncFile file = AsyncFile.open(path, APPEND)) {
        connection.client().writeFully(ByteBuffer.wrap(bytes));
        connection.client().shutdownOutput();
        assertThat(file.transferFrom(connection.server(), 0, Long.MAX_VALUE)).isEqualTo(1000);
      }
    });
    assertThat(Files.readAllBytes(path)).hasSize(1005).startsWith("begin".getBytes(UTF_8)).endsWith(bytes);
  }

  // ---- short transfers

  @Test
  void sendsInPiecesOfAnySize() throws IOException {
    byte[] bytes = bytes(61);
    write(bytes);
    run(() -> {
      for (int piece = 1; piece <= bytes.length; piece++) {
        int most = piece;
        probe.on("sendfile", call -> {
          call.args[3] = Math.min(call.longArg(3), most);
          return call.real();
        });
        try (Connection connection = Connection.open(); AsyncFile file = AsyncFile.open(path)) {
          assertThat(file.transferTo(0, 100, connection.client())).isEqualTo(bytes.length);
          connection.client().shutdownOutput();
          assertThat(readAll(connection.server())).isEqualTo(bytes);
        }
      }
    });
  }

  @Test
  void receivesInPiecesOfAnySize() throws IOException {
    byte[] bytes = bytes(61);
    run(() -> {
      for (int piece = 1; piece <= bytes.length; piece++) {
        int most = piece;
        probe.on("splice", call -> { // into the pipe; and out of it, where the pool makes the call
          call.args[4] = Math.min(call.longArg(4), call.longArg(3) < 0 ? most : most / 2 + 1);
          return call.real();
        });
        try (Connection connection = Connection.open(); AsyncFile file = AsyncFile.open(path, CREATE, WRITE)) {
          connection.client().writeFully(ByteBuffer.wrap(bytes));
          connection.client().shutdownOutput();
          assertThat(file.transferFrom(connection.server(), piece, 100)).isEqualTo(bytes.length);
        }
        assertThat(Files.readAllBytes(path)).endsWith(bytes).hasSize(piece + bytes.length);
        Files.delete(path);
      }
    });
  }

  // ---- what is not in the page cache

  /** Every other probe finds nothing there. */
  @Test
  void loadsWhatIsNotResidentBeforeItSends() throws IOException {
    byte[] bytes = bytes(300_000);
    write(bytes);
    AtomicInteger probes = new AtomicInteger();
    probe.on("preadv2", call -> call.intArg(4) == FileFlags.RWF_NOWAIT && probes.incrementAndGet() % 2 == 1
        ? -Errno.EAGAIN
        : call.real());
    sendAll(bytes);
    assertThat(probe.calls("sendfile")).isPositive();
    assertThat(probe.calls("send")).isZero();
  }

  /** Whatever is loaded is gone again. */
  @Test
  void goesThroughMemoryWhereNothingStaysResident() throws IOException {
    byte[] bytes = bytes(300_000);
    write(bytes);
    probe.on("preadv2", call -> call.intArg(4) == FileFlags.RWF_NOWAIT ? -Errno.EAGAIN : call.real());
    sendAll(bytes);
    assertThat(probe.calls("sendfile")).isZero();
  }

  @Test
  void goesThroughMemoryWhereTheFileSystemCannotTell() throws IOException {
    byte[] bytes = bytes(300_000);
    write(bytes);
    probe.on("preadv2", call -> call.intArg(4) == FileFlags.RWF_NOWAIT ? -Errno.EOPNOTSUPP : call.real());
    sendAll(bytes);
    assertThat(probe.calls("sendfile")).isZero();
  }

  @Test
  void goesThroughMemoryWhereSendfileDoesNotWork() throws IOException {
    byte[] bytes = bytes(300_000);
    write(bytes);
    probe.on("sendfile", call -> call.nth() == 1 ? call.real() : -Errno.EINVAL);
    sendAll(bytes);
    assertThat(probe.calls("sendfile")).isEqualTo(2);
  }

  private void sendAll(byte[] bytes) {
    run(() -> {
      try (Connection connection = Connection.open(); AsyncFile file = AsyncFile.open(path)) {
        Task<byte[]> receiver = Tasks.spawn(() -> readAll(connection.server()));
        assertThat(file.transferTo(0, Long.MAX_VALUE, connection.client())).isEqualTo(bytes.length);
        connection.client().shutdownOutput();
        assertThat(receiver.join()).isEqualTo(bytes);
      }
    });
  }

  // ---- who stops

  /** The sender is cancelled each time it waits for the reader, who is slow; its successor goes on. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aSenderThatIsCancelledLosesNothing(boolean async) throws IOException {
    byte[] bytes = bytes(1_000_000);
    write(bytes);
    run(() -> {
      try (Connection connection = Connection.narrow();
          AsyncFile file = AsyncFile.open(path);
          FileTransfer transfer = FileTransfer.to(file, 0, Long.MAX_VALUE, connection.client())) {
        ByteBuffer received = ByteBuffer.allocate(bytes.length);
        int cancelled = 0;
        while (received.hasRemaining()) {
          Task<Long> sender = Tasks.spawn(() -> async ? transfer.runAsync().await() : transfer.run());
          sleepUntilWaiting(sender);
          var _ = sender.cancel().await();
          if (transfer.count() < bytes.length) {
            assertThatThrownBy(sender::join).isInstanceOf(CancellationException.class);
            cancelled++;
          }
          assertThat(transfer.count()).isGreaterThanOrEqualTo(received.position());
          connection.server().readFully(received.limit((int) transfer.count()));
          received.limit(bytes.length);
        }
        assertThat(cancelled).isGreaterThan(5);
        assertThat(transfer.run()).isEqualTo(bytes.length);
        assertThat(received.array()).isEqualTo(bytes);
      }
    });
  }

  /** As many turns as it takes until the task waits for what only the other side can bring. */
  private static void sleepUntilWaiting(Task<?> task) {
    for (int i = 0; i < 200 && !task.isDone(); i++) {
      Tasks.yieldNow();
    }
  }

  /** A count of frames; the receiver is cancelled at its k-th wait, whichever that is, and goes on. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aReceiverThatIsCancelledLosesNothing(boolean async) throws IOException {
    byte[] bytes = bytes(200_000);
    run(() -> {
      try (Connection connection = Connection.open();
          AsyncFile file = AsyncFile.open(path, CREATE, WRITE);
          FileTransfer transfer = FileTransfer.from(connection.server(), file, 0, Long.MAX_VALUE)) {
        SplittableRandom random = new SplittableRandom(1);
        int sent = 0;
        while (sent < bytes.length) {
          Task<Long> receiver = Tasks.spawn(() -> async ? transfer.runAsync().await() : transfer.run());
          int piece = Math.min(random.nextInt(1, 5000), bytes.length - sent);
          connection.client().writeFully(ByteBuffer.wrap(bytes, sent, piece));
          sent += piece;
          for (int turns = random.nextInt(12); turns > 0; turns--) {
            Tasks.yieldNow();
          }
          var _ = receiver.cancel().await();
          assertThatThrownBy(receiver::join).isInstanceOf(CancellationException.class);
          if (!async) { // what was taken is in the file
            assertThat(Files.size(path)).isEqualTo(transfer.count());
          }
        }
        connection.client().shutdownOutput();
        assertThat(transfer.run()).isEqualTo(bytes.length);
        assertThat(Files.readAllBytes(path)).isEqualTo(bytes);
      }
    });
  }

  // ---- ends

  @Test
  void theOutputThatWasShutDownIsNotWrittenTo() throws IOException {
    write(bytes(10));
    run(() -> {
      try (Connection connection = Connection.open(); AsyncFile file = AsyncFile.open(path, READ, WRITE)) {
        connection.client().shutdownOutput();
        assertThatThrownBy(() -> file.transferTo(0, 10, connection.client()))
            .isInstanceOf(ClosedChannelException.class);
        assertThat(file.transferFrom(connection.server(), 0, 10)).isZero(); // the peer's half-close is the end
        assertThat(file.transferTo(0, 10, connection.server())).isEqualTo(10); // and no hindrance the other way
        ByteBuffer target = ByteBuffer.allocate(10);
        connection.client().readFully(target);
        connection.client().shutdownInput();
        assertThat(file.transferFrom(connection.client(), 0, 10)).isZero();
      }
    });
  }

  @Test
  void aPeerThatGoesWhileAFileIsSentIsAnError() throws IOException {
    write(bytes(10_000_000));
    run(() -> {
      for (boolean reset : new boolean[]{false, true}) {
        try (Connection connection = Connection.open(); AsyncFile file = AsyncFile.open(path)) {
          Task<Long> sender = Tasks.spawn(() -> file.transferTo(0, Long.MAX_VALUE, connection.client()));
          connection.server().readFully(ByteBuffer.allocate(100_000));
          if (reset) {
            connection.server().closeWithReset();
          } else {
            connection.server().close();
          }
          assertThatThrownBy(sender::join).rootCause().isInstanceOf(SocketException.class).message()
              .containsAnyOf("ECONNRESET", "EPIPE");
        }
      }
    });
  }

  @Test
  void aPeerThatResetsWhileAFileIsReceivedIsAnErrorAfterWhatCame() throws IOException {
    run(() -> {
      try (Connection connection = Connection.open();
          AsyncFile file = AsyncFile.open(path, CREATE, WRITE);
          FileTransfer transfer = FileTransfer.from(connection.server(), file, 0, Long.MAX_VALUE)) {
        Task<Long> receiver = Tasks.spawn(transfer::run);
        connection.client().writeFully(ByteBuffer.allocate(1000));
        while (transfer.count() < 1000) {
          Tasks.yieldNow();
        }
        connection.client().closeWithReset();
        assertThatThrownBy(receiver::join).rootCause().isInstanceOf(SocketException.class)
            .hasMessageContaining("ECONNRESET");
        assertThat(transfer.count()).isEqualTo(1000);
      }
    });
  }

  @Test
  void closingTheChannelWakesWhoTransfers() throws IOException {
    write(bytes(10_000_000));
    Set<String> blocked = ConcurrentHashMap.newKeySet();
    for (String name : List.of("sendfile", "splice")) {
      probe.on(name, call -> {
        long result = call.real();
        if (result == -Errno.EAGAIN) {
          blocked.add(name);
        }
        return result;
      });
    }
    run(() -> {
      try (Connection connection = Connection.open(); AsyncFile file = AsyncFile.open(path, READ, WRITE)) {
        Thread[] threads = new Thread[2];
        Task<Throwable> sender = Tasks.spawn(() -> {
          threads[0] = Thread.currentThread();
          return catchThrowable(() -> file.transferTo(0, Long.MAX_VALUE, connection.client()));
        });
        Task<Throwable> receiver = Tasks.spawn(() -> {
          threads[1] = Thread.currentThread();
          return catchThrowable(() -> file.transferFrom(connection.client(), 0, 100));
        });
        Waits.until("both have found nothing to do", () -> blocked.size() == 2);
        Waits.untilParked(() -> threads[0]);
        Waits.untilParked(() -> threads[1]);
        connection.client().close();
        assertThat(sender.join()).isInstanceOf(AsynchronousCloseException.class);
        assertThat(receiver.join()).isInstanceOf(AsynchronousCloseException.class);
      }
    });
  }

  // ---- bad input

  @Test
  void saysWhatIsWrong() throws IOException {
    write(bytes(10));
    run(() -> {
      AsyncFile reads = AsyncFile.open(path);
      AsyncFile writes = AsyncFile.open(path, WRITE);
      AsyncWriter to = AsyncWriter.discarding();
      AsyncReader from = AsyncReader.empty();
      assertThatIllegalArgumentException().isThrownBy(() -> reads.transferTo(-1, 1, to)).withMessageContaining("-1");
      assertThatIllegalArgumentException().isThrownBy(() -> reads.transferTo(0, -2, to)).withMessageContaining("-2");
      assertThatIllegalArgumentException().isThrownBy(() -> writes.transferFrom(from, -1, 1))
          .withMessageContaining("-1");
      assertThatIllegalArgumentException().isThrownBy(() -> writes.transferFrom(from, 0, -2))
          .withMessageContaining("-2");
      assertThatThrownBy(() -> writes.transferTo(0, 1, to)).isInstanceOf(NonReadableChannelException.class);
      assertThatThrownBy(() -> reads.transferFrom(from, 0, 1)).isInstanceOf(NonWritableChannelException.class);
      reads.close();
      writes.close();
      try (Connection connection = Connection.open()) {
        connection.client().writeFully(ByteBuffer.allocate(10));
        assertThatThrownBy(() -> reads.transferTo(0, 1, connection.client()))
            .isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> writes.transferFrom(connection.server(), 0, 1))
            .isInstanceOf(ClosedChannelException.class);
      }
    });
  }

  @Test
  void runsOnceAtATime() throws IOException {
    run(() -> {
      try (Connection connection = Connection.open();
          AsyncFile file = AsyncFile.open(path, CREATE, WRITE);
          FileTransfer transfer = FileTransfer.from(connection.server(), file, 0, 10)) {
        Future<Long> waiting = transfer.runAsync();
        assertThat(waiting.poll(() -> {})).isInstanceOf(Poll.Pending.class);
        assertThatThrownBy(transfer::run).isInstanceOf(IllegalStateException.class).hasMessageContaining("under way");
        waiting.close();
        connection.client().close();
        assertThat(transfer.run()).isZero();
      }
    });
  }
}
