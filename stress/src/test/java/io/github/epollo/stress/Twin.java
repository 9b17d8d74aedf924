package io.github.epollo.stress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A class of the runtime with one mistake in it, made by editing its source. It is made of today's source, so that it cannot differ from the class in anything else.
 */
public final class Twin {
  private static final Path SOURCES = Path.of("..", "runtime", "src", "main", "java");

  private final Class<?> original;
  private String source;

  private Twin(Class<?> original) {
    this.original = original;
    this.source = sourceOf(original);
  }

  /** A twin of {@code original}, the same so far. */
  public static Twin of(Class<?> original) {
    return new Twin(original);
  }

  /** A twin of the class {@code name}, which is not public. */
  public static Twin of(String name) {
    try {
      return new Twin(Class.forName(name));
    } catch (ClassNotFoundException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /**
   * Replaces {@code right} by {@code wrong}.
   *
   * @throws IllegalStateException if {@code right} does not occur exactly once: the class has changed, and the twin must follow
   */
  public Twin with(String right, String wrong) {
    int first = source.indexOf(right);
    if (first < 0 || source.indexOf(right, first + 1) >= 0) {
      throw new IllegalStateException(
          "the source of " + original.getName() + " has " + (first < 0 ? "no" : "more than one")
              + " \"" + right + "\"; adapt the twin");
    }
    source = source.substring(0, first) + wrong + source.substring(first + right.length());
    return this;
  }

  Class<?> original() {
    return original;
  }

  String source() {
    return source;
  }

  private static String sourceOf(Class<?> type) {
    try {
      return Files.readString(SOURCES.resolve(type.getName().replace('.', '/') + ".java"));
    } catch (IOException e) {
      throw new IllegalStateException("no source for " + type, e);
    }
  }
}
