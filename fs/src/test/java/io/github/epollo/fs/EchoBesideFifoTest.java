package io.github.epollo.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.loop.Loop;
import io.github.epollo.testsupport.ProbeKernel;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A loop goes on with echo while a FIFO has nothing to read and files are not in memory; no call that may wait is made on its thread. */
class EchoBesideFifoTest {
  private static final int TRIPS = 2_000;
  private static final List<String> WAIT_FOR_DEVICES = List.of("pread", "pwrite", "fsync", "fdatasync", "linkat",
      "renameat2", "unlinkat", "copyFileRange", "openat", "preadv2", "pwritev2");

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void noCallThatMayWaitIsMadeOnTheLoop(FileBackend backend) throws Exception {
    Path path = Files.write(directory.resolve("file"), new byte[64 * 1024]);
    Queue<String> held = new ConcurrentLinkedQueue<>();
    ProbeKernel probe = new ProbeKernel();
    for (String name : WAIT_FOR_DEVICES) {
      probe.on(name, call -> {
        if (Loop.currentOrNull() != null && !returnsAtOnce(name, call)) {
          held.add(name + List.of(call.args));
        }
        return name.equals("preadv2") && call.longArg(3) >= 0 && Loop.currentOrNull() != null
            ? -Errno.EAGAIN // nothing is in the page cache
            : call.real();
      });
    }
    EpolloOptions options = EpolloOptions.defaults().withKernel(probe.kernel()).with(FileOptions.class,
        FileOptions.defaults().withBackend(backend));
    Epollo.run(options, () -> {
      Path fifo = directory.resolve("fifo");
      Pipe.createFifo(fifo, PosixFilePermissions.fromString("rw-------"));
      AtomicInteger fileReads = new AtomicInteger();
      Task<Integer> waiting = Epollo.current().spawn(() -> {
        try (PipeReader reader = Pipe.openEndlessReader(fifo)) {
          return reader.read(ByteBuffer.allocate(10));
        }
      });
      Task<?> reading = Epollo.current().spawn(() -> {
        try (AsyncFile file = AsyncFile.open(path)) {
          while (true) {
            file.readFullyAt(ByteBuffer.allocate(4096), 4096 * (fileReads.incrementAndGet() % 16));
          }
        }
      });
      Task<?> writing = Epollo.current().spawn(() -> {
        while (true) {
          AsyncFiles.writeAtomically(directory.resolve("written"), new byte[1000]);
        }
      });
      try (Connection connection = Connection.open()) {
        Task<?> echo = Epollo.current().spawn(() -> {
          ByteBuffer buffer = ByteBuffer.allocate(100);
          while (connection.server().read(buffer.clear()) >= 0) {
            connection.server().writeFully(buffer.flip());
          }
        });
        for (int i = 0; i < TRIPS || fileReads.get() < 100; i++) {
          connection.client().writeFully(ByteBuffer.allocate(50));
          connection.client().readFully(ByteBuffer.allocate(50));
        }
        connection.client().shutdownOutput();
        Object _ = echo.join();
      }
      assertThat(waiting.isDone()).isFalse();
      reading.cancel().await();
      writing.cancel().await();
      try (PipeWriter writer = Pipe.openWriter(fifo)) {
        writer.writeFully(ByteBuffer.allocate(7));
      }
      assertThat(waiting.join()).isEqualTo(7);
    });
    assertThat(held).isEmpty();
  }

  private static boolean returnsAtOnce(String name, ProbeKernel.Call call) {
    return switch (name) {
      case "preadv2", "pwritev2" -> (call.intArg(4) & FileFlags.RWF_NOWAIT) != 0;
      case "openat" -> (call.intArg(2) & FileFlags.O_NONBLOCK) != 0; // of a FIFO, or a description of one's own
      default -> false;
    };
  }
}
