package io.github.epollo.examples;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a server shows of a file system: a directory, without links, and what is below it. */
record FileTree(Path root) {
  private static final String INDEX = "index.html";

  private static final Map<String, String> TYPES = Map.of("html", "text/html; charset=utf-8", "css",
      "text/css; charset=utf-8", "js", "text/javascript; charset=utf-8", "json", "application/json", "txt",
      "text/plain; charset=utf-8", "md", "text/plain; charset=utf-8", "svg", "image/svg+xml", "png", "image/png", "jpg",
      "image/jpeg");

  /** The path that a request is for, which is below the root by its names; null if it cannot be. Links were not followed. */
  @Nullable
  Path find(String target) {
    int query = target.indexOf('?');
    String encoded = query < 0 ? target : target.substring(0, query);
    byte[] name = encoded.startsWith("/") ? decode(encoded.substring(1)) : null;
    if (name == null) {
      return null;
    }
    String relative = new String(name, StandardCharsets.UTF_8);
    for (String part : relative.split("/", -1)) {
      if (part.equals("..") || part.equals(".")) {
        return null;
      }
    }
    try {
      String file = relative.isEmpty() || relative.endsWith("/") ? relative + INDEX : relative;
      Path path = root.resolve(file).normalize(); // an absolute one, after a double slash, replaces the root
      return path.startsWith(root) ? path : null;
    } catch (InvalidPathException e) {
      return null; // a zero byte
    }
  }

  /** Whether {@code canonical}, a path without links, is below the root. */
  boolean contains(Path canonical) {
    return canonical.startsWith(root);
  }

  /** Decodes percent signs; null if one is not followed by two hexadecimal digits. */
  private static byte @Nullable [] decode(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '%') {
        bytes.write(c);
        continue;
      }
      int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
      int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
      if (high < 0 || low < 0) {
        return null;
      }
      bytes.write(high << 4 | low);
      i += 2;
    }
    return bytes.toByteArray();
  }

  /** By the last part of the name. */
  static String contentType(Path path) {
    String name = path.toString();
    return TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "application/octet-stream");
  }
}
