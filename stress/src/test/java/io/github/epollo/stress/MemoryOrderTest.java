package io.github.epollo.stress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.epollo.runtime.driver.Registration;
import io.github.epollo.runtime.driver.RegistrationStress;
import io.github.epollo.runtime.loop.SharedRingStress;
import io.github.epollo.runtime.loop.WakeupStress;
import io.github.epollo.runtime.sync.SpinLock;
import io.github.epollo.runtime.sync.SpinLockStress;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the processor may reorder: the protocols without a lock, each run some hundred thousand times by jcstress, and their twins, which lack a fence or an atomic step each. */
final class MemoryOrderTest {
  private static final List<Class<?>> STRESSED = List.of(SpinLockStress.class, WakeupStress.class,
      RegistrationStress.class, SharedRingStress.class);

  private static final String CLASS_PATH = System.getProperty("java.class.path");
  private static final Path DIRECTORY = Path.of("target", "jcstress");
  private static final int ATTEMPTS = 10; // for the twins, which fail by chance: a few to some hundred times in a run

  @Test
  void protocolsWithoutALockKeepTheirPromises() throws Exception {
    String report = stress(CLASS_PATH);
    assertThat(report)
        .contains("Results: " + STRESSED.size() + " planned; " + STRESSED.size()
            + " passed, 0 failed, 0 soft errs, 0 hard errs")
        .doesNotContain("[FAILED]");
  }

  @Test
  void twinsThatLackAFenceOrAnAtomicStepAreFound() throws Exception {
    Path twins = Files.createDirectories(DIRECTORY.resolve("twins"));
    write(twins, Twin.of(SpinLock.class).with("while (!HELD.compareAndSet(this, false, true)) {",
        "while (held || !(held = true)) {"));
    write(twins,
        Twin.of("io.github.epollo.runtime.loop.Wakeup").with("    VarHandle.fullFence();", ""));
    write(twins, Twin.of("io.github.epollo.runtime.loop.SharedRing").with(
        "if (HEAD.compareAndSet(this, first, first + 1)) {",
        "HEAD.setRelease(this, first + 1);\n      if (place >= 0) {"));
    write(twins, Twin.of(Registration.class).with("Waker present = offer(direction, waker);",
        "Waker present = null;\n    READER.setRelease(this, waker);"));

    List<Class<?>> unfound = new ArrayList<>(STRESSED);
    for (int i = 0; i < ATTEMPTS && !unfound.isEmpty(); i++) {
      String report = stress(twins.toAbsolutePath() + File.pathSeparator + CLASS_PATH);
      unfound.removeIf(type -> report.contains("[FAILED] " + type.getName()));
    }
    assertThat(unfound).as("twins that nobody notices").isEmpty();
  }

  private static void write(Path directory, Twin twin) throws IOException {
    for (var compiled : CompiledInMemory.compile(twin.original().getName(), twin.source()).entrySet()) {
      Path file = directory.resolve(compiled.getKey().replace('.', '/') + ".class");
      Files.createDirectories(file.getParent());
      Files.write(file, compiled.getValue());
    }
  }

  /** Runs jcstress on {@code classPath}; returns what it prints. */
  private static String stress(String classPath) throws IOException, InterruptedException {
    Files.createDirectories(DIRECTORY); // where it leaves its files
    Path report = DIRECTORY.resolve("report.txt");
    Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-classpath",
        classPath, "org.openjdk.jcstress.Main", "-t", "Stress$", "-f", "1", "-iters",
        Explore.LONG ? "20" : "2", "-time", Explore.LONG ? "5000" : "1000", "-sc", "false", "-af", "NONE", "-jvmArgs",
        "-Xmx512m -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED").directory(DIRECTORY.toFile())
        .redirectErrorStream(true)
        .redirectOutput(report.toFile()).start();
    try {
      process.waitFor();
    } finally {
      process.destroyForcibly();
    }
    String text = Files.readString(report);
    assumeFalse(text.contains("No scheduling is possible"), "two threads at a time need two processors");
    return text;
  }
}
