package io.github.epollo.runtime.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.lang.reflect.Field;
import java.net.ConnectException;
import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrnoTest {
  @Test
  void namesTheCallTheArgumentsTheNumberAndTheMeaning() {
    assertThat(Errno.toIOException("connect", "127.0.0.1:80", Errno.ECONNREFUSED))
        .isExactlyInstanceOf(ConnectException.class)
        .hasMessage("connect(127.0.0.1:80) failed: ECONNREFUSED (111): connection refused");
    assertThat(Errno.toIOException("epoll_create1", Errno.ENOSYS))
        .hasMessage("epoll_create1 failed: ENOSYS (38): function not implemented");
  }

  @ParameterizedTest
  @CsvSource({
    "connect, 111, java.net.ConnectException",
    "connect, 110, java.net.SocketTimeoutException",
    "recv, 110, java.net.SocketException",
    "connect, 113, java.net.NoRouteToHostException",
    "send, 101, java.net.NoRouteToHostException",
    "bind, 98, java.net.BindException",
    "listen, 98, java.net.BindException",
    "bind, 99, java.net.BindException",
    "bind, 13, java.net.BindException",
    "openat, 13, java.io.IOException",
    "recv, 104, java.net.SocketException",
    "send, 32, java.net.SocketException",
    "accept4, 103, java.net.SocketException",
    "read, 9, java.io.IOException",
    "read, 4, java.io.IOException",
    "read, 4711, java.io.IOException",
  })
  void choosesTheSubtype(String call, int errno, Class<? extends IOException> type) {
    assertThat(Errno.toIOException(call, "x", errno)).isExactlyInstanceOf(type);
    assertThat(Errno.toIOException(call, errno)).isExactlyInstanceOf(type);
  }

  @Test
  void anExhaustedLimitNamesTheRemedy() {
    assertThat(Errno.toIOException("accept4", "fd 7", Errno.EMFILE))
        .hasMessageContaining("raise the limit of open files: ulimit -n");
    assertThat(Errno.text(Errno.ENFILE)).contains("fs.file-max");
    assertThat(Errno.text(Errno.ENOBUFS)).contains("tcp_mem");
    assertThat(Errno.text(Errno.ENOMEM)).contains("ulimit -l");
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.EAGAIN, 0, -1, -Errno.ECONNRESET})
  void wouldBlockAndNegativeNumbersAreNotErrorsToThrow(int errno) {
    assertThatIllegalArgumentException().isThrownBy(() -> Errno.toIOException("recv", "fd 7", errno));
  }

  @Test
  void everyConstantHasItsOwnNumberNameAndText() throws IllegalAccessException {
    Set<Integer> numbers = new HashSet<>();
    for (Field field : Errno.class.getFields()) {
      int errno = field.getInt(null);
      assertThat(numbers.add(errno)).as(field.getName()).isTrue();
      assertThat(Errno.name(errno)).isEqualTo(field.getName());
      assertThat(Errno.text(errno)).isNotEqualTo("unknown error").isNotBlank();
    }
    assertThat(numbers).hasSizeGreaterThan(50);
  }

  @Property
  void anyNumberHasANameAndAText(@ForAll int errno) {
    assertThat(Errno.name(errno)).isNotNull();
    assertThat(Errno.text(errno)).isNotNull();
  }

  @Test
  void aCallThatWasStoppedIsKnownByWhateverNumberTheKernelUses() {
    assertThat(Errno.isInterrupted(Errno.EINTR)).isTrue();
    assertThat(Errno.isInterrupted(512)).isTrue(); // ERESTARTSYS
    assertThat(Errno.isInterrupted(516)).isTrue(); // ERESTART_RESTARTBLOCK
    assertThat(Errno.isInterrupted(511)).isFalse();
    assertThat(Errno.isInterrupted(517)).isFalse();
    assertThat(Errno.isInterrupted(Errno.ECANCELED)).isFalse();
  }
}
