package io.github.epollo.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RawAddressTest {
  private final MemorySegment memory = Arena.ofAuto().allocate(Scratch.NAME_SIZE, 8);

  @Property
  void ipv4SurvivesTheRoundTrip(@ForAll @Size(4) byte[] bytes, @ForAll @IntRange(max = 65535) int port)
      throws Exception {
    roundTrip(new InetSocketAddress(InetAddress.getByAddress(bytes), port), 16);
  }

  @Property
  void ipv6SurvivesTheRoundTrip(@ForAll @Size(16) byte[] bytes, @ForAll @IntRange(max = 65535) int port)
      throws Exception {
    roundTrip(new InetSocketAddress(Inet6Address.getByAddress(null, bytes, -1), port), 28);
  }

  @Property
  void scopesSurviveTheRoundTrip(@ForAll @IntRange(min = 1) int scope, @ForAll @Size(8) byte[] id) throws Exception {
    byte[] bytes = new byte[16];
    bytes[0] = (byte) 0xfe;
    bytes[1] = (byte) 0x80;
    System.arraycopy(id, 0, bytes, 8, 8);
    InetSocketAddress address = new InetSocketAddress(Inet6Address.getByAddress(null, bytes, scope), 80);
    roundTrip(address, 28);
    InetSocketAddress decoded = RawAddress.of(address).toInetSocketAddress();
    assertThat(((Inet6Address) decoded.getAddress()).getScopeId()).isEqualTo(scope);
  }

  private void roundTrip(InetSocketAddress address, int length) {
    memory.fill((byte) 0x5c);
    RawAddress raw = RawAddress.of(address);
    assertThat(raw.write(memory)).isEqualTo(length);
    assertThat(RawAddress.read(memory)).isEqualTo(raw);
    assertThat(raw.toInetSocketAddress()).isEqualTo(address);
  }

  @Test
  void mappedIpv4IsReadAsIpv4() {
    new RawAddress(false, 0, 0xffff_7f00_0001L, 80, 0).write(memory);
    InetSocketAddress address = RawAddress.read(memory).toInetSocketAddress();
    assertThat(address.getAddress()).isInstanceOf(Inet4Address.class);
    assertThat(RawAddress.read(memory)).hasToString("127.0.0.1:80");
  }

  @Test
  void otherFamiliesAreRefused() {
    memory.set(ValueLayout.JAVA_SHORT, 0, (short) 1);
    assertThatIllegalArgumentException().isThrownBy(() -> RawAddress.read(memory)).withMessageContaining("family 1");
  }
}
