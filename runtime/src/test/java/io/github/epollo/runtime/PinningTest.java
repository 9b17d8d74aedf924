package io.github.epollo.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.kernel.CpuSet;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.LinuxKernel;
import io.github.epollo.runtime.loop.Loop;
import io.github.epollo.testsupport.LogCapture;
import io.github.epollo.testsupport.ProbeKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Loops that are confined to processors. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class PinningTest {
  private static final EpolloOptions OPTIONS = EpolloOptions.defaults().withLoops(3).withPinnedLoops(true);

  /** The processors of the calling thread as the kernel tells them, such as "0-1". */
  private static String allowed() throws IOException {
    return Files.readAllLines(Path.of("/proc/thread-self/status")).stream()
        .filter(l -> l.startsWith("Cpus_allowed_list:")).findFirst().orElseThrow()
        .substring("Cpus_allowed_list:".length()).strip();
  }

  private static Future<String> allowedOfLoop() {
    return Future.fromPoll(_ -> {
      try {
        return Poll.ready(allowed());
      } catch (IOException e) {
        return Poll.failed(e);
      }
    });
  }

  @Test
  void eachLoopHasOneProcessorAndNobodyElseIsConfined() throws Exception {
    CpuSet all = CpuSet.ofProcess(LinuxKernel.get());
    String before = allowed();
    try (Epollo epollo = Epollo.start(OPTIONS)) {
      for (Loop loop : epollo.loops()) {
        String one = epollo.spawnOn(loop, allowedOfLoop()).join();
        assertThat("CPU {" + one + "}").isEqualTo(all.one(loop.index()).toString());
        assertThat(epollo.spawnOn(loop, () -> Tasks.blocking(PinningTest::allowed)).join()).isEqualTo(before);
      }
    }
    assertThat(allowed()).isEqualTo(before);
    try (Epollo epollo = Epollo.start(OPTIONS.withPinnedLoops(false))) {
      assertThat(epollo.spawnOn(epollo.loops().getLast(), allowedOfLoop()).join()).isEqualTo(before);
    }
    assertThat(Epollo.<String>run(OPTIONS, PinningTest::allowed)).isNotEmpty();
    assertThat(allowed()).isEqualTo(before);
  }

  @Test
  void goesOnWhereTheKernelRefuses() {
    for (String call : new String[]{"schedGetaffinity", "schedSetaffinity"}) {
      ProbeKernel probe = new ProbeKernel().on(call, _ -> -Errno.EPERM);
      try (LogCapture log = new LogCapture();
          Epollo epollo = Epollo.start(OPTIONS.withKernel(probe.kernel()))) {
        for (Loop loop : epollo.loops()) {
          assertThat(epollo.spawnOn(loop, Future.fromPoll(_ -> Poll.ready("works"))).join()).isEqualTo("works");
        }
        assertThat(log.messages()).isNotEmpty().allMatch(m -> m.contains("cannot pin loops") && m.contains("EPERM"));
      }
    }
  }
}
