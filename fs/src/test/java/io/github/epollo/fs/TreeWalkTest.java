package io.github.epollo.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.fs.engine.OpenFds;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.kernel.DirectoryEntries;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.NativeMemory;
import io.github.epollo.runtime.stream.AsyncStream;
import io.github.epollo.testsupport.ProbeKernel;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeWalkTest {
  private static final EpolloOptions OPTIONS = EpolloOptions.defaults()
      .with(FileOptions.class, FileOptions.defaults().withBackend(FileBackend.POOL));

  @TempDir Path directory;

  private static List<Path> paths(AsyncStream<DirectoryEntry> stream) {
    return stream.map(DirectoryEntry::path).toList();
  }

  private List<Path> walkOfTheJdk(int depth, FileVisitOption... options) throws IOException {
    try (Stream<Path> walk = Files.walk(directory, depth, options)) {
      return walk.toList();
    }
  }

  @Test
  void aWalkIsThatOfTheJdk() throws IOException {
    Files.createDirectories(directory.resolve("a/b/c"));
    Files.createFile(directory.resolve("a/f"));
    Files.createFile(directory.resolve("a/b/c/g"));
    Files.createSymbolicLink(directory.resolve("l"), Path.of("a/b"));
    Files.createSymbolicLink(directory.resolve("dangling"), Path.of("nowhere"));
    Epollo.run(OPTIONS, () -> {
      for (int depth : new int[]{0, 1, 2, 3, 100}) {
        assertThat(paths(AsyncFiles.walk(directory, depth)))
            .containsExactlyElementsOf(walkOfTheJdk(depth));
        assertThat(paths(AsyncFiles.walk(directory, depth, FileVisitOption.FOLLOW_LINKS)))
            .containsExactlyElementsOf(walkOfTheJdk(depth, FileVisitOption.FOLLOW_LINKS));
      }
      assertThat(AsyncFiles.walk(directory.resolve("a/f")).single())
          .isEqualTo(new DirectoryEntry(directory.resolve("a/f"), FileType.REGULAR, 0));
      assertThat(AsyncFiles.walk(directory.resolve("l")).single().type()).isEqualTo(FileType.SYMBOLIC_LINK);
      assertThat(AsyncFiles.walk(directory.resolve("l"), FileVisitOption.FOLLOW_LINKS).count()).isEqualTo(3);
      assertThat(AsyncFiles.walk(directory, FileVisitOption.FOLLOW_LINKS)
          .filter(e -> e.path().endsWith("dangling") || e.path().endsWith("l")).map(DirectoryEntry::type).toList())
          .containsExactlyInAnyOrder(FileType.SYMBOLIC_LINK, FileType.DIRECTORY);
    });
  }

  @Test
  void aLoopOfLinksIsAnErrorAndNotFollowedForEver() throws IOException {
    Files.createDirectories(directory.resolve("a/b"));
    Files.createSymbolicLink(directory.resolve("a/b/up"), directory.resolve("a"));
    Epollo.run(OPTIONS, () -> {
      assertThatThrownBy(() -> AsyncFiles.walk(directory, FileVisitOption.FOLLOW_LINKS).count())
          .hasCauseInstanceOf(FileSystemLoopException.class).hasMessageContaining("a/b/up");
      assertThat(AsyncFiles.walk(directory).count()).isEqualTo(4);
    });
  }

  @Test
  void aLargeTreeIsWalkedWithFewFilesOpenAndFewEntriesAhead() throws IOException {
    int expected = 1;
    for (int i = 0; i < 10; i++) {
      Path sub = Files.createDirectory(directory.resolve("d" + i));
      expected++;
      for (int j = 0; j < 1000; j++) {
        Files.createFile(sub.resolve("some-file-" + j));
        expected++;
      }
    }
    int total = expected;
    ProbeKernel probe = new ProbeKernel();
    Epollo.run(OPTIONS.withKernel(probe.kernel()), () -> {
      int before = OpenFds.below(directory).size();
      AsyncStream<DirectoryEntry> walk = AsyncFiles.walk(directory);
      int count = 0;
      while (walk.next() != null) {
        if (count % 100 == 0) {
          assertThat(OpenFds.below(directory).size() - before).isLessThanOrEqualTo(2);
        }
        if (++count == 600) {
          assertThat(probe.calls("getdents")).isLessThanOrEqualTo(2); // of about thirty in all
        }
      }
      assertThat(count).isEqualTo(total);
      assertThat(OpenFds.below(directory)).hasSize(before);
    });
  }

  @Test
  void aDeepTreeIsWalkedWithFewFilesOpen() throws IOException {
    Path deepest = directory;
    List<Path> expected = new ArrayList<>(List.of(directory));
    for (int i = 0; i < 200; i++) {
      deepest = deepest.resolve("d" + i);
      expected.add(deepest);
    }
    Files.createDirectories(deepest);
    for (int i = 0; i < 200; i += 10) { // to be found on the way up again
      Path beside = Files.createDirectories(expected.get(i).resolve("beside/below"));
      expected.add(beside);
      expected.add(beside.getParent());
    }
    Epollo.run(OPTIONS, () -> {
      int before = OpenFds.below(directory).size();
      AtomicInteger most = new AtomicInteger();
      List<Path> found = paths(AsyncFiles.walk(directory).inspect(
          e -> most.accumulateAndGet(OpenFds.below(directory).size() - before, Math::max)));
      assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
      assertThat(most.get()).isBetween(8, TreeDescent.MAX_OPEN + 1);
    });
  }

  @Test
  void closingTheStreamClosesTheDirectories() throws IOException {
    Files.createDirectories(directory.resolve("a/b/c"));
    Epollo.run(OPTIONS, () -> {
      int before = OpenFds.below(directory).size();
      AsyncStream<DirectoryEntry> walk = AsyncFiles.walk(directory);
      for (int i = 0; i < 3; i++) {
        assertThat(walk.next()).isNotNull();
      }
      assertThat(OpenFds.below(directory).size()).isGreaterThan(before);
      walk.close();
      assertThat(OpenFds.below(directory)).hasSize(before);
    });
  }

  @Test
  void closingTheStreamAtAnyCallLeavesNothingOpen() throws IOException {
    Files.createDirectories(directory.resolve("a/b/c"));
    Files.createSymbolicLink(directory.resolve("a/l"), Path.of("b"));
    for (String name : List.of("openat", "getdents", "statx")) {
      for (int nth = 1; nth < 10; nth++) {
        ProbeKernel probe = new ProbeKernel();
        Set<String> before = OpenFds.below(directory);
        int at = nth;
        Epollo.run(OPTIONS.withKernel(probe.kernel()), () -> {
          var walk = AsyncFiles.walk(directory, FileVisitOption.FOLLOW_LINKS).countAsync();
          var task = Tasks.spawn(() -> walk.await());
          probe.on(name, call -> {
            if (call.nth() == at) {
              task.close(); // which closes the stream
            }
            return call.real();
          });
          task.cancel().await();
          probe.off(name);
        });
        OpenFds.requireNoMoreThan(before, directory);
      }
    }
  }

  @Test
  void whatIsGoneMeanwhileIsNoError() throws IOException {
    Path a = Files.createDirectories(directory.resolve("a"));
    Epollo.run(OPTIONS, () -> {
      AsyncStream<DirectoryEntry> walk = AsyncFiles.walk(directory);
      assertThat(walk.next()).isNotNull();
      Files.delete(a);
      assertThat(walk.toList()).isEmpty();
    });
  }

  @Test
  void aDirectoryThatCannotBeReadIsNamed() throws IOException {
    Path a = Files.createDirectories(directory.resolve("a"));
    ProbeKernel probe = new ProbeKernel();
    probe.on("openat", call -> call.nth() == 2 ? -Errno.EACCES : call.real());
    Epollo.run(OPTIONS.withKernel(probe.kernel()), () -> assertThatThrownBy(() -> AsyncFiles.walk(directory).count())
        .hasCauseInstanceOf(AccessDeniedException.class).hasMessageContaining(a.toString()));
  }

  @Test
  void aFileSystemThatDoesNotTellTypesIsAsked() throws IOException {
    Files.createDirectories(directory.resolve("a/b"));
    Files.createFile(directory.resolve("a/f"));
    ProbeKernel probe = new ProbeKernel();
    probe.on("getdents", call -> {
      long length = call.real();
      DirectoryEntries entries = new DirectoryEntries(NativeMemory.segment(call.longArg(1), length), length);
      for (long at = 0; at < length;) {
        var entry = NativeMemory.segment(call.longArg(1) + at, 24);
        entry.set(ValueLayout.JAVA_BYTE, 18, (byte) DirectoryEntries.UNKNOWN);
        at += entry.get(ValueLayout.JAVA_SHORT_UNALIGNED, 16);
      }
      assertThat(entries.advance()).isEqualTo(length > 0);
      return length;
    });
    Epollo.run(OPTIONS.withKernel(probe.kernel()), () -> {
      assertThat(AsyncFiles.walk(directory).map(DirectoryEntry::type).toList()).containsExactlyInAnyOrder(
          FileType.DIRECTORY, FileType.DIRECTORY, FileType.DIRECTORY, FileType.REGULAR);
      AsyncFiles.deleteTree(directory.resolve("a"));
    });
    assertThat(directory).isEmptyDirectory();
  }
}
