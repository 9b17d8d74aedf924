package io.github.epollo.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.testsupport.ProbeKernel;
import java.io.File;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
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
    int before = new File("/proc/self/fd").list().length; // paths that are so long cannot be read there
    AtomicInteger most = new AtomicInteger();
    ProbeKernel probe = new ProbeKernel();
    probe.on("unlinkat", call -> {
      if (call.nth() % 20 == 0) {
        most.accumulateAndGet(new File("/proc/self/fd").list().length, Math::max);
      }
      return call.real();
    });

    Epollo.run(OPTIONS.withKernel(probe.kernel()), () -> AsyncFiles.deleteTree(tree));

    assertThat(directory).isEmptyDirectory();
    assertThat(most.get() - before).isPositive().isLessThan(TreeDescent.MAX_OPEN + 16);
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
    Path outside = directory.resolve("outside");
    fill(outside, 2, 3);
    long files = count(outside);
    for (int round = 0; round < 10; round++) {
      Path tree = directory.resolve("tree" + round);
      fill(tree, 3, 3);
      int seed = round;
      CountDownLatch begun = new CountDownLatch(1);
      Thread adversary = Thread.ofPlatform().start(() -> swap(tree, outside, new SplittableRandom(seed), begun));
      begun.await();
      Epollo.run(OPTIONS, () -> AsyncFiles.deleteTree(tree));
      adversary.join();
      assertThat(count(outside)).isEqualTo(files);
      assertThat(tree).doesNotExist();
    }
  }

  /** Until the tree is gone; what is moved aside stays there if its place is gone. */
  private static void swap(Path tree, Path outside, SplittableRandom random, CountDownLatch begun) {
    for (int i = 0; i < 200; i++) {
      Path victim = tree;
      for (int depth = random.nextInt(1, 4); depth > 0; depth--) {
        victim = victim.resolve("d" + random.nextInt(3));
      }
      Path aside = tree.resolveSibling(tree.getFileName() + "-aside" + i);
      try {
        Files.move(victim, aside);
        Files.createSymbolicLink(victim, outside);
        Files.delete(victim);
        Files.move(aside, victim);
      } catch (IOException e) {
        Thread.onSpinWait(); // it is gone, or its place is
      }
      begun.countDown();
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
