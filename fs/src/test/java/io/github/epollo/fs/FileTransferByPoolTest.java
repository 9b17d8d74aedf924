package io.github.epollo.fs;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileFlags;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** The contract, and what can be shown only where each call of the engine is seen. */
class FileTransferByPoolTest extends FileTransferContract {
  @Override
  FileBackend backend() {
    return FileBackend.POOL;
  }

  private static boolean isDrain(io.github.epollo.testsupport.ProbeKernel.Call call) {
    return call.longArg(3) >= 0; // the target has an offset: it is the file
  }

  @Test
  void aDiskThatIsFullLosesNothing() {
    byte[] bytes = bytes(50_000);
    Path path = directory.resolve("file");
    run(() -> {
      try (Connection connection = Connection.open();
          AsyncFile file = AsyncFile.open(path, CREATE, WRITE);
          FileTransfer transfer = FileTransfer.from(connection.server(), file, 0, Long.MAX_VALUE)) {
        connection.client().writeFully(ByteBuffer.wrap(bytes));
        connection.client().shutdownOutput();
        probe.on("splice", call -> isDrain(call) ? -Errno.ENOSPC : call.real());
        assertThatThrownBy(transfer::run).isInstanceOf(FileSystemException.class).hasMessageContaining("ENOSPC");
        assertThat(transfer.count()).isZero();
        probe.off("splice");
        assertThat(transfer.run()).isEqualTo(bytes.length);
      }
      assertThat(Files.readAllBytes(path)).isEqualTo(bytes);
    });
  }

  @Test
  void aFileThatCannotBeSplicedToGetsTheBytesThroughMemory() {
    byte[] bytes = bytes(50_000);
    Path path = directory.resolve("file");
    probe.on("splice", call -> isDrain(call) ? -Errno.EINVAL : call.real());
    run(() -> {
      try (Connection connection = Connection.open(); AsyncFile file = AsyncFile.open(path, CREATE, WRITE)) {
        connection.client().writeFully(ByteBuffer.wrap(bytes));
        connection.client().shutdownOutput();
        assertThat(file.transferFrom(connection.server(), 0, Long.MAX_VALUE)).isEqualTo(bytes.length);
      }
      assertThat(Files.readAllBytes(path)).isEqualTo(bytes);
    });
  }

  /** What is on its way into the file when the receiver is cancelled arrives before the exception does; and in the future style, before the next run. */
  @Test
  void whatWasTakenIsWrittenBeforeACancelIsThrown() throws InterruptedException {
    byte[] bytes = bytes(3000);
    for (boolean async : new boolean[]{false, true}) {
      Path path = directory.resolve("file" + async);
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch go = new CountDownLatch(1);
      probe.on("splice", call -> {
        if (isDrain(call)) {
          begun.countDown();
          go.await();
        }
        return call.real();
      });
      run(() -> {
        try (Connection connection = Connection.open();
            AsyncFile file = AsyncFile.open(path, CREATE, WRITE);
            FileTransfer transfer = FileTransfer.from(connection.server(), file, 0, Long.MAX_VALUE)) {
          connection.client().writeFully(ByteBuffer.wrap(bytes));
          Task<Long> receiver = Tasks.spawn(() -> async ? transfer.runAsync().await() : transfer.run());
          while (begun.getCount() > 0) {
            Tasks.yieldNow();
          }
          Future<?> cancel = receiver.cancel();
          for (int i = 0; async ? !receiver.isDone() : i < 20; i++) { // a future is closed at once
            Tasks.yieldNow();
          }
          boolean waits = !receiver.isDone();
          go.countDown();
          var _ = cancel.await();
          assertThat(waits).isEqualTo(!async);
          assertThatThrownBy(receiver::join).isInstanceOf(CancellationException.class);
          if (!async) {
            assertThat(transfer.count()).isEqualTo(bytes.length);
          }
          connection.client().close();
          assertThat(transfer.run()).isEqualTo(bytes.length);
        }
        assertThat(Files.readAllBytes(path)).isEqualTo(bytes);
      });
    }
  }

  /** The loop serves others while the file that is sent is read from a disk that does not answer. */
  @Test
  void aSlowDiskHoldsNobodyElse() throws Exception {
    byte[] bytes = bytes(100_000);
    Path path = Files.write(directory.resolve("file"), bytes);
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    probe.on("preadv2", call -> {
      if (call.intArg(4) == FileFlags.RWF_NOWAIT && go.getCount() > 0) {
        return -Errno.EAGAIN;
      }
      if (call.intArg(4) == 0) {
        begun.countDown();
        go.await();
      }
      return call.real();
    });
    run(() -> {
      try (Connection connection = Connection.open();
          Connection echo = Connection.open();
          AsyncFile file = AsyncFile.open(path)) {
        Task<Long> sender = Tasks.spawn(() -> file.transferTo(0, Long.MAX_VALUE, connection.client()));
        while (begun.getCount() > 0) {
          Tasks.yieldNow();
        }
        Task<?> server = Tasks.spawn(() -> {
          ByteBuffer buffer = ByteBuffer.allocate(8);
          while (echo.server().read(buffer) >= 0) {
            echo.server().writeFully(buffer.flip());
            buffer.clear();
          }
        });
        ByteBuffer ping = ByteBuffer.allocate(8);
        for (int i = 0; i < 1000; i++) {
          echo.client().writeFully(ping.putLong(0, i).clear());
          echo.client().readFully(ping.clear());
          assertThat(ping.getLong(0)).isEqualTo(i);
        }
        assertThat(sender.isDone()).isFalse();
        go.countDown();
        assertThat(sender.join()).isEqualTo(bytes.length);
        echo.client().shutdownOutput();
        var _ = server.join();
      }
    });
    assertThat(probe.calls("sendfile")).isPositive();
  }
}
