package io.github.epollo.runtime;

import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Objects and arrays of JSON (RFC 8259), one after another into a text. Names and strings may hold anything. */
final class JsonText {
  private final StringBuilder text = new StringBuilder();
  private boolean first = true;

  /** An object whose members {@code members} writes. */
  static String object(Consumer<JsonText> members) {
    JsonText json = new JsonText();
    json.nest('{', '}', members);
    return json.text.toString();
  }

  JsonText object(String name, Consumer<JsonText> members) {
    name(name);
    nest('{', '}', members);
    return this;
  }

  JsonText array(String name, Consumer<JsonText> elements) {
    name(name);
    nest('[', ']', elements);
    return this;
  }

  /** An object in an array. */
  JsonText element(Consumer<JsonText> members) {
    separate();
    nest('{', '}', members);
    return this;
  }

  /** A string in an array. */
  JsonText element(String value) {
    separate();
    quote(value);
    return this;
  }

  JsonText member(String name, long value) {
    name(name);
    text.append(value);
    return this;
  }

  JsonText member(String name, @Nullable String value) {
    name(name);
    if (value == null) {
      text.append("null");
    } else {
      quote(value);
    }
    return this;
  }

  JsonText members(Map<String, Long> values) {
    values.forEach(this::member);
    return this;
  }

  private void nest(char open, char close, Consumer<JsonText> content) {
    text.append(open);
    first = true;
    content.accept(this);
    text.append(close);
    first = false;
  }

  private void name(String name) {
    separate();
    quote(name);
    text.append(':');
  }

  private void separate() {
    if (!first) {
      text.append(',');
    }
    first = false;
  }

  private void quote(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\t' -> text.append("\\t");
        default -> {
          if (c < 0x20 || Character.isSurrogate(c)) {
            text.append(String.format("\\u%04x", (int) c));
          } else {
            text.append(c);
          }
        }
      }
    }
    text.append('"');
  }
}
