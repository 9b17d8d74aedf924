package io.github.epollo.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.kernel.NativeMemory;
import io.github.epollo.testsupport.ProbeKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that are longer or shorter when they are read than when they were opened. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WholeFileTest {
  private static final int STATX_SIZE = 40; // offset of stx_size
  private static final int STATX_ADDRESS = 4; // argument of statx(2)

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"100, 1", "100, 99", "100, 101", "100, 0", "65536, 65535", "65536, 65537", "131072, 131071",
    "131072, 131073",
    "300000, 100000", "300000, 131072", "300000, 299999", "300000, 300001", "300000, 900000", "0, 5000"})
  void whatIsThereIsRead(int size, int told) throws IOException {
    byte[] content = new byte[size];
    new Random(size).nextBytes(content);
    Path path = Files.write(directory.resolve("file"), content);
    ProbeKernel probe = new ProbeKernel();
    probe.on("statx", call -> {
      long result = call.real();
      NativeMemory.putLong(call.longArg(STATX_ADDRESS) + STATX_SIZE, told);
      return result;
    });
    Epollo.run(EpolloOptions.defaults().withKernel(probe.kernel()),
        () -> assertThat(AsyncFiles.readBytes(path)).isEqualTo(content));
  }
}
