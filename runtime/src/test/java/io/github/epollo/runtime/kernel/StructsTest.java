package io.github.epollo.runtime.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class StructsTest {
  private final Arena arena = Arena.ofAuto();

  @Test
  void ioVectorsAreBaseAndLength() {
    IoVectors vectors = new IoVectors(arena, 2);
    vectors.put(1, 0x1234, 99);
    assertThat(vectors.capacity()).isEqualTo(2);
    assertThat(vectors.address(1)).isEqualTo(vectors.address() + 16);
    assertThat(NativeMemory.getLong(vectors.address() + 16)).isEqualTo(0x1234);
    assertThat(NativeMemory.getLong(vectors.address() + 24)).isEqualTo(99);

    IoVectors view = IoVectors.at(vectors.address(), 2);
    assertThat(view.base(1)).isEqualTo(0x1234);
    assertThat(view.length(1)).isEqualTo(99);
    assertThat(view.length(0)).isZero();
    assertThatIllegalArgumentException().isThrownBy(() -> new IoVectors(arena, 0));
  }

  @Test
  void messageHeaderIsThatOfLp64() {
    MessageHeader header = new MessageHeader(arena);
    header.name(1, 2);
    header.vectors(3, 4);
    header.control(5, 6);
    header.flags(7);
    long at = header.address();
    assertThat(NativeMemory.getLong(at)).isEqualTo(1);
    assertThat(NativeMemory.getInt(at + 8)).isEqualTo(2);
    assertThat(NativeMemory.getLong(at + 16)).isEqualTo(3);
    assertThat(NativeMemory.getLong(at + 24)).isEqualTo(4);
    assertThat(NativeMemory.getLong(at + 32)).isEqualTo(5);
    assertThat(NativeMemory.getLong(at + 40)).isEqualTo(6);
    assertThat(NativeMemory.getInt(at + 48)).isEqualTo(7);

    MessageHeader view = MessageHeader.at(at);
    assertThat(view.name()).isEqualTo(1);
    assertThat(view.nameLength()).isEqualTo(2);
    assertThat(view.vectors()).isEqualTo(3);
    assertThat(view.vectorCount()).isEqualTo(4);
    assertThat(view.control()).isEqualTo(5);
    assertThat(view.controlLength()).isEqualTo(6);
    assertThat(view.flags()).isEqualTo(7);
  }

  @Property
  void anExpiryReadsBackAndTheIntervalIsZero(@ForAll long nanos) {
    try (Arena confined = Arena.ofConfined()) {
      MemorySegment block = confined.allocate(NativeBlock.SIZE, Long.BYTES).fill((byte) 0xff);
      Timespec.putSingleExpiry(block, nanos);
      assertThat(Timespec.nanos(block)).isZero();
      assertThat(Timespec.nanos(block.asSlice(16))).isEqualTo(nanos);
      assertThat(block.get(ValueLayout.JAVA_LONG, 24)).isBetween(0L, 999_999_999L);
    }
  }

  @Test
  void nativeMemoryCopiesBytes() {
    MemorySegment memory = arena.allocate(16, Long.BYTES);
    NativeMemory.write(memory.address() + 1, new byte[]{9, 1, 2, 3, 9}, 1, 3);
    byte[] back = new byte[5];
    NativeMemory.read(memory.address(), back, 0, 5);
    assertThat(back).containsExactly(0, 1, 2, 3, 0);
    NativeMemory.putInt(memory.address() + 5, 0x01020304);
    NativeMemory.putLong(memory.address() + 8, Long.MIN_VALUE);
    assertThat(NativeMemory.getInt(memory.address() + 5)).isEqualTo(0x01020304 & 0xffffff);
    assertThat(memory.get(ValueLayout.JAVA_LONG, 8)).isEqualTo(Long.MIN_VALUE);
  }
}
