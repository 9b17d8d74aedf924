package io.github.epollo.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Counts pipes and inotify instances before and after each test: none may be left. */
final class Fds implements BeforeEachCallback, AfterEachCallback {
  private Set<String> before = Set.of();

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    Epollo.run(() -> {}); // what is opened once and for all
    before = open();
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    Set<String> left = open();
    left.removeAll(before);
    assertThat(left).as("descriptors left by %s", context.getDisplayName()).isEmpty();
  }

  /** What is open now, of the kinds that this package makes. */
  static Set<String> open() throws IOException {
    Set<String> open = new TreeSet<>();
    try (Stream<Path> numbers = Files.list(Path.of("/proc/self/fd"))) {
      for (Path number : (Iterable<Path>) numbers::iterator) {
        String target = target(number);
        if (target.startsWith("pipe:") || target.contains("inotify") || target.startsWith("/")) {
          open.add(number.getFileName() + " " + target);
        }
      }
    }
    open.removeIf(text -> text.endsWith("/fd") || text.contains(".jar") || text.endsWith("/modules"));
    return open;
  }

  private static String target(Path number) {
    try {
      return Files.readSymbolicLink(number).toString();
    } catch (IOException e) {
      return ""; // the directory's own, closed meanwhile
    }
  }
}
