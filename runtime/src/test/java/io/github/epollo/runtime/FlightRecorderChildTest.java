package io.github.epollo.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.sync.Channel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The flight recorder of another JVM: asked by jcmd, and where there is none. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class FlightRecorderChildTest {
  private static final String READY = "ready; with a flight recorder: ";

  @TempDir Path directory;

  private static Process start(List<String> flags) throws IOException {
    List<String> command = new ArrayList<>(List.of(tool("java"), "-Xmx256m", "--enable-native-access=ALL-UNNAMED"));
    if (System.getProperty("epollo.test.carrier", "loop").equals("loop")) {
      command.addAll(List.of("--add-opens", "java.base/java.lang=ALL-UNNAMED"));
    }
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Waiting.class.getName()));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static String tool(String name) {
    return Path.of(System.getProperty("java.home"), "bin", name).toString();
  }

  private static void awaitReady(BufferedReader output, boolean recorder) throws IOException {
    StringBuilder before = new StringBuilder();
    String line = output.readLine();
    while (line != null && !line.startsWith(READY)) {
      before.append(line).append('\n');
      line = output.readLine();
    }
    assertThat(line).as(before.toString()).isEqualTo(READY + recorder);
  }

  /** Lets the child end, which then must do so well. */
  private static void end(Process child, BufferedReader output) throws Exception {
    try (OutputStream input = child.getOutputStream()) {
      input.write('\n');
    }
    String rest = String.join("\n", output.lines().toList());
    assertThat(child.waitFor()).as(rest).isZero();
  }

  private static void jcmd(Process child, String... command) throws Exception {
    List<String> all = new ArrayList<>(List.of(tool("jcmd"), Long.toString(child.pid())));
    all.addAll(List.of(command));
    Process jcmd = new ProcessBuilder(all).redirectErrorStream(true).start();
    String told = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(jcmd.waitFor()).as(told).isZero();
    assertThat(told).doesNotContain("Exception");
  }

  private static List<RecordedEvent> of(List<RecordedEvent> events, String name) {
    return events.stream().filter(e -> e.getEventType().getName().equals("io.github.epollo." + name)).toList();
  }

  @Test
  void withoutARecordingTheRecorderIsNotMadeReady() throws Exception {
    Process child = start(List.of("-Xlog:class+load"));
    try (BufferedReader output = child.inputReader()) {
      try (OutputStream input = child.getOutputStream()) {
        input.write('\n');
      }
      List<String> lines = output.lines().toList();
      assertThat(child.waitFor()).isZero();
      assertThat(lines).anyMatch(line -> line.contains("io.github.epollo.runtime.FlightRecording "))
          .noneMatch(line -> line.contains("io.github.epollo.runtime.TaskEvent "))
          .noneMatch(line -> line.contains("io.github.epollo.runtime.loop.SlowTurnEvent "))
          .noneMatch(line -> line.contains("jdk.jfr.internal.MetadataRepository "));
    }
  }

  @Test
  void jcmdShowsTasksAndLoops() throws Exception {
    Path file = directory.resolve("tasks.jfr");
    Process child = start(List.of());
    try (BufferedReader output = child.inputReader()) {
      awaitReady(output, true);
      jcmd(child, "JFR.start", "name=tasks", "settings=none", "+io.github.epollo.TaskState#enabled=true",
          "+io.github.epollo.LoopStatistics#enabled=true", "+io.github.epollo.LoopStatistics#period=everyChunk");
      jcmd(child, "JFR.dump", "name=tasks", "filename=" + file);
      end(child, output);
    } finally {
      child.destroyForcibly();
    }
    List<RecordedEvent> events = RecordingFile.readAllEvents(file);
    assertThat(of(events, "TaskState")).anyMatch(e -> "waits".equals(e.getString("name"))
        && "WAITING".equals(e.getString("state")) && e.getString("awaited").contains("channel")
        && e.getString("stack").contains("Waiting") && "child".equals(e.getString("runtime"))
        && e.getInt("tasks") == Waiting.TASKS);
    assertThat(of(events, "TaskState").stream().map(e -> e.getLong("id")).distinct())
        .hasSize(PeriodicRecording.TASKS);
    assertThat(of(events, "LoopStatistics"))
        .anyMatch(e -> e.getString("loop").equals("child") && e.getLong("turns") > 0);
  }

  @Test
  void aJvmWithoutFlightRecorderRunsTasks() throws Exception {
    Process child = start(List.of("--limit-modules", "java.logging,jdk.unsupported"));
    try (BufferedReader output = child.inputReader()) {
      awaitReady(output, false);
      end(child, output);
    } finally {
      child.destroyForcibly();
    }
  }

  /** What the child does: a runtime with tasks that wait, until it is told to end. */
  static final class Waiting {
    static final int TASKS = PeriodicRecording.TASKS + 1;

    public static void main(String[] args) throws Exception {
      try (Epollo epollo = Epollo.start(EpolloOptions.defaults().withName("child"))) {
        Channel<String> channel = Channel.bounded(1);
        List<Task<?>> tasks = new ArrayList<>();
        for (int i = 0; i < TASKS; i++) {
          tasks.add(epollo.spawn("waits", () -> channel.receive()));
        }
        while (epollo.taskDump().tasks().stream().anyMatch(t -> t.state() != TaskDump.State.WAITING)) {
          Thread.onSpinWait();
        }
        for (int i = 0; i < 2; i++) { // the turn of the first has ended when the second runs; without the flag tasks make none
          CountDownLatch ran = new CountDownLatch(1);
          epollo.loop().execute(ran::countDown);
          ran.await();
        }
        System.out.println(READY + ModuleLayer.boot().findModule("jdk.jfr").isPresent());
        int _ = System.in.read();
        channel.close();
        for (Task<?> task : tasks) {
          task.cancel().await();
        }
      }
    }
  }
}
