package io.github.epollo.fs.engine;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.util.Arrays;

/**
 * Paths as the bytes that Linux knows, and back. A {@link Path} of the default file system holds bytes, too, but tells them as a string, which is not the same where they are no valid text: then, and
 * where the JVM's own encoding of names is not UTF-8, its URI tells them, in which each byte is escaped.
 */
public final class PathBytes {
  private static final boolean UTF_8_NAMES = "UTF-8".equalsIgnoreCase(System.getProperty("sun.jnu.encoding"));
  private static final char REPLACEMENT = '\ufffd';
  private static final String SCHEME = "file://";

  private PathBytes() {}

  /**
   * The bytes of {@code path}, without a zero byte; an empty path is {@code .}, as for the JDK.
   *
   * @throws ProviderMismatchException if it is no path of the default file system
   */
  public static byte[] of(Path path) {
    if (path.getFileSystem() != FileSystems.getDefault()) {
      throw new ProviderMismatchException(
          "not a path of the default file system: " + path + " (" + path.getFileSystem() + ")");
    }
    String text = path.toString();
    if (text.isEmpty()) {
      return new byte[]{'.'};
    }
    if (isAscii(text)) {
      return text.getBytes(US_ASCII);
    }
    if (UTF_8_NAMES && text.indexOf(REPLACEMENT) < 0) {
      return text.getBytes(UTF_8);
    }
    return ofUri(path);
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  /** A URI is absolute: of a relative path, the part that was added is taken off again. */
  private static byte[] ofUri(Path path) {
    Path absolute = path.toAbsolutePath();
    byte[] bytes = unescape(absolute.toUri().getRawPath());
    int end = bytes.length;
    if (end > 1 && bytes[end - 1] == '/') {
      end--; // the JDK adds a slash to a directory
    }
    int start = 0;
    if (!path.isAbsolute()) {
      start = of(Path.of("").toAbsolutePath()).length + 1;
      if (start == 2) {
        start = 1; // the current directory is the root
      }
    }
    return Arrays.copyOfRange(bytes, start, end);
  }

  private static byte[] unescape(String raw) {
    byte[] bytes = new byte[raw.length()];
    int n = 0;
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '%') {
        bytes[n++] = (byte) Integer.parseInt(raw, i + 1, i + 3, 16);
        i += 2;
      } else {
        bytes[n++] = (byte) c;
      }
    }
    return Arrays.copyOf(bytes, n);
  }

  /**
   * The path whose bytes are {@code bytes}.
   *
   * @throws InvalidPathException if there is a zero byte in it
   */
  public static Path toPath(byte[] bytes) {
    if (UTF_8_NAMES || isAscii(bytes)) {
      try {
        return Path.of(UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
      } catch (CharacterCodingException e) {
        // no valid text: by its URI, below
      }
    }
    boolean absolute = bytes.length > 0 && bytes[0] == '/';
    Path base = Path.of("/");
    Path path = Path.of(URI.create(SCHEME + (absolute ? "" : "/") + escape(bytes)));
    return absolute ? path : base.relativize(path);
  }

  private static boolean isAscii(byte[] bytes) {
    for (byte b : bytes) {
      if (b < 0) {
        return false;
      }
    }
    return true;
  }

  private static String escape(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (byte b : bytes) {
      if (b == '/') {
        text.append('/');
      } else if (b == 0) {
        throw new InvalidPathException(new String(bytes, UTF_8), "a name cannot hold a zero byte");
      } else {
        text.append('%').append(Character.forDigit((b >> 4) & 0xf, 16)).append(Character.forDigit(b & 0xf, 16));
      }
    }
    return text.toString();
  }
}
