package io.github.epollo.runtime.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Tasks;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples in the documentation of channels. */
class ChannelSnippetsTest {
  @Test
  void channel() {
    List<String> log = new ArrayList<>();
    Epollo.run(() -> {
      // @start region="channel"
      Channel<String> lines = Channel.bounded(16);
      Tasks.spawn(() -> {
        try (lines) { // closing it ends the loop below
          lines.send("one");
          lines.send("two");
        }
      });
      for (String line : lines) {
        log.add(line);
      }
      // @end
    });
    assertThat(log).containsExactly("one", "two");
  }

  @Test
  void reserve() {
    Epollo.run(() -> {
      Channel<String> jobs = Channel.bounded(1);
      // @start region="reserve"
      try (SendPermit<String> permit = jobs.reserve()) {
        permit.send(nextJob()); // taken from where it was only when there is room for it
      }
      // @end
      assertThat(jobs.receive()).isEqualTo("job");
    });
  }

  private static String nextJob() {
    return "job";
  }
}
