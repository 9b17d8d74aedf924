package io.github.epollo.runtime.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.Arena;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EpollEventsTest {
  @Test
  void x86PacksAndOthersAlign() {
    assertThat(EpollEventLayout.ofArchitecture("amd64")).isEqualTo(EpollEventLayout.PACKED);
    assertThat(EpollEventLayout.ofArchitecture("x86_64")).isEqualTo(EpollEventLayout.PACKED);
    assertThat(EpollEventLayout.ofArchitecture("aarch64")).isEqualTo(EpollEventLayout.ALIGNED);
  }

  @Test
  void bytesOfThePackedLayout() {
    assertThat(bytes(EpollEventLayout.PACKED))
        .isEqualTo("010000801817161514131211" + "0400000001000000000000ff");
  }

  @Test
  void bytesOfTheAlignedLayout() {
    assertThat(bytes(EpollEventLayout.ALIGNED))
        .isEqualTo("01000080000000001817161514131211" + "040000000000000001000000000000ff");
  }

  private static String bytes(EpollEventLayout layout) {
    try (Arena arena = Arena.ofConfined()) {
      EpollEvents events = new EpollEvents(arena, layout, 2);
      events.put(0, Epoll.IN | Epoll.ET, 0x1112131415161718L);
      events.put(1, Epoll.OUT, 0xff00_0000_0000_0001L);
      byte[] bytes = new byte[2 * layout.size()];
      NativeMemory.read(events.address(), bytes, 0, bytes.length);
      return HexFormat.of().formatHex(bytes);
    }
  }

  @Property
  void readsBackWhatWasPutAndNothingElseChanges(
      @ForAll EpollEventLayout layout,
      @ForAll @IntRange(max = 7) int index,
      @ForAll int bits,
      @ForAll long data) {
    try (Arena arena = Arena.ofConfined()) {
      EpollEvents events = new EpollEvents(arena, layout, 8);
      assertThat(events.capacity()).isEqualTo(8);
      events.put(index, bits, data);
      for (int i = 0; i < 8; i++) {
        assertThat(events.events(i)).isEqualTo(i == index ? bits : 0);
        assertThat(events.data(i)).isEqualTo(i == index ? data : 0);
      }
    }
  }

  @Test
  void aViewAtAnAddressSharesTheMemory() {
    try (Arena arena = Arena.ofConfined()) {
      EpollEvents events = new EpollEvents(arena, 2);
      EpollEvents.at(events.address(), 2).put(1, Epoll.PRI, 42);
      assertThat(events.events(1)).isEqualTo(Epoll.PRI);
      assertThat(events.data(1)).isEqualTo(42);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 2, Integer.MAX_VALUE})
  void anIndexOutsideTheArrayIsRefused(int index) {
    try (Arena arena = Arena.ofConfined()) {
      EpollEvents events = new EpollEvents(arena, 2);
      assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> events.put(index, 0, 0));
      assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> events.data(index));
    }
  }

  @Test
  void capacityMustBePositive() {
    assertThatIllegalArgumentException().isThrownBy(() -> new EpollEvents(Arena.ofAuto(), 0));
  }
}
