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
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Operations on a tree do what those of the JDK do on its twin: the same outcome of each, and the same tree in the end. */
class TwinTreesTest {
  private static final List<String> NAMES = List.of("a", "b", "a/c", "a/d", "b/c", "a/c/e", "b/c/f", "a/c/e/g");

  private enum Kind {
    CREATE_DIRECTORY, CREATE_DIRECTORIES, WRITE, APPEND, DELETE, DELETE_TREE, MOVE, REPLACE, COPY, LINK, SYMBOLIC_LINK, CANONICAL_PATH
  }

  /** An operation as the project has it. */
  private static void ours(Kind kind, Path root, String first, String text) throws IOException {
    Path x = root.resolve(first);
    Path y = root.resolve(text);
    switch (kind) {
      case CREATE_DIRECTORY -> AsyncFiles.createDirectory(x);
      case CREATE_DIRECTORIES -> AsyncFiles.createDirectories(x);
      case WRITE -> AsyncFiles.writeString(x, text);
      case APPEND -> AsyncFiles.append(x, text.getBytes(UTF_8));
      case DELETE -> AsyncFiles.delete(x);
      case DELETE_TREE -> AsyncFiles.deleteTree(x);
      case MOVE -> AsyncFiles.move(x, y);
      case REPLACE -> AsyncFiles.move(x, y, StandardCopyOption.REPLACE_EXISTING);
      case COPY -> AsyncFiles.copy(regular(x), y);
      case LINK -> AsyncFiles.createLink(x, y);
      case SYMBOLIC_LINK -> AsyncFiles.createSymbolicLink(x, Path.of(text));
      case CANONICAL_PATH -> {
        Path real = AsyncFiles.canonicalPath(x);
        Files.writeString(y.resolveSibling(y.getFileName() + ".path"), root.relativize(real).toString());
      }
    }
  }

  /** The same as the JDK has it. */
  private static void theirs(Kind kind, Path root, String first, String text) throws IOException {
    Path x = root.resolve(first);
    Path y = root.resolve(text);
    switch (kind) {
      case CREATE_DIRECTORY -> Files.createDirectory(x);
      case CREATE_DIRECTORIES -> Files.createDirectories(x);
      case WRITE -> Files.writeString(x, text);
      case APPEND -> Files.writeString(x, text, StandardOpenOption.APPEND, StandardOpenOption.CREATE);
      case DELETE -> Files.delete(x);
      case DELETE_TREE -> deleteTree(x);
      case MOVE -> Files.move(x, y);
      case REPLACE -> Files.move(x, y, StandardCopyOption.REPLACE_EXISTING);
      case COPY -> Files.copy(regular(x), y);
      case LINK -> Files.createLink(x, y);
      case SYMBOLIC_LINK -> Files.createSymbolicLink(x, Path.of(text));
      case CANONICAL_PATH -> {
        Path real = x.toRealPath();
        Files.writeString(y.resolveSibling(y.getFileName() + ".path"), root.relativize(real).toString());
      }
    }
  }

  private interface Operation {
    void on(Kind kind, Path root, String x, String y) throws IOException;
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
          if (step.kind == Kind.REPLACE && isLostByTheJdk(theirs, step)) {
            continue;
          }
          String expected = outcome(TwinTreesTest::theirs, theirs, step);
          assertThat(outcome(TwinTreesTest::ours, ours, step)).as("%s", step).isEqualTo(expected);
          assertThat(tree(ours)).as("%s", step).isEqualTo(tree(theirs));
        }
        assertThat(walked(ours)).isEqualTo(tree(ours).keySet());
      });
    } finally {
      deleteTree(root);
    }
  }

  /** The JDK removes the target, and only then finds that a directory cannot go into itself, or that the way to the source has led through the target, a link. */
  private static boolean isLostByTheJdk(Path root, Step step) throws IOException {
    Path parent = root.resolve(step.x).getParent();
    boolean leadsThroughLink = Files.isDirectory(parent) && !parent.toRealPath().equals(parent);
    return step.y.startsWith(step.x + "/") || (leadsThroughLink && Files.isSymbolicLink(root.resolve(step.y)));
  }

  @Example
  void aFileReplacesTheLinkThatLedToIt() throws IOException {
    Path root = Files.createTempDirectory("twins").toRealPath();
    try {
      Files.writeString(Files.createDirectory(root.resolve("directory")).resolve("file"), "text");
      Path link = Files.createSymbolicLink(root.resolve("link"), Path.of("directory"));
      Epollo.run(() -> ours(Kind.REPLACE, root, "link/file", "link"));
      assertThat(link).isRegularFile().hasContent("text");
      assertThat(root.resolve("directory")).isEmptyDirectory();
    } finally {
      deleteTree(root);
    }
  }

  /** What an operation throws, by its kind: the reasons are worded differently, and the subclass is the same where the JDK has one. */
  private static String outcome(Operation operation, Path root, Step step) {
    try {
      operation.on(step.kind, root, step.x, step.y);
      return "done";
    } catch (IOException e) {
      return e instanceof FileSystemException ? "refused" : e.toString();
    }
  }

  private static Map<String, String> tree(Path root) throws IOException {
    Map<String, String> tree = new TreeMap<>();
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
