package io.github.epollo.examples;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The command line of an example: flags, options with a number, and the rest. */
final class Arguments {
  private final String usage;
  private final List<String> left;

  Arguments(String usage, String... arguments) {
    this.usage = usage;
    this.left = new ArrayList<>(List.of(arguments));
  }

  /** Takes {@code name} out; whether it was there. */
  boolean flag(String name) {
    return left.removeAll(Collections.singleton(name));
  }

  /** Takes {@code name} and the number after it out; {@code otherwise} if they are not there. */
  int number(String name, int otherwise, int min, int max) {
    int at = left.indexOf(name);
    if (at < 0) {
      return otherwise;
    }
    left.remove(at);
    String text = at < left.size() ? left.remove(at) : "nothing";
    if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) < min || Integer.parseInt(text) > max) {
      throw bad(name + " takes a number from " + min + " to " + max + ", not " + text);
    }
    return Integer.parseInt(text);
  }

  /** Takes the next argument out, which no flag and no option has taken: a path. */
  Path path(String what) {
    if (left.isEmpty()) {
      throw bad(what + " is missing");
    }
    return Path.of(left.removeFirst());
  }

  /** What no flag and no option has taken. */
  List<String> rest() {
    return left;
  }

  /** Throws if something is left over. */
  void end() {
    if (!left.isEmpty()) {
      throw bad("unknown argument " + left.getFirst());
    }
  }

  private IllegalArgumentException bad(String what) {
    return new IllegalArgumentException(what + "; usage: " + usage);
  }
}
