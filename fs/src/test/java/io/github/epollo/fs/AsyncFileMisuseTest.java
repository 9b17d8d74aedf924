package io.github.epollo.fs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.testsupport.ProbeKernel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bad input gets an exception that names it and says what to do. */
class AsyncFileMisuseTest {
  @TempDir Path directory;
  private Path path;

  @BeforeEach
  void create() throws IOException {
    path = Files.writeString(directory.resolve("file"), "abcdef");
  }

  private static ByteBuffer room() {
    return ByteBuffer.allocate(3);
  }

  @Test
  void badPositionsAndBuffers() {
    Epollo.run(() -> {
      try (AsyncFile file = AsyncFile.open(path, READ, WRITE)) {
        List<ThrowingCallable> negative = List.of(() -> file.readAt(room(), -1), () -> file.writeAt(room(), -1),
            () -> file.readFullyAt(room(), -1), () -> file.writeFullyAt(room(), -1),
            () -> file.readAtAsync(room(), -1).await(), () -> file.writeAtAsync(room(), -1).await(),
            () -> file.position(-1), () -> file.truncate(-1), () -> file.truncateAsync(-1), () -> file.allocate(-1, 5),
            () -> file.allocate(5, -1), () -> file.punchHole(-1, 5), () -> file.advise(-1, 5, FileAdvice.NORMAL));
        for (ThrowingCallable call : negative) {
          assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("-1");
        }
        assertThatThrownBy(() -> file.readAt(room().asReadOnlyBuffer(), 0))
            .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("read-only");
        assertThatThrownBy(() -> file.readAtAsync(room().asReadOnlyBuffer(), 0).await())
            .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("read-only");
        assertThatThrownBy(() -> file.read(new ByteBuffer[]{room()}, 1, 1))
            .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> file.setPermissions(0100000)).isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("0100000");
        assertThat(file.writeAt(ByteBuffer.wrap("x".getBytes(UTF_8)).asReadOnlyBuffer(), 0)).isEqualTo(1);
      }
    });
  }

  @Test
  void badPaths() {
    Epollo.run(() -> {
      assertThatThrownBy(() -> AsyncFile.open(Path.of("a\0b"))).isInstanceOf(InvalidPathException.class);
      assertThatThrownBy(() -> AsyncFile.open(directory.resolve("x".repeat(300))))
          .isInstanceOf(FileSystemException.class).hasMessageContaining("ENAMETOOLONG");
      assertThatThrownBy(() -> AsyncFile.open(directory.resolve("x/".repeat(10_000))))
          .isInstanceOf(FileSystemException.class).hasMessageContaining("ENAMETOOLONG");
      assertThatThrownBy(() -> AsyncFile.open(path.resolve("below"))).isInstanceOf(FileSystemException.class)
          .hasMessageContaining("ENOTDIR");
      Path zip = directory.resolve("a.zip");
      try (var other = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
        assertThatThrownBy(() -> AsyncFile.open(other.getPath("a"))).isInstanceOf(ProviderMismatchException.class);
      }
      Path loop = directory.resolve("loop");
      Files.createSymbolicLink(loop, loop);
      assertThatThrownBy(() -> AsyncFile.open(loop)).isInstanceOf(FileSystemException.class)
          .hasMessageContaining("ELOOP").hasMessageContaining(loop.toString());
    });
  }

  @Test
  void whatTheKernelForbids() {
    ProbeKernel probe = new ProbeKernel();
    probe.on("openat2", _ -> -Errno.EACCES).on("openat", _ -> -Errno.EACCES);
    Epollo.run(EpolloOptions.defaults().withKernel(probe.kernel()).with(FileOptions.class,
        FileOptions.defaults().withBackend(FileBackend.POOL)),
        () -> assertThatThrownBy(() -> AsyncFile.open(path)).isInstanceOf(AccessDeniedException.class)
            .hasMessageContaining(path.toString()).hasMessageContaining("openat"));
  }

  @Test
  void whatAFileWasNotOpenedFor() {
    Epollo.run(() -> {
      try (AsyncFile read = AsyncFile.open(path); AsyncFile written = AsyncFile.open(path, WRITE)) {
        List<ThrowingCallable> writes = List.of(() -> read.write(room()), () -> read.writeAt(room(), 0),
            () -> read.writeAtAsync(room(), 0).await(), () -> read.truncate(0), () -> read.truncateAsync(0).await(),
            () -> read.allocate(0, 5), () -> read.punchHole(0, 5), read::lock);
        for (ThrowingCallable call : writes) {
          assertThatThrownBy(call).isInstanceOf(NonWritableChannelException.class);
        }
        List<ThrowingCallable> reads = List.of(() -> written.read(room()), () -> written.readAt(room(), 0),
            () -> written.readAtAsync(room(), 0).await(), () -> written.lock(0, 1, true));
        for (ThrowingCallable call : reads) {
          assertThatThrownBy(call).isInstanceOf(NonReadableChannelException.class);
        }
      }
      assertThat(Files.readString(path)).isEqualTo("abcdef");
    });
  }

  @Test
  void nothingWorksAfterClose() {
    Epollo.run(() -> {
      AsyncFile file = AsyncFile.open(path, READ, WRITE);
      file.close();
      List<ThrowingCallable> calls = List.of(() -> file.read(room()), () -> file.write(room()),
          () -> file.readAt(room(), 0), () -> file.writeAt(room(), 0), () -> file.readFullyAt(room(), 0),
          () -> file.readAt(new ByteBuffer[]{room()}, 0), () -> file.writeAt(new ByteBuffer[]{room()}, 0), file::size,
          file::position, () -> file.position(1), () -> file.truncate(0), () -> file.allocate(0, 1),
          () -> file.punchHole(0, 1), () -> file.advise(0, 1, FileAdvice.NORMAL), file::sync, file::syncData,
          file::metadata, () -> file.setPermissions(0600), () -> file.setTimes(null, null), file::lock, file::tryLock,
          file::duplicate, file::shutdownOutput);
      for (ThrowingCallable call : calls) {
        assertThatThrownBy(call).isInstanceOf(ClosedChannelException.class).hasMessageContaining(path.toString())
            .hasMessageContaining("closed");
      }
      List<Future<?>> futures = List.of(file.readAsync(room()), file.writeAsync(room()), file.readAtAsync(room(), 0),
          file.writeAtAsync(room(), 0), file.readFullyAtAsync(room(), 0), file.sizeAsync(), file.truncateAsync(0),
          file.syncAsync(), file.metadataAsync(), file.lockAsync(0, 1, true), file.setTimesAsync(null, null));
      for (Future<?> future : futures) {
        assertThatThrownBy(future::await).hasCauseInstanceOf(ClosedChannelException.class);
      }
      assertThat(file.closeAsync().await()).isNull();
      assertThat(file.isOpen()).isFalse();
    });
  }

  @Test
  void oneTaskAtATimeUsesTheCursor() {
    ProbeKernel probe = new ProbeKernel();
    CountDownLatch go = new CountDownLatch(1);
    probe.on("preadv2", _ -> -Errno.EAGAIN).on("pread", call -> { // in a thread: else it may be done at once
      go.await();
      return call.real();
    });
    EpolloOptions options = EpolloOptions.defaults().withKernel(probe.kernel())
        .with(FileOptions.class, FileOptions.defaults().withBackend(FileBackend.POOL));
    Epollo.run(options, () -> {
      try (AsyncFile file = AsyncFile.open(path, READ, WRITE)) {
        Future<Integer> first = file.readAsync(room());
        assertThat(first.poll(() -> {})).isInstanceOf(Poll.Pending.class);
        List<ThrowingCallable> others = List.of(() -> file.read(room()), () -> file.write(room()),
            () -> file.position(3), () -> file.readAsync(room()).await());
        for (ThrowingCallable other : others) {
          assertThatThrownBy(other).isInstanceOf(IllegalStateException.class).hasMessageContaining("readAt");
        }
        go.countDown();
        assertThat(file.readAt(room(), 0)).isEqualTo(3); // needs no cursor
        first.close();
        assertThat(file.read(room())).isEqualTo(3);
        assertThat(file.position()).isEqualTo(3);
      }
    });
  }

  @Test
  void aPlainThreadMayUseAFile() {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    ProbeKernel probe = new ProbeKernel();
    try (Epollo epollo = Epollo.start(EpolloOptions.defaults().withKernel(probe.kernel()))) {
      AsyncFile file = epollo.spawn(() -> AsyncFile.open(path, READ, WRITE, CREATE)).await();
      Thread thread = Thread.ofPlatform().start(() -> {
        try {
          for (int round = 0; round < 2; round++) {
            file.writeFullyAt(ByteBuffer.wrap("xyz".getBytes(UTF_8)), round);
            ByteBuffer target = room();
            file.readFullyAt(target, round);
            assertThat(target.flip()).isEqualTo(ByteBuffer.wrap("xyz".getBytes(UTF_8)));
            file.sync();
            file.metadata();
            file.lock().close();
            probe.on("preadv2", _ -> -Errno.EAGAIN);
          }
          file.close();
        } catch (Throwable t) {
          failure.set(t);
        }
      });
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    assertThat(failure.get()).isNull();
    assertThat(probe.calls("close")).isPositive();
  }

  @Test
  void outsideAnyRuntime() {
    assertThatThrownBy(() -> AsyncFile.open(path)).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no Epollo runtime");
  }
}
