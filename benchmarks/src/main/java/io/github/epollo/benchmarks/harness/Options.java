package io.github.epollo.benchmarks.harness;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A command line of {@code --name value} pairs. {@code --fact KEY=VALUE}, as often as there are facts, says what produced the figures. */
public record Options(Map<String, String> values, Map<String, String> facts) {
  /** Reads a command line. */
  public static Options parse(String[] args) {
    Map<String, String> values = new LinkedHashMap<>();
    Map<String, String> facts = new LinkedHashMap<>();
    for (int i = 0; i + 1 < args.length; i += 2) {
      if (args[i].equals("--fact")) {
        String[] fact = args[i + 1].split("=", 2);
        facts.put(fact[0], fact[1]);
      } else {
        values.put(args[i], args[i + 1]);
      }
    }
    return new Options(values, facts);
  }

  /** What was given, or null. */
  public @Nullable String optional(String name) {
    return values.get(name);
  }

  /** What was given, which must be something. */
  public String text(String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("missing " + name);
    }
    return value;
  }

  /** A path that was given. */
  public Path path(String name) {
    return Path.of(text(name));
  }

  /** A number that was given, at least 1. */
  public int number(String name) {
    int value = Integer.parseInt(text(name));
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive, not " + value);
    }
    return value;
  }
}
