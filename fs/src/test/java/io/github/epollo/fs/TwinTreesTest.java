package io.github.epollo.fs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Operations on a tree do what those of the JDK do on its twin: the same outcome of each, and the same tree in the end. */
class TwinTreesTest {
  private static final List<String> NAMES = List.of("a", "b", "a/c", "a/d", "b/c", "a/c/e", "b/c/f", "a/c/e/g");

  /** Each kind of operation, as the project has it and as the JDK has it. */
  private enum Kind {
    CREATE_DIRECTORY((root, x, y) -> AsyncFiles.createDirectory(root.resolve(x)),
        (root, x, y) -> Files.createDirectory(root.resolve(x))), CREATE_DIRECTORIES(
            (root, x, y) -> AsyncFiles.createDirectories(root.resolve(x)),
            (root, x, y) -> Files.createDirectories(root.resolve(x))), WRITE(
                (root, x, y) -> AsyncFiles.writeString(root.resolve(x), y),
                (root, x, y) -> Files.writeString(root.resolve(x), y)), APPEND(
                    (root, x, y) -> AsyncFiles.append(root.resolve(x), y.getBytes(UTF_8)),
                    (root, x, y) -> Files.writeString(
                        root.resolve(x), y, StandardOpenOption.APPEND, StandardOpenOption.CREATE)), DELETE(
                            (root, x, y) -> AsyncFiles.delete(root.resolve(x)),
                            (root, x, y) -> Files.delete(root.resolve(x))), DELETE_TREE(
                                (root, x, y) -> AsyncFiles.deleteTree(root.resolve(x)),
                                (root, x, y) -> deleteTree(root.resolve(x))), MOVE(
                                    (root, x, y) -> AsyncFiles.move(root.resolve(x), root.resolve(y)),
                                    (root, x, y) -> Files.move(root.resolve(x), root.resolve(y))), REPLACE(
                                        (root, x, y) -> AsyncFiles.move(root.resolve(x), root.resolve(y),
                                            StandardCopyOption.REPLACE_EXISTING),
                                        (root, x, y) -> Files.move(root.resolve(x), root.resolve(y),
                                            StandardCopyOption.REPLACE_EXISTING)), COPY(
                                                (root, x, y) -> AsyncFiles.copy(regular(root.resolve(x)),
                                                    root.resolve(y)),
                                                (root, x, y) -> Files.copy(regular(root.resolve(x)),
                                                    root.resolve(y))), LINK(
                                                        (root, x, y) -> AsyncFiles.createLink(root.resolve(x),
                                                            root.resolve(y)),
                                                        (root, x, y) -> Files.createLink(root.resolve(x),
                                                            root.resolve(y))), SYMBOLIC_LINK(
                                                                (root, x, y) -> AsyncFiles
                                                                    .createSymbolicLink(root.resolve(x), Path.of(y)),
                                                                (root, x, y) -> Files.createSymbolicLink(
                                                                    root.resolve(x), Path.of(y))), CANONICAL_PATH(
                                                                        (root, x, y) -> Files.writeString(
                                                                            root.resolve(y + ".path"),
                                                                            root.relativize(AsyncFiles
                                                                                .canonicalPath(root.resolve(x)))
                                                                                .toString()),
                                                                        (root, x, y) -> Files.writeString(
                                                                            root.resolve(y + ".path"),
                                                                            root.relativize(
                                                                                root.resolve(x).toRealPath())
                                                                                .toString()));

    final Operation ours;
    final Operation theirs;

    Kind(Operation ours, Operation theirs) {
      this.ours = ours;
      this.theirs = theirs;
    }
  }

  private interface Operation {
    void on(Path root, String x, String y) throws IOException;
  }

  private record Step(Kind kind, String x, String y) {}

  /** Directories are copied by the JDK alone. */
  private static Path regular(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      throw new FileSystemException(path.toString());
    }
    return path;
  }

  private static void deleteTree(Path tree) throws IOException {
    try (var files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<String> names = Arbitraries.of(NAMES);
    return Combinators.combine(Arbitraries.of(Kind.class), names, names).as(Step::new).list().ofMinSize(5)
        .ofMaxSize(40);
  }

  @Property(tries = 100)
  void theSameOperationsMakeTheSameTrees(@ForAll("steps") List<Step> steps, @ForAll FileBackend backend)
      throws IOException {
    Path root = Files.createTempDirectory("twins").toRealPath();
    try {
      Path ours = Files.createDirectory(root.resolve("ours"));
      Path theirs = Files.createDirectory(root.resolve("theirs"));
      EpolloOptions options = EpolloOptions.defaults().with(FileOptions.class,
          FileOptions.defaults().withBackend(backend));
      Epollo.run(options, () -> {
        for (Step step : steps) {
          if (step.kind == Kind.REPLACE && step.y.startsWith(step.x + "/")) {
            continue; // the JDK removes the target, and only then finds that a directory cannot go into itself
          }
          String expected = outcome(step.kind.theirs, theirs, step);
          assertThat(outcome(step.kind.ours, ours, step)).as("%s", step).isEqualTo(expected);
          assertThat(tree(ours)).as("%s", step).isEqualTo(tree(theirs));
        }
        assertThat(walked(ours)).isEqualTo(tree(ours).keySet());
      });
    } finally {
      deleteTree(root);
    }
  }

  /** What an operation throws, by its kind: the reasons are worded differently, and the subclass is the same where the JDK has one. */
  private static String outcome(Operation operation, Path root, Step step) {
    try {
      operation.on(root, step.x, step.y);
      return "done";
    } catch (IOException e) {
      return e instanceof FileSystemException ? "refused" : e.toString();
    }
  }

  private static TreeMap<String, String> tree(Path root) throws IOException {
    TreeMap<String, String> tree = new TreeMap<>();
    try (var files = Files.walk(root)) {
      for (Path file : files.toList()) {
        tree.put(root.relativize(file).toString(), content(file));
      }
    }
    return tree;
  }

  private static String content(Path file) throws IOException {
    if (Files.isSymbolicLink(file)) {
      return "-> " + Files.readSymbolicLink(file);
    }
    return Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS) ? "directory" : Files.readString(file);
  }

  private static java.util.Set<String> walked(Path root) {
    return new java.util.TreeSet<>(
        AsyncFiles.walk(root, new FileVisitOption[0]).map(e -> root.relativize(e.path()).toString()).toList());
  }
}
