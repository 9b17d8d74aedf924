package io.github.epollo.fs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.fs.engine.OpenFds;
import io.github.epollo.fs.engine.PathBytes;
import io.github.epollo.runtime.Body;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds of files by their paths, whoever makes the calls. */
abstract class AsyncFilesContract {
  @TempDir Path directory;

  private Set<String> openBefore = Set.of();

  abstract FileBackend backend();

  EpolloOptions options() {
    return EpolloOptions.defaults().with(FileOptions.class, FileOptions.defaults().withBackend(backend()));
  }

  void run(Body body) {
    Epollo.run(options(), body);
  }

  @BeforeEach
  void countOpenFds() {
    Epollo.run(() -> {}); // what the JVM opens once and keeps is opened now
    openBefore = OpenFds.below(directory);
  }

  @AfterEach
  void nothingIsLeftOpen() {
    OpenFds.requireNoMoreThan(openBefore, directory);
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(directory.resolve(name), content);
  }

  private List<String> names() throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(p -> p.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void theBackendIsTheForcedOne() {
    run(() -> assertThat(AsyncFiles.backend()).isEqualTo(backend()));
  }

  // ---- whole files

  @Test
  void bytesThatWereWrittenAreRead() {
    run(() -> {
      for (int size : new int[]{0, 1, 8191, 8192, 8193, 300_000}) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
          bytes[i] = (byte) (i * 31);
        }
        Path file = directory.resolve("f" + size);
        AsyncFiles.write(file, bytes);
        assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
        assertThat(AsyncFiles.readBytes(file)).isEqualTo(bytes);
        assertThat(AsyncFiles.readBytesAsync(file).await()).isEqualTo(bytes);
      }
    });
  }

  @Test
  void aFileThatDoesNotKnowItsSizeIsReadToItsEnd() {
    run(() -> assertThat(AsyncFiles.readString(Path.of("/proc/self/status"))).contains("Name:")
        .contains("ctxt_switches")
        .endsWith("\n"));
  }

  @Test
  void writingReplacesAndAppendingAdds() {
    run(() -> {
      Path file = file("f", "something that is long");
      AsyncFiles.writeString(file, "grün");
      assertThat(AsyncFiles.readString(file)).isEqualTo("grün");
      AsyncFiles.append(file, "!".getBytes(UTF_8));
      AsyncFiles.append(directory.resolve("new"), "n".getBytes(UTF_8));
      assertThat(Files.readString(file)).isEqualTo("grün!");
      assertThat(Files.readString(directory.resolve("new"))).isEqualTo("n");
      AsyncFiles.writeString(file, "grün", ISO_8859_1);
      assertThat(Files.readAllBytes(file)).hasSize(4);
      assertThat(AsyncFiles.readString(file, ISO_8859_1)).isEqualTo("grün");
    });
  }

  @Test
  void whatIsNoTextIsRefusedWithThePlace() {
    run(() -> {
      Path file = Files.write(directory.resolve("f"), new byte[]{'a', (byte) 0xff, 'b'});
      assertThatThrownBy(() -> AsyncFiles.readString(file)).isInstanceOf(FileSystemException.class)
          .hasMessageContaining(file.toString()).hasMessageContaining("UTF-8")
          .hasCauseInstanceOf(MalformedInputException.class);
      assertThatThrownBy(() -> AsyncFiles.writeString(file, "\ud800")).isInstanceOf(FileSystemException.class)
          .hasMessageContaining(file.toString());
      assertThat(Files.readAllBytes(file)).hasSize(3);
    });
  }

  @Test
  void anAtomicWriteReplacesTheContentAndKeepsThePermissions() {
    run(() -> {
      Path file = file("f", "old");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx-w---x"));
      AsyncFiles.writeAtomically(file, "new".getBytes(UTF_8));
      assertThat(Files.readString(file)).isEqualTo("new");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rwx-w---x");
      AsyncFiles.writeAtomicallyAsync(directory.resolve("g"), "g".getBytes(UTF_8)).await();
      assertThat(Files.readString(directory.resolve("g"))).isEqualTo("g");
      assertThat(names()).containsExactly("f", "g");
    });
  }

  @Test
  void anAtomicWriteReplacesALinkAndNotWhatItPointsTo() {
    run(() -> {
      Path file = file("f", "old");
      Path link = Files.createSymbolicLink(directory.resolve("l"), Path.of("f"));
      AsyncFiles.writeAtomically(link, "new".getBytes(UTF_8));
      assertThat(Files.isSymbolicLink(link)).isFalse();
      assertThat(Files.readString(link)).isEqualTo("new");
      assertThat(Files.readString(file)).isEqualTo("old");
    });
  }

  @Test
  void anAtomicWriteThatFailsLeavesNothing() {
    run(() -> {
      Path sub = Files.createDirectory(directory.resolve("sub"));
      file("sub/f", "");
      assertThatThrownBy(() -> AsyncFiles.writeAtomically(sub, new byte[1])).isInstanceOf(FileSystemException.class)
          .hasMessageContaining(sub.toString()).hasMessageContaining("EISDIR");
      assertThatThrownBy(() -> AsyncFiles.writeAtomically(directory.resolve("no/f"), new byte[1]))
          .isInstanceOf(NoSuchFileException.class);
      assertThat(names()).containsExactly("sub");
    });
  }

  // ---- what there is

  @Test
  void existsFollowsLinksOrNot() {
    run(() -> {
      Path file = file("f", "");
      Path dangling = Files.createSymbolicLink(directory.resolve("l"), Path.of("nowhere"));
      assertThat(AsyncFiles.exists(file)).isTrue();
      assertThat(AsyncFiles.exists(file.resolve("below"))).isFalse();
      assertThat(AsyncFiles.exists(directory.resolve("no"))).isFalse();
      assertThat(AsyncFiles.exists(dangling)).isFalse();
      assertThat(AsyncFiles.exists(dangling, LinkOption.NOFOLLOW_LINKS)).isTrue();
      assertThat(AsyncFiles.existsAsync(file).await()).isTrue();
    });
  }

  @Test
  void theCanonicalPathIsThatOfTheJdk() {
    run(() -> {
      Files.createDirectories(directory.resolve("a/b"));
      Files.createSymbolicLink(directory.resolve("l"), Path.of("a/../a/b"));
      Files.createSymbolicLink(directory.resolve("abs"), directory.resolve("l"));
      file("a/b/f", "");
      for (String path : List.of("a", "a/.", "a/b/..", "l", "l/..", "abs/f", "abs/../../l/f", "./a/./b/f")) {
        Path p = directory.resolve(path);
        assertThat(AsyncFiles.canonicalPath(p)).as(path).isEqualTo(p.toRealPath());
      }
      assertThat(AsyncFiles.canonicalPath(Path.of("/"))).isEqualTo(Path.of("/"));
      assertThat(AsyncFiles.canonicalPath(Path.of("/.."))).isEqualTo(Path.of("/"));
      assertThat(AsyncFiles.canonicalPath(Path.of(""))).isEqualTo(Path.of("").toRealPath());
      assertThat(AsyncFiles.canonicalPathAsync(directory.resolve("l")).await())
          .isEqualTo(directory.resolve("a/b").toRealPath());
      assertThatThrownBy(() -> AsyncFiles.canonicalPath(directory.resolve("a/no"))).isInstanceOf(
          NoSuchFileException.class).hasMessageContaining("a/no");
      assertThatThrownBy(() -> AsyncFiles.canonicalPath(directory.resolve("a/b/f/..")))
          .isInstanceOf(NotDirectoryException.class);
      Files.createSymbolicLink(directory.resolve("loop"), Path.of("loop"));
      assertThatThrownBy(() -> AsyncFiles.canonicalPath(directory.resolve("loop"))).isInstanceOf(
          FileSystemException.class).hasMessageContaining("ELOOP");
    });
  }

  @Test
  void spaceIsThatOfTheFileSystem() {
    run(() -> {
      assertThat(AsyncFiles.totalSpace(directory)).isEqualTo(Files.getFileStore(directory).getTotalSpace());
      assertThat(AsyncFiles.freeSpace(directory)).isPositive().isLessThan(AsyncFiles.totalSpace(directory));
    });
  }

  // ---- making and removing

  @Test
  void directoriesAreMadeWithThoseAbove() {
    run(() -> {
      Path deep = directory.resolve("a/b/c/d");
      AsyncFiles.createDirectories(deep);
      AsyncFiles.createDirectories(deep);
      AsyncFiles.createDirectoriesAsync(directory.resolve("a/b/x")).await();
      assertThat(deep).isDirectory();
      assertThat(directory.resolve("a/b/x")).isDirectory();
      Files.createSymbolicLink(directory.resolve("l"), Path.of("a"));
      AsyncFiles.createDirectories(directory.resolve("l"));
      AsyncFiles.createDirectories(directory.resolve("l/y"));
      assertThat(directory.resolve("a/y")).isDirectory();
      file("f", "");
      assertThatThrownBy(() -> AsyncFiles.createDirectories(directory.resolve("f"))).isInstanceOf(
          FileAlreadyExistsException.class);
      assertThatThrownBy(() -> AsyncFiles.createDirectories(directory.resolve("f/g")))
          .isInstanceOf(NotDirectoryException.class);
      assertThatThrownBy(() -> AsyncFiles.createDirectory(directory.resolve("a"))).isInstanceOf(
          FileAlreadyExistsException.class).hasMessageContaining("mkdirat");
      assertThatThrownBy(() -> AsyncFiles.createDirectory(directory.resolve("no/a"))).isInstanceOf(
          NoSuchFileException.class);
    });
  }

  @Test
  void temporaryFilesAreTheirMakersOnly() {
    run(() -> {
      Path file = AsyncFiles.createTemporaryFile(directory, "pre", ".suf");
      assertThat(file.getFileName().toString()).startsWith("pre").endsWith(".suf").hasSizeGreaterThan(20);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
      Path made = AsyncFiles.createTemporaryDirectoryAsync(directory, "d").await();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made))).isEqualTo("rwx------");
      assertThat(AsyncFiles.createTemporaryFileAsync(directory, "pre", ".suf").await()).exists().isNotEqualTo(file);
      assertThatThrownBy(() -> AsyncFiles.createTemporaryFile(directory, "../x", "")).isInstanceOf(
          IllegalArgumentException.class).hasMessageContaining("../x");
      assertThatThrownBy(() -> AsyncFiles.createTemporaryFile(directory.resolve("no"), "x", "")).isInstanceOf(
          NoSuchFileException.class);
    });
  }

  @Test
  void aTemporaryFileThatNobodyTakesIsDeleted() {
    run(() -> {
      pending(() -> AsyncFiles.createTemporaryFileAsync(directory, "a", "")).close();
      Future<Path> waited = pending(() -> AsyncFiles.createTemporaryDirectoryAsync(directory, "b"));
      while (names().isEmpty()) {
        Tasks.yieldNow(); // until it is made
      }
      waited.close();
    }); // which waits for the tasks
    assertThat(directory).isEmptyDirectory();
  }

  /** A future that is not ready yet. Without the flag its task runs on another thread, and may be the faster one: then what it made is this test's. */
  private static Future<Path> pending(Supplier<Future<Path>> maker) throws IOException {
    while (true) {
      Future<Path> future = maker.get();
      if (!(future.poll(() -> {}) instanceof Poll.Ready<Path> ready)) {
        return future;
      }
      Files.delete(ready.value());
    }
  }

  @Test
  void deleteRemovesFilesLinksAndEmptyDirectories() {
    run(() -> {
      Path file = file("f", "");
      Path link = Files.createSymbolicLink(directory.resolve("l"), Path.of("d"));
      Path sub = Files.createDirectories(directory.resolve("d/e")).getParent();
      assertThatThrownBy(() -> AsyncFiles.delete(sub)).isInstanceOf(DirectoryNotEmptyException.class)
          .hasMessageContaining(sub.toString()).hasMessageContaining("unlinkat");
      AsyncFiles.delete(link);
      AsyncFiles.delete(sub.resolve("e"));
      AsyncFiles.deleteAsync(sub).await();
      assertThat(AsyncFiles.deleteIfExists(file)).isTrue();
      assertThat(AsyncFiles.deleteIfExists(file)).isFalse();
      assertThatThrownBy(() -> AsyncFiles.delete(file)).isInstanceOf(NoSuchFileException.class)
          .hasMessageContaining(file.toString()).hasMessageContaining("unlinkat");
      assertThat(names()).isEmpty();
    });
  }

  // ---- moving, copying, linking

  @Test
  void moveReplacesOnlyIfAskedTo() {
    run(() -> {
      Path a = file("a", "a");
      Path b = file("b", "b");
      assertThatThrownBy(() -> AsyncFiles.move(a, b)).isInstanceOf(FileAlreadyExistsException.class)
          .hasMessageContaining(b.toString()).hasMessageContaining("renameat2");
      AsyncFiles.move(a, a);
      AsyncFiles.move(a, b, StandardCopyOption.REPLACE_EXISTING);
      assertThat(Files.readString(b)).isEqualTo("a");
      AsyncFiles.move(b, a);
      Files.createDirectory(b);
      AsyncFiles.move(a, b, StandardCopyOption.REPLACE_EXISTING);
      assertThat(Files.readString(b)).isEqualTo("a");
      Files.createDirectory(a);
      AsyncFiles.moveAsync(a, b, StandardCopyOption.REPLACE_EXISTING).await();
      assertThat(b).isDirectory();
      file("b/f", "");
      Path c = file("c", "c");
      assertThatThrownBy(() -> AsyncFiles.move(c, b, StandardCopyOption.REPLACE_EXISTING)).isInstanceOf(
          DirectoryNotEmptyException.class).hasMessageContaining(b.toString());
      assertThatThrownBy(() -> AsyncFiles.move(b, b.resolve("sub"))).isInstanceOf(FileSystemException.class)
          .hasMessageContaining("EINVAL");
      assertThatThrownBy(() -> AsyncFiles.move(a, c)).isInstanceOf(NoSuchFileException.class);
      assertThatThrownBy(() -> AsyncFiles.move(a, c, StandardCopyOption.COPY_ATTRIBUTES)).isInstanceOf(
          UnsupportedOperationException.class).hasMessageContaining("COPY_ATTRIBUTES");
    });
  }

  @Test
  void aMoveWhoseSourceIsMissingLeavesTheTarget() {
    run(() -> {
      Path target = file("f", "content");
      for (Path source : List.of(target.resolve("below"), directory.resolve("no"), directory.resolve("no/no"))) {
        assertThatThrownBy(() -> AsyncFiles.move(source, target, StandardCopyOption.REPLACE_EXISTING))
            .isInstanceOf(FileSystemException.class).hasMessageContaining(source.toString());
        assertThat(target).hasContent("content");
      }
    });
  }

  @Test
  void aMoveToAnotherFileSystemCopiesUnlessItMustBeAtomic() throws IOException {
    Path elsewhere = Files.createTempDirectory(Path.of("/dev/shm"), "epollo");
    try {
      assertThat(Files.getFileStore(elsewhere)).isNotEqualTo(Files.getFileStore(directory));
      run(() -> {
        Path a = file("a", "content");
        Files.setLastModifiedTime(a, FileTime.from(Instant.ofEpochSecond(1000, 7000)));
        Files.setPosixFilePermissions(a, PosixFilePermissions.fromString("rwx-w---x"));
        Path b = elsewhere.resolve("b");
        assertThatThrownBy(() -> AsyncFiles.move(a, b, StandardCopyOption.ATOMIC_MOVE)).isInstanceOf(
            AtomicMoveNotSupportedException.class).hasMessageContaining("ATOMIC_MOVE");
        AsyncFiles.move(a, b);
        assertThat(a).doesNotExist();
        assertThat(b).hasContent("content");
        assertThat(Files.getLastModifiedTime(b).toInstant()).isEqualTo(Instant.ofEpochSecond(1000, 7000));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(b))).isEqualTo("rwx-w---x");
        Path other = file("a", "other");
        assertThatThrownBy(() -> AsyncFiles.move(other, b)).isInstanceOf(FileAlreadyExistsException.class);
        AsyncFiles.move(other, b, StandardCopyOption.REPLACE_EXISTING);
        assertThat(b).hasContent("other");
        Path link = Files.createSymbolicLink(directory.resolve("l"), Path.of("nowhere"));
        AsyncFiles.move(link, elsewhere.resolve("l"));
        assertThat(Files.readSymbolicLink(elsewhere.resolve("l"))).isEqualTo(Path.of("nowhere"));
        Path sub = Files.createDirectory(directory.resolve("d"));
        assertThatThrownBy(() -> AsyncFiles.move(sub, elsewhere.resolve("d"))).isInstanceOf(FileSystemException.class)
            .hasMessageContaining("another file system");
        assertThat(names()).containsExactly("d");
      });
    } finally {
      deleteAll(elsewhere);
    }
  }

  private static void deleteAll(Path tree) throws IOException {
    try (var files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void aCopyHasTheContentAndIfAskedToTheAttributes() {
    run(() -> {
      byte[] bytes = new byte[20 << 20];
      new Random(1).nextBytes(bytes);
      Path a = Files.write(directory.resolve("a"), bytes);
      Files.setPosixFilePermissions(a, PosixFilePermissions.fromString("rw-rw-rw-"));
      Files.setLastModifiedTime(a, FileTime.from(Instant.ofEpochSecond(1000, 7000)));
      Path b = directory.resolve("b");
      List<Long> progress = new ArrayList<>();
      AsyncFiles.copy(a, b, progress::add);
      assertThat(Files.mismatch(a, b)).isEqualTo(-1);
      assertThat(progress).isSorted().hasSizeGreaterThan(2).endsWith((long) bytes.length);
      assertThatThrownBy(() -> AsyncFiles.copy(a, b)).isInstanceOf(FileAlreadyExistsException.class)
          .hasMessageContaining(b.toString());
      assertThatThrownBy(() -> AsyncFiles.copyAsync(a, b).await()).hasCauseInstanceOf(FileAlreadyExistsException.class);
      AsyncFiles.copy(a, b, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
      assertThat(Files.getLastModifiedTime(b).toInstant()).isEqualTo(Instant.ofEpochSecond(1000, 7000));
      assertThat(Files.getPosixFilePermissions(b)).isEqualTo(Files.getPosixFilePermissions(a));
      AsyncFiles.copy(a, a);
      assertThat(names()).containsExactly("a", "b");
    });
  }

  @Test
  void aCopyKeepsHoles() {
    run(() -> {
      Path a = directory.resolve("a");
      try (var channel = FileChannel.open(a, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        for (long at : new long[]{1 << 20, 9 << 20}) {
          channel.write(ByteBuffer.wrap("data".getBytes(UTF_8)), at);
        }
      }
      try (var file = new RandomAccessFile(a.toFile(), "rw")) {
        file.setLength(30 << 20);
      }
      Path b = directory.resolve("b");
      AsyncFiles.copy(a, b);
      assertThat(Files.mismatch(a, b)).isEqualTo(-1);
      assertThat(blocks(b)).isLessThan(1000); // of 61440
    });
  }

  private static long blocks(Path path) throws IOException, InterruptedException {
    Process stat = new ProcessBuilder("stat", "-c", "%b", path.toString()).start();
    try (var output = stat.inputReader()) {
      return Long.parseLong(output.readLine());
    }
  }

  @Test
  void aFileWithoutASizeIsCopied() {
    run(() -> {
      AsyncFiles.copy(Path.of("/proc/self/mounts"), directory.resolve("m"));
      assertThat(directory.resolve("m")).hasContent(Files.readString(Path.of("/proc/self/mounts")));
    });
  }

  @Test
  void aCopyOfALinkIsALinkIfAskedTo() {
    run(() -> {
      file("f", "content");
      Path link = Files.createSymbolicLink(directory.resolve("l"), Path.of("f"));
      AsyncFiles.copy(link, directory.resolve("c"));
      AsyncFiles.copy(link, directory.resolve("k"), LinkOption.NOFOLLOW_LINKS);
      AsyncFiles.copy(link, directory.resolve("c2"), LinkOption.NOFOLLOW_LINKS);
      AsyncFiles.copy(link, directory.resolve("c2"), LinkOption.NOFOLLOW_LINKS, StandardCopyOption.REPLACE_EXISTING);
      assertThat(Files.isSymbolicLink(directory.resolve("c"))).isFalse();
      assertThat(Files.readSymbolicLink(directory.resolve("k"))).isEqualTo(Path.of("f"));
      assertThat(names()).containsExactly("c", "c2", "f", "k", "l");
    });
  }

  @Test
  void whatIsNoRegularFileIsNotCopied() {
    run(() -> {
      assertThatThrownBy(() -> AsyncFiles.copy(directory, directory.resolve("x"))).isInstanceOf(
          FileSystemException.class).hasMessageContaining("DIRECTORY");
      assertThatThrownBy(() -> AsyncFiles.copy(Path.of("/dev/null"), directory.resolve("x"))).isInstanceOf(
          FileSystemException.class).hasMessageContaining("CHARACTER_DEVICE");
      assertThatThrownBy(() -> AsyncFiles.copy(directory.resolve("no"), directory.resolve("x"))).isInstanceOf(
          NoSuchFileException.class);
      Process mkfifo = new ProcessBuilder("mkfifo", directory.resolve("fifo").toString()).start();
      assertThat(mkfifo.waitFor()).isZero();
      assertThatThrownBy(() -> AsyncFiles.copy(directory.resolve("fifo"), directory.resolve("x"))).isInstanceOf(
          FileSystemException.class).hasMessageContaining("FIFO");
      assertThat(names()).containsExactly("fifo");
    });
  }

  @Test
  void linksSayWhatTheyWereMadeToSay() {
    run(() -> {
      Path file = file("f", "content");
      AsyncFiles.createSymbolicLink(directory.resolve("s"), Path.of("nowhere/grün"));
      AsyncFiles.createLink(directory.resolve("h"), file);
      assertThat(AsyncFiles.readSymbolicLink(directory.resolve("s"))).isEqualTo(Path.of("nowhere/grün"));
      assertThat(Files.isSameFile(directory.resolve("h"), file)).isTrue();
      assertThatThrownBy(() -> AsyncFiles.readSymbolicLink(file)).isInstanceOf(NotLinkException.class)
          .hasMessageContaining(file.toString());
      assertThatThrownBy(() -> AsyncFiles.createLink(file, file)).isInstanceOf(FileAlreadyExistsException.class);
      assertThatThrownBy(() -> AsyncFiles.createSymbolicLink(file, file)).isInstanceOf(
          FileAlreadyExistsException.class);
    });
  }

  // ---- attributes

  @Test
  void permissionsAndTimesAreSet() {
    run(() -> {
      Path file = file("f", "");
      Files.createSymbolicLink(directory.resolve("l"), Path.of("f"));
      AsyncFiles.setPermissions(directory.resolve("l"), PosixFilePermissions.fromString("r-x--x-w-"));
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("r-x--x-w-");
      Instant before1970 = Instant.ofEpochSecond(-5, 123_456_789);
      Instant later = Instant.ofEpochSecond(2_000_000_000, 1);
      AsyncFiles.setTimes(file, later, before1970);
      assertThat(Files.getLastModifiedTime(file).toInstant()).isEqualTo(before1970);
      assertThat(Files.getAttribute(file, "lastAccessTime")).isEqualTo(FileTime.from(later));
      AsyncFiles.setTimes(directory.resolve("l"), null, later, LinkOption.NOFOLLOW_LINKS);
      assertThat(AsyncFiles.metadata(file).modified()).isEqualTo(before1970);
      assertThat(AsyncFiles.metadata(directory.resolve("l"), LinkOption.NOFOLLOW_LINKS).modified()).isEqualTo(later);
      assertThat(AsyncFiles.metadata(directory.resolve("l")).permissions())
          .isEqualTo(PosixFilePermissions.fromString("r-x--x-w-"));
      AsyncFiles.setPermissionsAsync(file, 0640).await();
      assertThat(AsyncFiles.metadata(file).mode()).isEqualTo(0640);
      assertThatThrownBy(() -> AsyncFiles.setPermissions(file, 0100640)).isInstanceOf(IllegalArgumentException.class);
      AsyncFiles.syncDirectory(directory);
      assertThatThrownBy(() -> AsyncFiles.syncDirectory(file)).isInstanceOf(NotDirectoryException.class);
    });
  }

  // ---- trees

  @Test
  void aListingHasTheNamesAndTypes() {
    run(() -> {
      file("f", "");
      Files.createDirectory(directory.resolve("d"));
      Files.createSymbolicLink(directory.resolve("l"), Path.of("d"));
      file("d/deeper", "");
      assertThat(AsyncFiles.list(directory).toList()).containsExactlyInAnyOrder(
          new DirectoryEntry(directory.resolve("f"), FileType.REGULAR, 1),
          new DirectoryEntry(directory.resolve("d"), FileType.DIRECTORY, 1),
          new DirectoryEntry(directory.resolve("l"), FileType.SYMBOLIC_LINK, 1));
      assertThat(AsyncFiles.list(directory.resolve("l")).count()).isEqualTo(1);
      assertThatThrownBy(() -> AsyncFiles.list(directory.resolve("f")).count())
          .hasCauseInstanceOf(NotDirectoryException.class);
      assertThatThrownBy(() -> AsyncFiles.list(directory.resolve("no")).count()).hasCauseInstanceOf(
          NoSuchFileException.class);
    });
  }

  @Test
  void namesThatAreNoTextCanBeListedOpenedAndDeleted() throws IOException, InterruptedException {
    Process touch = new ProcessBuilder("bash", "-c",
        "cd \"$1\" && printf x > $'a\\xff\\xfe' && mkdir $'d\\xc3' && printf y > $'d\\xc3/\\x80' && ln -s $'\\xf0' link",
        "-", directory.toString()).start();
    assertThat(touch.waitFor()).isZero();
    run(() -> {
      List<DirectoryEntry> found = AsyncFiles.list(directory).toList();
      Path file = PathBytes.toPath(new byte[]{'a', -1, -2});
      assertThat(found).extracting(e -> PathBytes.of(e.path().getFileName()))
          .contains(new byte[]{'a', -1, -2}, new byte[]{'d', (byte) 0xc3});
      Path whole = found.stream().filter(e -> e.type() == FileType.REGULAR).findFirst().orElseThrow().path();
      assertThat(whole.getFileName()).isEqualTo(file);
      assertThat(AsyncFiles.readString(whole)).isEqualTo("x");
      AsyncFiles.writeAtomically(whole, "z".getBytes(UTF_8));
      assertThat(AsyncFiles.readString(whole)).isEqualTo("z");
      assertThat(PathBytes.of(AsyncFiles.readSymbolicLink(directory.resolve("link")))).isEqualTo(
          new byte[]{(byte) 0xf0});
      assertThat(PathBytes.of(AsyncFiles.canonicalPath(whole).getFileName())).isEqualTo(new byte[]{'a', -1, -2});
      List<DirectoryEntry> walked = AsyncFiles.walk(directory).toList();
      assertThat(walked).extracting(e -> PathBytes.of(e.path().getFileName())).contains(new byte[]{(byte) 0x80});
      AsyncFiles.delete(whole);
      for (DirectoryEntry entry : AsyncFiles.list(directory).toList()) {
        AsyncFiles.deleteTree(entry.path());
      }
      assertThat(directory).isEmptyDirectory();
    });
  }

  // ---- bad input

  @Test
  void errorsNameThePathAndTheCall() {
    run(() -> {
      Path missing = directory.resolve("no/f");
      Path below = file("f", "").resolve("below");
      for (Operation operation : operations()) {
        assertThatThrownBy(() -> operation.on(missing)).isInstanceOf(NoSuchFileException.class)
            .hasMessageContaining(missing.toString()).hasMessageContaining("ENOENT");
        assertThatThrownBy(() -> operation.on(below)).isInstanceOf(NotDirectoryException.class)
            .hasMessageContaining("ENOTDIR");
      }
      Path loop = Files.createSymbolicLink(directory.resolve("loop"), Path.of("loop"));
      for (Operation operation : operations()) {
        assertThatThrownBy(() -> operation.on(loop.resolve("f"))).isInstanceOf(FileSystemException.class)
            .hasMessageContaining("ELOOP").hasMessageContaining(loop.toString());
      }
      Path tooLong = directory.resolve("x".repeat(256));
      for (Operation operation : operations()) {
        assertThatThrownBy(() -> operation.on(tooLong)).isInstanceOf(FileSystemException.class)
            .hasMessageContaining("ENAMETOOLONG");
      }
      Path longer = directory.resolve("x/".repeat(2048) + "f");
      for (Operation operation : operations()) {
        assertThatThrownBy(() -> operation.on(longer)).isInstanceOf(FileSystemException.class)
            .hasMessageContaining("ENAMETOOLONG");
      }
      assertThatThrownBy(() -> AsyncFiles.readBytes(directory)).isInstanceOf(FileSystemException.class)
          .hasMessageContaining("directory");
      assertThatThrownBy(() -> AsyncFiles.write(Path.of("/dev/full"), new byte[1])).isInstanceOf(
          FileSystemException.class).hasMessageContaining("ENOSPC").hasMessageContaining("/dev/full");
    });
  }

  /** Something that is done with a path. */
  interface Operation {
    void on(Path path) throws IOException;
  }

  static List<Operation> operations() {
    return List.of(AsyncFiles::readBytes, AsyncFiles::canonicalPath, AsyncFiles::createDirectory, AsyncFiles::delete,
        AsyncFiles::deleteTree, AsyncFiles::readSymbolicLink, AsyncFiles::syncDirectory, AsyncFiles::freeSpace,
        path -> AsyncFiles.write(path, new byte[1]), path -> AsyncFiles.writeAtomically(path, new byte[1]),
        path -> AsyncFiles.move(path, Path.of("elsewhere")), path -> AsyncFiles.copy(path, Path.of("elsewhere")),
        path -> AsyncFiles.createLink(Path.of("elsewhere"), path),
        path -> AsyncFiles.setPermissions(path, Set.of()), path -> AsyncFiles.setTimes(path, null, Instant.EPOCH),
        AsyncFiles::metadata);
  }

  @Test
  void whatNotEvenRootMayDoIsDenied() {
    run(() -> {
      assertThatThrownBy(() -> AsyncFiles.delete(Path.of("/proc/self/status"))).isInstanceOf(
          AccessDeniedException.class).hasMessageContaining("/proc/self/status").hasMessageContaining("unlinkat");
      assertThatThrownBy(() -> AsyncFiles.deleteTree(Path.of("/proc/self/net"))).isInstanceOf(
          AccessDeniedException.class);
    });
  }

  @Test
  void aPathOfAnotherFileSystemIsRefused() {
    run(() -> {
      URI jar = URI.create("jar:" + directory.resolve("x.jar").toUri());
      try (FileSystem zip = FileSystems.newFileSystem(jar, Map.of("create", "true"))) {
        for (Operation operation : operations()) {
          assertThatThrownBy(() -> operation.on(zip.getPath("/f"))).isInstanceOf(ProviderMismatchException.class)
              .hasMessageContaining("x.jar");
        }
        assertThatThrownBy(() -> AsyncFiles.list(zip.getPath("/")).count()).isInstanceOf(
            ProviderMismatchException.class);
      }
    });
  }

  @Test
  void aTreeMustHaveAName() {
    run(() -> {
      for (String path : List.of("/", "", ".", "..", "a/..")) {
        assertThatThrownBy(() -> AsyncFiles.deleteTree(Path.of(path))).as(path).isInstanceOf(FileSystemException.class)
            .hasMessageContaining("canonical");
      }
    });
  }

  @Test
  void outsideOfARuntimeIsAnError() {
    assertThatThrownBy(() -> AsyncFiles.delete(directory)).isInstanceOf(IllegalStateException.class);
  }
}
