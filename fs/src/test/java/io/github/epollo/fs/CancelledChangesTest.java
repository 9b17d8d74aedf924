package io.github.epollo.fs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.fs.engine.OpenFds;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.testsupport.ProbeKernel;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A change that is cancelled at any of its system calls leaves nothing open, and nothing half done. */
class CancelledChangesTest {
  private static final byte[] OLD = "old".repeat(1000).getBytes(UTF_8);
  private static final byte[] NEW = "the new one".repeat(50_000).getBytes(UTF_8);

  /** The calls on files that wait in an engine. */
  private static final List<String> CALLS = List.of("openat", "statx", "pwritev2", "pwrite", "fsync", "linkat",
      "renameat2", "copyFileRange", "unlinkat", "getdents", "mkdirat", "fchmod", "utimensat", "lseek", "ftruncate");

  @TempDir Path directory;

  private Path work = Path.of("");

  @BeforeEach
  void makeDirectory() throws IOException {
    work = Files.createDirectory(directory.resolve("work"));
    Epollo.run(() -> {}); // what the JVM opens once and keeps is opened now
  }

  /** A change, and what must hold of the outcome. */
  private record Change(Body prepare, Body change, Body check) {
    interface Body {
      void run() throws Exception;
    }
  }

  /** What happens at one of the calls. */
  private enum Mishap {
    CANCEL_BEFORE, CANCEL_AFTER, FAIL
  }

  /** Has the mishap happen at each call in turn, until the change is through before that; answers how many there were. */
  private int everywhere(FileBackend backend, Mishap mishap, Map<String, ProbeKernel.Answer> answers, Change change)
      throws Exception {
    EpolloOptions options = EpolloOptions.defaults().with(FileOptions.class,
        FileOptions.defaults().withBackend(backend));
    for (int nth = 1;; nth++) {
      change.prepare.run();
      Set<String> open = OpenFds.below(directory);
      ProbeKernel probe = new ProbeKernel();
      boolean happened = run(options.withKernel(probe.kernel()), probe, nth, mishap, answers, change);
      OpenFds.requireNoMoreThan(open, directory);
      change.check.run();
      if (!happened) {
        return nth - 1;
      }
    }
  }

  private static boolean run(EpolloOptions options, ProbeKernel probe, int nth, Mishap mishap,
      Map<String, ProbeKernel.Answer> answers, Change change) {
    return Epollo.run(options, () -> {
      AtomicInteger count = new AtomicInteger();
      boolean ring = AsyncFiles.backend() == FileBackend.RING;
      CompletableFuture<Task<?>> begun = new CompletableFuture<>();
      List<String> calls = ring ? List.of("ioUringEnter") : CALLS;
      for (String name : calls) {
        ProbeKernel.Answer usual = answers.getOrDefault(name, ProbeKernel.Call::real);
        probe.on(name, call -> {
          boolean now = count.incrementAndGet() == nth;
          if (now && mishap == Mishap.FAIL) {
            return -Errno.EIO;
          }
          if (now && mishap == Mishap.CANCEL_BEFORE) {
            begun.join().close();
          }
          long result = usual.to(call);
          if (now && mishap == Mishap.CANCEL_AFTER) {
            begun.join().close();
          }
          return result;
        });
      }
      Task<@Nullable Void> task = Tasks.spawn("change", () -> {
        try {
          change.change.run();
        } catch (CancellationException e) {
          assertThat(mishap).isNotEqualTo(Mishap.FAIL);
        } catch (FileSystemException e) {
          assertThat(mishap).isEqualTo(Mishap.FAIL);
          assertThat(e).hasMessageContaining("EIO");
        }
      });
      begun.complete(task);
      @Nullable Void _ = task.join();
      calls.forEach(probe::off);
      return count.get() >= nth;
    });
  }

  private void everywhere(Change change, int atLeast) throws Exception {
    for (Mishap mishap : Mishap.values()) {
      assertThat(everywhere(FileBackend.POOL, mishap, Map.of(), change)).isGreaterThanOrEqualTo(atLeast);
    }
    assertThat(everywhere(FileBackend.RING, Mishap.CANCEL_BEFORE, Map.of(), change)).isPositive();
    assertThat(everywhere(FileBackend.RING, Mishap.CANCEL_AFTER, Map.of(), change)).isPositive();
  }

  private void cancelEverywhere(Map<String, ProbeKernel.Answer> answers, Change change, int atLeast) throws Exception {
    assertThat(everywhere(FileBackend.POOL, Mishap.CANCEL_BEFORE, answers, change)).isGreaterThanOrEqualTo(atLeast);
    assertThat(everywhere(FileBackend.POOL, Mishap.CANCEL_AFTER, answers, change)).isGreaterThanOrEqualTo(atLeast);
  }

  private void clear() throws IOException {
    try (var files = Files.walk(work)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        if (!file.equals(work)) {
          Files.delete(file);
        }
      }
    }
  }

  private void requireOldOrNew(Path file) throws IOException {
    byte[] content = Files.readAllBytes(file);
    assertThat(Arrays.equals(content, OLD) || Arrays.equals(content, NEW)).isTrue();
  }

  @Test
  void anAtomicWrite() throws Exception {
    Path file = work.resolve("f");
    everywhere(new Change(() -> Files.write(file, OLD), () -> AsyncFiles.writeAtomically(file, NEW), () -> {
      requireOldOrNew(file);
      assertThat(work.toFile().list()).containsExactly("f");
    }), 7);
  }

  /** A file system without O_TMPFILE. */
  private static final Map<String, ProbeKernel.Answer> ALL_FILES_HAVE_NAMES = Map.of("openat",
      call -> (call.intArg(2) & FileFlags.O_TMPFILE) == FileFlags.O_TMPFILE ? -Errno.EOPNOTSUPP : call.real());

  @Test
  void anAtomicWriteWhereFilesMustHaveNames() throws Exception {
    Path file = work.resolve("f");
    AtomicInteger removed = new AtomicInteger();
    cancelEverywhere(ALL_FILES_HAVE_NAMES,
        new Change(() -> Files.write(file, OLD), () -> AsyncFiles.writeAtomically(file, NEW), () -> {
          requireOldOrNew(file);
          assertThat(work.toFile().list()).containsExactly("f");
          removed.incrementAndGet();
        }), 7);
    assertThat(removed).hasValueGreaterThan(14);
  }

  @Test
  void aCopyThroughMemoryWhereFilesMustHaveNames() throws Exception {
    Path source = Files.write(directory.resolve("source"), NEW);
    Path target = work.resolve("f");
    Map<String, ProbeKernel.Answer> answers = new HashMap<>(ALL_FILES_HAVE_NAMES);
    answers.put("copyFileRange", call -> -Errno.EXDEV);
    answers.put("renameat2", call -> call.intArg(4) == 0 ? call.real() : -Errno.EINVAL);
    cancelEverywhere(answers, new Change(this::clear, () -> AsyncFiles.copy(source, target), () -> {
      if (Files.exists(target)) {
        assertThat(Files.readAllBytes(target)).isEqualTo(NEW);
        assertThat(work.toFile().list()).containsExactly("f");
      } else {
        assertThat(work).isEmptyDirectory();
      }
    }), 7);
  }

  @Test
  void aCopy() throws Exception {
    Path source = Files.write(directory.resolve("source"), NEW);
    Path target = work.resolve("f");
    everywhere(
        new Change(this::clear, () -> AsyncFiles.copy(source, target, StandardCopyOption.COPY_ATTRIBUTES), () -> {
          if (Files.exists(target)) {
            assertThat(Files.readAllBytes(target)).isEqualTo(NEW);
            assertThat(work.toFile().list()).containsExactly("f");
          } else {
            assertThat(work).isEmptyDirectory();
          }
        }), 7);
  }

  @Test
  void aCopyThatReplaces() throws Exception {
    Path source = Files.write(directory.resolve("source"), NEW);
    Path target = work.resolve("f");
    everywhere(new Change(() -> Files.write(target, OLD),
        () -> AsyncFiles.copy(source, target, StandardCopyOption.REPLACE_EXISTING), () -> {
          requireOldOrNew(target);
          assertThat(work.toFile().list()).containsExactly("f");
        }), 7);
  }

  @Test
  void theDeletionOfATree() throws Exception {
    Path tree = work.resolve("tree");
    everywhere(new Change(() -> {
      Files.createDirectories(tree.resolve("a/b"));
      Files.createDirectories(tree.resolve("c"));
      Files.write(tree.resolve("a/f"), OLD);
    }, () -> AsyncFiles.deleteTree(tree), () -> {}), 10);
  }

  @Test
  void temporaryFilesAndDirectories() throws Exception {
    everywhere(new Change(this::clear, () -> {
      Path file = AsyncFiles.createTemporaryFile(work, "f", "");
      AsyncFiles.delete(file);
    }, () -> assertThat(work.toFile().list()).hasSizeLessThan(2)), 2);
    everywhere(new Change(this::clear, () -> {
      Path made = AsyncFiles.createTemporaryDirectory(work, "d");
      Files.delete(made);
    }, () -> assertThat(work).isEmptyDirectory()), 1);
    everywhere(new Change(this::clear, () -> {
      Path made = AsyncFiles.createTemporaryFile(work, "d", "");
      Files.delete(made);
    }, () -> assertThat(work).isEmptyDirectory()), 1);
  }
}
