package io.github.epollo.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where a run of bytes is cut into pieces: a list of sizes, and one last piece without limit. A stream with a chunking moves no bytes across a cut in one read
 * or write; so a test can feed a codec with every split of its input.
 *
 * <p><b>Threading:</b> immutable.
 */
public final class Chunking {
  private final int[] sizes;
  private final boolean cycles;

  private Chunking(int[] sizes, boolean cycles) {
    this.sizes = sizes.clone();
    this.cycles = cycles;
    for (int size : sizes) {
      if (size <= 0) {
        throw new IllegalArgumentException("the size of a piece must be positive: " + size);
      }
    }
  }

  /**
   * Pieces of these sizes, and then whatever is left in one piece; without sizes, nothing is cut.
   *
   * @throws IllegalArgumentException if a size is not positive
   */
  public static Chunking of(int... sizes) {
    return new Chunking(sizes, false);
  }

  /**
   * Pieces of these sizes, again and again: {@code cycle(1)} is byte by byte.
   *
   * @throws IllegalArgumentException if a size is not positive, or there is none
   */
  public static Chunking cycle(int... sizes) {
    if (sizes.length == 0) {
      throw new IllegalArgumentException("a cycle needs at least one size; use Chunking.of() to cut nothing");
    }
    return new Chunking(sizes, true);
  }

  /** The pieces of {@code bytes}, none of them empty. */
  public List<byte[]> cut(byte[] bytes) {
    List<byte[]> pieces = new ArrayList<>();
    Cursor cursor = cursor();
    for (int from = 0; from < bytes.length;) {
      int n = Math.min(cursor.left(), bytes.length - from);
      pieces.add(Arrays.copyOfRange(bytes, from, from + n));
      cursor.moved(n);
      from += n;
    }
    return pieces;
  }

  Cursor cursor() {
    return new Cursor();
  }

  /** The code that makes this chunking again. */
  @Override
  public String toString() {
    String list = Arrays.toString(sizes);
    return (cycles ? "Chunking.cycle(" : "Chunking.of(") + list.substring(1, list.length() - 1) + ")";
  }

  /** A place in a run of bytes; one thread at a time uses it. */
  final class Cursor {
    private int index;
    private int moved; // of the piece at index

    /** How many bytes there are up to the next cut. */
    int left() {
      return index < sizes.length ? sizes[index] - moved : Integer.MAX_VALUE;
    }

    /** Goes on by {@code n} bytes, at most {@link #left}. */
    void moved(int n) {
      if (index < sizes.length) {
        moved += n;
        if (moved == sizes[index]) {
          moved = 0;
          index = cycles ? (index + 1) % sizes.length : index + 1;
        }
      }
    }
  }
}
