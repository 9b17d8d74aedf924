package io.github.epollo.runtime;

import java.lang.ref.WeakReference;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** The runtimes of this process that are not closed. One that is lost stays collectable. */
final class Runtimes {
  private static final AtomicReference<List<WeakReference<Epollo>>> OPEN = new AtomicReference<>(List.of()); // no lock: loops come here, too

  private Runtimes() {}

  static void add(Epollo epollo) {
    List<WeakReference<Epollo>> _ = OPEN.updateAndGet(
        open -> Stream.concat(open.stream().filter(one -> !one.refersTo(null)), Stream.of(new WeakReference<>(epollo)))
            .toList());
  }

  static void remove(Epollo epollo) {
    List<WeakReference<Epollo>> _ = OPEN.updateAndGet(
        open -> open.stream().filter(one -> !one.refersTo(epollo)).toList());
  }

  static List<Epollo> all() {
    return OPEN.get().stream().map(WeakReference::get).filter(Objects::nonNull)
        .sorted(Comparator.comparing(Epollo::name)).toList();
  }

  /** The numbers and the tasks of each. */
  static String describe() {
    List<Epollo> all = all();
    StringBuilder text = new StringBuilder(all.isEmpty() ? "no runtime is open" : "");
    for (Epollo epollo : all) {
      text.append(epollo.metrics()).append('\n').append(epollo.taskDump());
    }
    return text.toString();
  }
}
