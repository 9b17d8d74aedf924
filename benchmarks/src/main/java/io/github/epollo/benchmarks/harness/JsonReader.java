package io.github.epollo.benchmarks.harness;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads what {@link Json} writes: maps, lists, doubles, strings, booleans; a null becomes NaN. */
final class JsonReader {
  private final String text;
  private int at;

  private JsonReader(String text) {
    this.text = text;
  }

  static Object read(String text) {
    JsonReader reader = new JsonReader(text);
    Object value = reader.value();
    reader.blanks();
    if (reader.at != text.length()) {
      throw reader.unexpected();
    }
    return value;
  }

  private Object value() {
    blanks();
    return switch (text.charAt(at)) {
      case '{' -> map();
      case '[' -> list();
      case '"' -> string();
      case 't' -> literal("true", true);
      case 'f' -> literal("false", false);
      case 'n' -> literal("null", Double.NaN);
      default -> number();
    };
  }

  private Map<String, Object> map() {
    Map<String, Object> map = new LinkedHashMap<>();
    for (boolean more = !opens('{', '}'); more; more = goesOn('}')) {
      blanks();
      String key = string();
      blanks();
      expect(':');
      map.put(key, value());
    }
    return map;
  }

  private List<Object> list() {
    List<Object> list = new ArrayList<>();
    for (boolean more = !opens('[', ']'); more; more = goesOn(']')) {
      list.add(value());
    }
    return list;
  }

  /** Whether it also closes at once. */
  private boolean opens(char open, char close) {
    expect(open);
    blanks();
    boolean empty = text.charAt(at) == close;
    at += empty ? 1 : 0;
    return empty;
  }

  private boolean goesOn(char close) {
    blanks();
    boolean more = text.charAt(at) == ',';
    expect(more ? ',' : close);
    return more;
  }

  private String string() {
    expect('"');
    StringBuilder out = new StringBuilder();
    while (text.charAt(at) != '"') {
      char c = text.charAt(at++);
      if (c == '\\') {
        c = text.charAt(at++);
        if (c == 'u') {
          c = (char) Integer.parseInt(text, at, at + 4, 16);
          at += 4;
        }
      }
      out.append(c);
    }
    at++;
    return out.toString();
  }

  private Object literal(String word, Object value) {
    if (!text.startsWith(word, at)) {
      throw unexpected();
    }
    at += word.length();
    return value;
  }

  private Double number() {
    int start = at;
    while (at < text.length() && "+-.0123456789eE".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    if (start == at) {
      throw unexpected();
    }
    return Double.valueOf(text.substring(start, at));
  }

  private void blanks() {
    while (at < text.length() && text.charAt(at) <= ' ') {
      at++;
    }
  }

  private void expect(char c) {
    if (text.charAt(at) != c) {
      throw unexpected();
    }
    at++;
  }

  private IllegalArgumentException unexpected() {
    return new IllegalArgumentException("unexpected text at character " + at);
  }
}
