package io.github.epollo.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ChunkingTest {
  /** The model: the cuts are the sums of the sizes. */
  @Property
  void piecesEndAtTheSumsOfTheSizes(@ForAll @Size(max = 10) List<@IntRange(min = 1, max = 9) Integer> sizes,
      @ForAll boolean cycles, @ForAll @Size(max = 100) byte[] bytes) {
    int[] array = sizes.stream().mapToInt(Integer::intValue).toArray();
    Chunking chunking = cycles && array.length > 0 ? Chunking.cycle(array) : Chunking.of(array);
    List<Integer> ends = new ArrayList<>();
    for (int i = 0, sum = 0; array.length > 0 && (i < array.length || cycles) && sum < bytes.length; i++) {
      sum += array[i % array.length];
      ends.add(Math.min(sum, bytes.length));
    }
    if (bytes.length > 0 && (ends.isEmpty() || ends.getLast() < bytes.length)) {
      ends.add(bytes.length);
    }

    List<byte[]> pieces = chunking.cut(bytes);

    List<Integer> found = new ArrayList<>();
    byte[] joined = new byte[bytes.length];
    int at = 0;
    for (byte[] piece : pieces) {
      System.arraycopy(piece, 0, joined, at, piece.length);
      found.add(at += piece.length);
    }
    assertThat(found).isEqualTo(ends);
    assertThat(joined).isEqualTo(bytes);
  }

  @Test
  void itsTextIsItsCode() {
    assertThat(Chunking.of(3, 5)).hasToString("Chunking.of(3, 5)");
    assertThat(Chunking.cycle(1)).hasToString("Chunking.cycle(1)");
  }

  @Test
  void piecesWithoutBytesAreRefused() {
    assertThatThrownBy(() -> Chunking.of(1, 0)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("0");
    assertThatThrownBy(() -> Chunking.cycle()).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Chunking.of()");
  }
}
