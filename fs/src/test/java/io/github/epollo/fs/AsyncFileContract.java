package io.github.epollo.fs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Body;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.io.AsyncReader;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.testsupport.ProbeKernel;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a file does, whoever makes the calls that may wait. */
abstract class AsyncFileContract {
  @TempDir Path directory;

  private final ProbeKernel probe = new ProbeKernel();
  private Path path;

  abstract FileBackend backend();

  @BeforeEach
  void name() {
    path = directory.resolve("file");
  }

  @AfterEach
  void noNumberIsLeft() throws IOException {
    try (Stream<Path> fds = Files.list(Path.of("/proc/self/fd"))) {
      assertThat(fds.map(AsyncFileContract::target).filter(t -> t.startsWith(directory.toString()))).isEmpty();
    }
  }

  private static String target(Path fd) {
    try {
      return Files.readSymbolicLink(fd).toString();
    } catch (IOException e) {
      return ""; // the one that lists
    }
  }

  private void run(Body body) {
    Epollo.run(EpolloOptions.defaults().withKernel(probe.kernel()).with(FileOptions.class,
        FileOptions.defaults().withBackend(backend())), body);
  }

  /** From here on nothing is in memory, and no write can be made on the spot. */
  private void everythingWaits() {
    probe.on("preadv2", _ -> -Errno.EAGAIN);
    probe.on("pwritev2", _ -> -Errno.EAGAIN);
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }

  private static String text(ByteBuffer buffer) {
    return UTF_8.decode(buffer.duplicate().flip()).toString();
  }

  private String content() throws IOException {
    return Files.readString(path);
  }

  @Test
  void whatIsWrittenAtAPositionIsReadThere() {
    writeAndRead();
  }

  private void writeAndRead() {
    run(() -> {
      try (AsyncFile file = AsyncFile.open(path, CREATE_NEW, WRITE, READ)) {
        assertThat(file.writeAt(bytes("hello world"), 3)).isEqualTo(11);
        assertThat(file.size()).isEqualTo(14);
        assertThat(file.sizeAsync().await()).isEqualTo(14);
        ByteBuffer target = ByteBuffer.allocate(5);
        file.readFullyAt(target, 9);
        assertThat(text(target)).isEqualTo("world");
        assertThat(file.readAt(ByteBuffer.allocate(9), 14)).isEqualTo(-1);
        assertThat(file.readAt(ByteBuffer.allocate(0), 3)).isZero();
        assertThat(file.position()).isZero();
        ByteBuffer last = ByteBuffer.allocate(9);
        assertThat(file.readAt(last, 12)).isEqualTo(2);
        assertThat(text(last)).isEqualTo("ld");
      }
    });
  }

  @Test
  void theSameThroughTheEngine() {
    everythingWaits();
    writeAndRead();
  }

  @Test
  void theSameByFutures() {
    run(() -> {
      try (AsyncFile file = AsyncFile.openAsync(path, CREATE_NEW, WRITE, READ).await()) {
        file.writeFullyAtAsync(bytes("hello world"), 0).await();
        assertThat(file.writeAtAsync(bytes("W"), 6).await()).isEqualTo(1);
        everythingWaits();
        ByteBuffer[] two = {ByteBuffer.allocate(2), ByteBuffer.allocateDirect(4)};
        assertThat(file.readAtAsync(two, 4).await()).isEqualTo(6);
        assertThat(text(two[0]) + text(two[1])).isEqualTo("o Worl");
        assertThat(file.readAtAsync(ByteBuffer.allocate(1), 11).await()).isEqualTo(-1);
        ByteBuffer tooLong = ByteBuffer.allocate(20);
        assertThatThrownBy(() -> file.readFullyAtAsync(tooLong, 4).await()).hasRootCauseInstanceOf(EOFException.class)
            .rootCause().hasMessageContaining("after 7 of 20 bytes").hasMessageContaining(path.toString());
        assertThat(text(tooLong)).isEqualTo("o World");
        assertThat(file.writeAtAsync(new ByteBuffer[]{bytes("a"), bytes("bc")}, 1).await()).isEqualTo(3);
        assertThat(file.metadataAsync().await().size()).isEqualTo(11);
        file.truncateAsync(4).await();
        file.truncateAsync(9).await();
        file.syncAsync().await();
        file.syncDataAsync().await();
        file.closeAsync().await();
        file.closeAsync().await();
      }
      assertThat(content()).isEqualTo("habc");
    });
  }

  /** Larger than what is copied at a time, from and into every kind of buffer. */
  @Test
  void largeContent() {
    byte[] content = new byte[1_000_003];
    new Random(7).nextBytes(content);
    run(() -> {
      try (AsyncFile file = AsyncFile.open(path, CREATE_NEW, WRITE, READ)) {
        file.writeFullyAt(ByteBuffer.wrap(content, 0, 500_000), 0);
        ByteBuffer direct = ByteBuffer.allocateDirect(content.length);
        direct.put(0, content);
        file.writeFullyAtAsync(direct.position(500_000), 500_000).await();
        for (int round = 0; round < 2; round++) {
          ByteBuffer heap = ByteBuffer.allocate(content.length);
          file.readFullyAt(heap, 0);
          assertThat(heap.array()).isEqualTo(content);
          file.readFullyAtAsync(heap.clear(), 0).await();
          assertThat(heap.array()).isEqualTo(content);
          direct.clear().put(0, new byte[content.length]);
          file.readFullyAt(direct, 0);
          assertThat(direct.flip()).isEqualTo(ByteBuffer.wrap(content));
          everythingWaits();
        }
      }
    });
  }

  @Test
  void theCursorMovesBehindWhatWasReadAndWritten() {
    run(() -> {
      try (AsyncFile file = AsyncFile.open(path, CREATE, WRITE, READ)) {
        assertThat(file.write(bytes("abc"))).isEqualTo(3);
        assertThat(file.write(new ByteBuffer[]{bytes("de"), ByteBuffer.allocate(0), bytes("fg")})).isEqualTo(4);
        assertThat(file.writeAsync(bytes("h")).await()).isEqualTo(1);
        assertThat(file.position()).isEqualTo(8);
        assertThat(file.position(1)).isSameAs(file);
        ByteBuffer two = ByteBuffer.allocate(2);
        assertThat(file.read(two)).isEqualTo(2);
        ByteBuffer[] more = {ByteBuffer.allocate(1), ByteBuffer.allocate(2)};
        assertThat(file.read(more)).isEqualTo(3);
        assertThat(text(two) + text(more[0]) + text(more[1])).isEqualTo("bcdef");
        ByteBuffer last = ByteBuffer.allocate(2);
        file.readFullyAsync(last).await();
        assertThat(file.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        assertThat(file.readAsync(ByteBuffer.allocate(1)).await()).isEqualTo(-1);
        assertThat(file.position()).isEqualTo(8);
        assertThat(file.truncate(20).size()).isEqualTo(8);
        assertThat(file.truncate(5).position()).isEqualTo(5);
      }
      assertThat(content()).isEqualTo("abcde");
    });
  }

  @Test
  void appendingGoesToTheEndWhereverTheCursorIs() {
    run(() -> {
      Files.writeString(path, "abc");
      try (AsyncFile file = AsyncFile.open(path, APPEND, READ); AsyncFile other = AsyncFile.open(path, APPEND)) {
        file.write(bytes("d"));
        other.writeFully(bytes("e"));
        everythingWaits();
        file.writeAsync(bytes("f")).await();
        assertThat(file.position()).isEqualTo(6);
        file.position(1);
        ByteBuffer target = ByteBuffer.allocate(9);
        assertThat(file.read(target)).isEqualTo(5);
        assertThat(text(target)).isEqualTo("bcdef");
        assertThatThrownBy(() -> file.writeAt(bytes("x"), 0)).isInstanceOf(UnsupportedOperationException.class)
            .hasMessageContaining("append");
      }
    });
  }

  @Test
  void theStreamsOfTheJdkAndOfTheRuntimeTakeAFile() {
    run(() -> {
      try (AsyncFile file = AsyncFile.open(path, CREATE, WRITE, READ)) {
        Channels.newOutputStream(file).write("one\ntwo".getBytes(UTF_8));
        file.position(0);
        assertThat(new String(Channels.newInputStream(file).readAllBytes(), UTF_8)).isEqualTo("one\ntwo");
        file.position(4);
        AsyncReader reader = file.take(2);
        ByteBuffer target = ByteBuffer.allocate(5);
        assertThat(reader.read(target)).isEqualTo(2);
        assertThat(reader.read(target)).isEqualTo(-1);
        file.shutdownOutput();
        assertThatThrownBy(() -> file.write(bytes("x"))).hasMessageContaining("output was shut down");
      }
    });
  }

  @Test
  void spaceIsMadeAndGivenBack() {
    run(() -> {
      try (AsyncFile file = AsyncFile.open(path, CREATE, WRITE, READ)) {
        file.allocate(0, 1 << 16);
        assertThat(file.size()).isEqualTo(1 << 16);
        long blocks = file.metadata().blocks();
        assertThat(blocks).isGreaterThanOrEqualTo(128);
        file.writeFullyAt(ByteBuffer.wrap(new byte[1 << 16]), 0);
        file.sync();
        file.punchHole(4096, 3 * 4096);
        assertThat(file.size()).isEqualTo(1 << 16);
        assertThat(file.metadata().blocks()).isLessThan(blocks);
        for (FileAdvice advice : FileAdvice.values()) {
          file.advise(0, 0, advice);
        }
        file.adviseAsync(0, 1L << 40, FileAdvice.NORMAL).await();
        file.allocateAsync(0, 1 << 17).await();
        file.punchHoleAsync(0, 4096).await();
        assertThat(file.size()).isEqualTo(1 << 17);
      }
    });
  }

  @Test
  void metadataSaysWhatTheJdkSays() {
    run(() -> {
      Instant old = Instant.ofEpochSecond(-5, 123_456_789);
      try (AsyncFile file = AsyncFile.open(path,
          OpenOptions.defaults().write().create().mode("rw-r-----"))) {
        file.write(bytes("abc"));
        assertThat(Files.getPosixFilePermissions(path)).isEqualTo(PosixFilePermissions.fromString("rw-r-----"));
        file.setPermissions(PosixFilePermissions.fromString("rwx--x---"));
        file.setTimes(null, old);
        FileMetadata metadata = file.metadata();
        assertThat(metadata.modified()).isEqualTo(old).isEqualTo(Files.getLastModifiedTime(path).toInstant());
        assertThat(metadata.accessed()).isAfter(old);
        assertThat(metadata.changed()).isAfter(old);
        assertThat(metadata.created()).isAfter(old);
        assertThat(metadata.mode()).isEqualTo(0710);
        assertThat(metadata.permissions()).isEqualTo(Files.getPosixFilePermissions(path));
        assertThat(metadata.size()).isEqualTo(3);
        assertThat(metadata.type()).isEqualTo(FileType.REGULAR);
        assertThat(metadata.isRegularFile()).isTrue();
        assertThat((Object) metadata.inode()).isEqualTo(Files.getAttribute(path, "unix:ino"));
        assertThat((Object) metadata.links()).isEqualTo(Files.getAttribute(path, "unix:nlink"));
        assertThat((Object) (int) metadata.user()).isEqualTo(Files.getAttribute(path, "unix:uid"));
        assertThat((Object) (int) metadata.group()).isEqualTo(Files.getAttribute(path, "unix:gid"));
        assertThat(metadata.isSameFile(file.metadataAsync().await())).isTrue();
        file.setTimesAsync(old, null).await();
        file.setPermissionsAsync(0600).await();
        assertThat(file.metadata().accessed()).isEqualTo(old);
        assertThat(file.metadata().mode()).isEqualTo(0600);
      }
    });
  }

  @Test
  void filesWithoutANameGetOneOrGo() {
    run(() -> {
      try (AsyncFile file = AsyncFile.open(directory, OpenOptions.defaults().write().read().temporary())) {
        file.write(bytes("abc"));
        assertThat(directory).isEmptyDirectory();
        file.linkTo(path);
        assertThatThrownBy(() -> file.linkTo(path)).isInstanceOf(FileAlreadyExistsException.class);
      }
      assertThat(content()).isEqualTo("abc");
      try (AsyncFile file = AsyncFile.open(path, READ, WRITE, DELETE_ON_CLOSE)) {
        assertThat(path).doesNotExist();
        assertThat(file.size()).isEqualTo(3);
      }
    });
  }

  @Test
  void openingMakesEmptiesAndRefusesAsAsked() {
    run(() -> {
      assertThatThrownBy(() -> AsyncFile.open(path)).isInstanceOf(NoSuchFileException.class)
          .hasMessageContaining(path.toString()).hasMessageContaining("openat");
      AsyncFile.open(path, WRITE, CREATE).close();
      Files.writeString(path, "abc");
      AsyncFile.open(path, WRITE, CREATE).close();
      assertThat(content()).isEqualTo("abc");
      AsyncFile.open(path, WRITE, TRUNCATE_EXISTING).close();
      assertThat(content()).isEmpty();
      assertThatThrownBy(() -> AsyncFile.open(path, WRITE, CREATE_NEW)).isInstanceOf(FileAlreadyExistsException.class);
      Path link = Files.createSymbolicLink(directory.resolve("link"), path);
      AsyncFile.open(link).close();
      assertThatThrownBy(() -> AsyncFile.open(link, READ, LinkOption.NOFOLLOW_LINKS))
          .isInstanceOf(FileSystemException.class).hasMessageContaining("noFollow").hasMessageContaining("ELOOP");
    });
  }

  @Test
  void whatIsNoFileIsRefusedAtOnceAndTheMessageNamesWhatToUse() {
    run(() -> {
      Path fifo = directory.resolve("fifo");
      assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
      assertThatThrownBy(() -> AsyncFile.open(directory)).isInstanceOf(FileSystemException.class)
          .hasMessageContaining("is a directory").hasMessageContaining("AsyncFiles.list");
      assertThatThrownBy(() -> AsyncFile.open(directory, WRITE)).isInstanceOf(FileSystemException.class)
          .hasMessageContaining("is a directory");
      assertThatThrownBy(() -> AsyncFile.open(fifo)).isInstanceOf(FileSystemException.class)
          .hasMessageContaining("FIFO").hasMessageContaining("Pipe");
      assertThatThrownBy(() -> AsyncFile.open(fifo, WRITE)).isInstanceOf(FileSystemException.class)
          .hasMessageContaining("FIFO").hasMessageContaining("Pipe");
    });
  }

  @Test
  void devicesAndFilesOfTheKernelAreRead() {
    run(() -> {
      ByteBuffer target = ByteBuffer.allocate(100_000);
      try (AsyncFile zero = AsyncFile.open(Path.of("/dev/zero"));
          AsyncFile nothing = AsyncFile.open(Path.of("/dev/null"), READ, WRITE);
          AsyncFile status = AsyncFile.open(Path.of("/proc/self/status"))) {
        zero.readFullyAt(target, 0);
        assertThat(nothing.read(target.clear())).isEqualTo(-1);
        assertThat(nothing.write(bytes("abc"))).isEqualTo(3);
        assertThat(status.read(target.clear())).isPositive();
        assertThat(text(target)).contains("VmSize");
      }
    });
  }

  @Test
  void directReadsAndWritesGoPastThePageCache() {
    run(() -> {
      try (AsyncFile file = AsyncFile.open(path, OpenOptions.defaults().write().read().create().direct())) {
        byte[] content = new byte[3 * 4096];
        new Random(3).nextBytes(content);
        file.writeFullyAt(ByteBuffer.wrap(content), 4096);
        file.truncate(4 * 4096 - 100);
        ByteBuffer target = ByteBuffer.allocate(3 * 4096);
        assertThatThrownBy(() -> file.readFullyAt(target, 4096)).isInstanceOf(EOFException.class);
        assertThat(target.position()).isEqualTo(3 * 4096 - 100);
        assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(content, 0, 3 * 4096 - 100));
        assertThatThrownBy(() -> file.readFullyAtAsync(target.clear(), 4096).await())
            .hasRootCauseInstanceOf(EOFException.class);
        assertThat(probe.calls("preadv2") + probe.calls("pwritev2")).isZero();
        assertThatThrownBy(() -> file.readAt(ByteBuffer.allocate(4096), 100))
            .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("position 100")
            .hasMessageContaining("multiples of");
        assertThatThrownBy(() -> file.writeAt(ByteBuffer.allocate(100), 0))
            .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("100 bytes");
      }
    });
  }

  /** Hazard 31. */
  @Test
  void everyNumberIsClosedInChildProcesses() {
    run(() -> {
      Path temporary = Files.createDirectory(directory.resolve("d"));
      try (AsyncFile read = AsyncFile.open(Files.createFile(path));
          AsyncFile written = AsyncFile.open(path, WRITE, CREATE);
          AsyncFile duplicate = read.duplicate();
          AsyncFile unnamed = AsyncFile.open(temporary, OpenOptions.defaults().write().temporary())) {
        assertThat(read.isOpen() && written.isOpen() && duplicate.isOpen() && unnamed.isOpen()).isTrue();
        int found = 0;
        try (Stream<Path> fds = Files.list(Path.of("/proc/self/fd"))) {
          for (Path fd : fds.filter(f -> target(f).startsWith(directory.toString())).toList()) {
            found++;
            String flags = Files.readAllLines(Path.of("/proc/self/fdinfo", fd.getFileName().toString())).get(1);
            assertThat(Integer.parseInt(flags.replaceAll("\\D", ""), 8) & FileFlags.O_CLOEXEC).as(flags).isNotZero();
          }
        }
        assertThat(found).isEqualTo(4);
      }
    });
  }

  @Test
  void aDuplicateHasACursorAndALifeOfItsOwn() {
    run(() -> {
      Files.writeString(path, "abc");
      AsyncFile file = AsyncFile.open(path);
      file.position(2);
      AsyncFile duplicate = file.duplicate();
      file.close();
      ByteBuffer target = ByteBuffer.allocate(9);
      assertThat(duplicate.read(target)).isEqualTo(3);
      duplicate.close();
    });
  }

  @Test
  void manyTasksReadAndWriteAtOnce() {
    run(() -> {
      everythingWaits();
      try (AsyncFile file = AsyncFile.open(path, CREATE, WRITE, READ)) {
        var tasks = java.util.stream.IntStream.range(0, 50).mapToObj(i -> Tasks.spawn(() -> {
          ByteBuffer mine = ByteBuffer.allocate(1000);
          for (int round = 0; round < 5; round++) {
            mine.clear();
            while (mine.hasRemaining()) {
              mine.put((byte) (i + round));
            }
            file.writeFullyAt(mine.flip(), i * 1000L);
            ByteBuffer back = ByteBuffer.allocate(1000);
            file.readFullyAt(back, i * 1000L);
            assertThat(back.flip()).isEqualTo(mine.rewind());
          }
        })).toList();
        tasks.forEach(t -> t.await());
        assertThat(file.size()).isEqualTo(50_000);
      }
    });
  }

  @Test
  void theRuntimeClosesWhatIsLeftOpen() {
    AsyncFile[] left = new AsyncFile[2];
    run(() -> {
      left[0] = AsyncFile.open(path, CREATE, WRITE);
      left[1] = AsyncFile.open(path);
    });
    assertThat(left[0].isOpen() || left[1].isOpen()).isFalse();
  }
}
