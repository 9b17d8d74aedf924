package io.github.epollo.runtime.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.laws.Lab;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What an operator makes of scripted sources, and what must come out.
 *
 * @param name for the reader
 * @param sources how many it takes
 * @param subject makes the stream
 * @param check looks at the scripts and at what came out
 */
record Law(String name, int sources, Subject subject, Check check) {
  interface Subject {
    AsyncStream<?> of(Lab lab, List<AsyncStream<Integer>> sources);
  }

  interface Check {
    void check(List<Seen> scripts, Seen seen);
  }

  interface Operator {
    AsyncStream<?> of(Lab lab, AsyncStream<Integer> source);
  }

  interface Model {
    Seen of(Seen script);
  }

  /** For an operator with one source whose result is certain. */
  static Law exactly(String name, Operator operator, Model model) {
    return checked(name, operator, (script, seen) -> assertThat(seen).isEqualTo(model.of(script)));
  }

  interface OneCheck {
    void check(Seen script, Seen seen);
  }

  static Law checked(String name, Operator operator, OneCheck check) {
    return new Law(name, 1, (lab, sources) -> operator.of(lab, sources.getFirst()),
        (scripts, seen) -> check.check(scripts.getFirst(), seen));
  }

  /** Tries it with everything that the seed decides, to the end and closed at every poll. */
  void hold(long seed, Breakage breakage) {
    List<ScriptedStream> scripted = new ArrayList<>();
    Lab.check(seed, lab -> {
      scripted.clear();
      return subject(seed, lab, scripted, breakage);
    }, (Lab _, io.github.epollo.runtime.future.laws.Trial<Seen> trial) -> {
      assertThat(trial.isStuck()).as("stuck").isFalse();
      Seen seen = ((io.github.epollo.runtime.future.Poll.Ready<Seen>) trial.result()).value();
      check.check(scripted.stream().map(ScriptedStream::script).toList(), seen);
    });
  }

  private Future<Seen> subject(long seed, Lab lab, List<ScriptedStream> scripted, Breakage breakage) {
    Random random = new Random(seed);
    List<AsyncStream<Integer>> given = new ArrayList<>();
    for (int i = 0; i < sources; i++) {
      ScriptedStream stream = ScriptedStream.draw(lab, "source " + i, random);
      scripted.add(stream);
      given.add(breakage == null ? stream : breakage.atTheSource(stream));
    }
    AsyncStream<?> stream = subject.of(lab, given);
    return Seen.of(breakage == null ? stream : breakage.atTheReader(stream));
  }

  @Override
  public String toString() {
    return name;
  }
}
