package io.github.epollo.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.sync.Channel;
import io.github.epollo.testsupport.Waits;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/** What tasks are doing, as text and as JSON, by call and by signal. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class TaskDumpTest {
  @Test
  void eachTaskIsThereWithWhatItAwaits() throws Exception {
    try (Epollo epollo = Epollo.start(EpolloOptions.defaults().withName("dumped"))) {
      Channel<String> channel = Channel.bounded(1);
      Task<String> receiver = epollo.spawn("recei\"ver", () -> channel.receive());
      Task<?> stackless = epollo.spawn(Future.pending());
      Waits.until("the receiver waits",
          () -> epollo.taskDump().tasks().stream().anyMatch(t -> t.state() == TaskDump.State.WAITING));
      TaskDump dump = epollo.taskDump();
      assertThat(dump.runtime()).contains("dumped");
      assertThat(dump.tasks()).hasSize(2);
      TaskDump.Entry first = dump.tasks().getFirst();
      assertThat(first.name()).isEqualTo("recei\"ver");
      assertThat(first.loop()).isEqualTo(epollo.loop().toString());
      assertThat(first.awaited()).containsIgnoringCase("channel");
      assertThat(first.stack()).anyMatch(f -> f.getClassName().contains("TaskDumpTest"));
      assertThat(first.id()).isLessThan(dump.tasks().getLast().id());
      assertThat(dump.tasks().getLast().state()).isEqualTo(TaskDump.State.STACKLESS);
      assertThat(dump.tasks().getLast().stack()).isEmpty();
      assertThat(dump.toString()).isNotEmpty().contains("task recei\"ver (waiting for ")
          .contains("TaskDumpTest");
      assertThat(dump.toJson()).startsWith("{\"runtime\":\"dumped").contains("\"name\":\"recei\\\"ver\"")
          .contains("\"state\":\"WAITING\"").contains("\"state\":\"STACKLESS\"").endsWith("]}]}");
      assertThat(Epollo.all()).contains(epollo);
      receiver.close();
      stackless.close();
    }
    assertThat(Epollo.all()).noneMatch(e -> e.toString().contains("dumped"));
  }

  @Test
  void jsonHoldsWhatStringsMayHold() {
    assertThat(JsonText.object(j -> j.member("a\"b", "c\\d\ne\tf\u0001g\ud800h\u00fc").member("n", (String) null)
        .member("l", -5).array("e", _ -> {}).object("o", _ -> {}).member("z", 1)))
        .isEqualTo(
            "{\"a\\\"b\":\"c\\\\d\\ne\\tf\\u0001g\\ud800h\u00fc\",\"n\":null,\"l\":-5,\"e\":[],\"o\":{},\"z\":1}");
  }

  /** On the JVM's own thread: a loop that is held does not keep it from being told. */
  @Test
  @EnabledIfSystemProperty(named = "epollo.test.carrier", matches = "loop")
  void aSignalPrintsThemWhileALoopIsHeld() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    AtomicBoolean release = new AtomicBoolean();
    try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        DumpSignal _ = DumpSignal.handle("USR1", out);
        Epollo epollo = Epollo.start(EpolloOptions.defaults().withName("held"))) {
      Task<?> hog = epollo.spawn("hog", () -> {
        while (!release.get()) {
          Thread.onSpinWait();
        }
      });
      try {
        long pid = ProcessHandle.current().pid();
        assertThat(new ProcessBuilder("kill", "-USR1", Long.toString(pid)).start().waitFor()).isZero();
        Waits.until("it is printed",
            () -> bytes.toString(StandardCharsets.UTF_8).contains("task hog (not waiting) on held"));
      } finally {
        release.set(true);
      }
      hog.join();
      assertThat(bytes.toString(StandardCharsets.UTF_8)).contains("held: tasks 1, spawned 1").contains("turns ");
    }
  }

  @Test
  void aSignalThatCannotBeHadIsRefused() {
    assertThatThrownBy(() -> DumpSignal.handle("NOSUCH")).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("NOSUCH").hasMessageContaining("USR1");
    assertThatThrownBy(() -> DumpSignal.handle("USR2")).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("suspends").hasMessageContaining("USR1");
    assertThatThrownBy(() -> DumpSignal.handle("KILL")).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("KILL");
  }
}
