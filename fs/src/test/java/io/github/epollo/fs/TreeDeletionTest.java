package io.github.epollo.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.fs.engine.OpenFds;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.testsupport.ProbeKernel;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeDeletionTest {
  private static final EpolloOptions OPTIONS = EpolloOptions.defaults()
      .with(FileOptions.class, FileOptions.defaults().withBackend(FileBackend.POOL));

  @TempDir Path directory;

  /** {@code width} files and directories in each directory. */
  private static void fill(Path tree, int width, int depth) throws IOException {
    Files.createDirectories(tree);
    for (int i = 0; i < width; i++) {
      Files.createFile(tree.resolve("f" + i));
      if (depth > 0) {
        fill(tree.resolve("d" + i), width, depth - 1);
      }
    }
  }

  @Test
  void linksAreRemovedAndNotFollowed() throws IOException {
    Path outside = Files.createDirectory(directory.resolve("outside"));
    Files.createFile(outside.resolve("keep"));
    Path tree = directory.resolve("tree");
    fill(tree, 3, 3);
    Files.createSymbolicLink(tree.resolve("d1/link"), outside);
    Files.createSymbolicLink(tree.resolve("d2/dangling"), Path.of("nowhere"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), outside);

    Epollo.run(OPTIONS, () -> {
      AsyncFiles.deleteTree(tree);
      AsyncFiles.deleteTree(link);
      AsyncFiles.deleteTreeAsync(Files.createFile(directory.resolve("f"))).await();
    });

    assertThat(directory).isDirectoryContaining(p -> p.equals(outside));
    assertThat(directory.toFile().list()).containsExactly("outside");
    assertThat(outside.resolve("keep")).exists();
  }

  @Test
  void aTreeDeeperThanFilesMayBeOpenIsRemoved() throws IOException, InterruptedException {
    Path tree = Files.createDirectory(directory.resolve("tree"));
    Process deep = new ProcessBuilder("bash", "-c", """
        cd "$1"; name=$(printf 'x%.0s' {1..100}); path=$(printf "$name/%.0s" {1..30})
        for i in {1..10}; do mkdir -p "$path"/beside && cd -P "$path" && touch file || exit 1; done""", "-",
        tree.toString()).start(); // 300 directories, 30000 characters
    assertThat(deep.waitFor()).isZero();
    int before = OpenFds.below(directory).size();
    AtomicInteger most = new AtomicInteger();
    ProbeKernel probe = new ProbeKernel();
    probe.on("unlinkat", call -> {
      if (call.nth() % 20 == 0) {
        most.accumulateAndGet(OpenFds.below(directory).size(), Math::max);
      }
      return call.real();
    });

    Epollo.run(OPTIONS.withKernel(probe.kernel()), () -> AsyncFiles.deleteTree(tree));

    assertThat(directory).isEmptyDirectory();
    assertThat(most.get() - before).isPositive().isLessThan(TreeDescent.MAX_OPEN + 8);
  }

  @Test
  void aDirectoryThatIsMovedAwayMeanwhileIsNotClimbedOutOf() throws IOException {
    Path outside = Files.createDirectories(directory.resolve("outside"));
    Files.createFile(outside.resolve("keep"));
    Path tree = directory.resolve("tree");
    Path deepest = tree;
    for (int i = 0; i < 3 * TreeDescent.MAX_OPEN; i++) {
      deepest = deepest.resolve("d");
    }
    Files.createDirectories(deepest);
    Files.createFile(deepest.resolve("f"));
    ProbeKernel probe = new ProbeKernel();
    Path half = tree.resolve("d/d/d");
    probe.on("unlinkat", call -> {
      long result = call.real();
      if (result == 0 && Files.exists(half)) { // the first removed: everything above the last 32 is closed
        Files.move(half, outside.resolve("moved"));
      }
      return result;
    });

    Epollo.run(OPTIONS.withKernel(probe.kernel()),
        () -> assertThatThrownBy(() -> AsyncFiles.deleteTree(tree)).isInstanceOf(FileSystemException.class)
            .hasMessageContaining("moved"));

    assertThat(outside.resolve("keep")).exists();
    assertThat(tree.resolve("d/d")).isEmptyDirectory();
  }

  /** An adversary swaps directories of the tree for links to a directory outside, and back, as fast as it can. */
  @Test
  void aDirectoryThatIsSwappedForALinkDoesNotLeadOutside() throws Exception {
    for (int round = 0; round < 20; round++) {
      Path outside = Files.createDirectories(directory.resolve("outside" + round));
      fill(outside, 2, 3);
      long files = count(outside);
      Path tree = directory.resolve("tree" + round);
      fill(tree, 3, 4);
      AtomicBoolean stop = new AtomicBoolean();
      Thread adversary = adversary(tree, outside, round, stop);
      try {
        Epollo.run(OPTIONS, () -> {
          try {
            AsyncFiles.deleteTree(tree);
          } catch (DirectoryNotEmptyException e) {
            // the adversary has put something there in each of many attempts: then it is not gone, which is what that says
          }
        });
      } finally {
        stop.set(true);
        adversary.join();
      }
      assertThat(count(outside)).isEqualTo(files);
    }
  }

  private static Thread adversary(Path tree, Path outside, int seed, AtomicBoolean stop) {
    return Thread.ofPlatform().start(() -> {
      SplittableRandom random = new SplittableRandom(seed);
      Path aside = tree.resolveSibling("aside" + seed);
      while (!stop.get()) {
        Path victim = tree;
        for (int depth = random.nextInt(1, 4); depth > 0; depth--) {
          victim = victim.resolve("d" + random.nextInt(3));
        }
        try {
          Files.move(victim, aside);
          Files.createSymbolicLink(victim, outside);
          Thread.onSpinWait();
          Files.delete(victim);
          Files.move(aside, victim);
        } catch (IOException e) {
          restore(aside, victim);
        }
      }
    });
  }

  private static void restore(Path aside, Path victim) {
    try {
      Files.deleteIfExists(victim);
      Files.move(aside, victim);
    } catch (IOException e) {
      // gone, or its parent is: there is another one
      aside.toFile().renameTo(aside.resolveSibling(aside.getFileName() + "-" + System.identityHashCode(e)).toFile());
    }
  }

  private static long count(Path tree) throws IOException {
    try (var files = Files.walk(tree)) {
      return files.count();
    }
  }

  @Test
  void theSwapIsNoticedAtEveryPlace() throws IOException {
    Path outside = Files.createDirectories(directory.resolve("outside"));
    Files.createFile(outside.resolve("keep"));
    Path tree = directory.resolve("tree");
    Path victim = tree.resolve("victim");
    for (String name : new String[]{"openat", "unlinkat", "getdents", "statx"}) {
      for (int nth = 1; nth < 12; nth++) {
        fill(victim, 2, 1);
        ProbeKernel probe = new ProbeKernel();
        int at = nth;
        AtomicBoolean swapped = new AtomicBoolean();
        probe.on(name, call -> {
          if (call.nth() == at && Files.isDirectory(victim, LinkOption.NOFOLLOW_LINKS)) {
            Files.move(victim, directory.resolve("aside"), StandardCopyOption.ATOMIC_MOVE);
            Files.createSymbolicLink(victim, outside);
            swapped.set(true);
          }
          return call.real();
        });
        Epollo.run(OPTIONS.withKernel(probe.kernel()), () -> {
          AsyncFiles.deleteTree(tree);
          if (swapped.get()) {
            AsyncFiles.deleteTree(directory.resolve("aside"));
          }
        });
        assertThat(tree).as(name + nth).doesNotExist();
        assertThat(outside.resolve("keep")).as(name + nth).exists();
      }
    }
  }

  @Test
  void whatCannotBeRemovedIsNamed() throws IOException {
    Path tree = directory.resolve("tree");
    fill(tree, 3, 1);
    ProbeKernel probe = new ProbeKernel();
    probe.on("unlinkat", call -> call.nth() >= 4 && call.intArg(2) == 0 ? -Errno.EACCES : call.real());

    Epollo.run(OPTIONS.withKernel(probe.kernel()),
        () -> assertThatThrownBy(() -> AsyncFiles.deleteTree(tree)).isInstanceOf(AccessDeniedException.class)
            .hasMessageContaining(tree + "/").hasMessageContaining("unlinkat").hasMessageContaining("EACCES"));
  }

  @Test
  void whatOthersKeepAddingIsAnErrorInTheEnd() throws IOException {
    Path tree = Files.createDirectory(directory.resolve("tree"));
    ProbeKernel probe = new ProbeKernel();
    probe.on("unlinkat", call -> {
      if (call.intArg(2) == FileFlags.AT_REMOVEDIR) {
        Files.createFile(tree.resolve("f" + call.nth()));
      }
      return call.real();
    });

    Epollo.run(OPTIONS.withKernel(probe.kernel()),
        () -> assertThatThrownBy(() -> AsyncFiles.deleteTree(tree)).isInstanceOf(DirectoryNotEmptyException.class)
            .hasMessageContaining(tree.toString()));
  }
}
