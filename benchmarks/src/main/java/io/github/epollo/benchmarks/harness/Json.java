package io.github.epollo.benchmarks.harness;

import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes maps, collections, numbers, booleans and strings as JSON. */
final class Json {
  private Json() {}

  static String of(Object value) {
    return switch (value) {
      case Map<?, ?> map -> map.entrySet()
          .stream()
          .map(e -> string(e.getKey().toString()) + ":" + of(e.getValue()))
          .collect(Collectors.joining(",\n", "{", "}"));
      case Collection<?> items -> items.stream().map(Json::of).collect(Collectors.joining(",", "[", "]"));
      case Double d when !Double.isFinite(d) -> "null";
      case Number number -> number.toString();
      case Boolean bool -> bool.toString();
      default -> string(value.toString());
    };
  }

  private static String string(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }
}
