package io.github.epollo.runtime.sync;

import java.util.ArrayList;
import java.util.List;

/** Who waits for something, by the book: the first is called, and whoever is called and served by nobody waits at the front. */
final class LineModel<P> {
  final List<P> uncalled = new ArrayList<>();
  final List<P> called = new ArrayList<>();

  int size() {
    return uncalled.size() + called.size();
  }

  void join(P party) {
    if (called.remove(party)) {
      uncalled.addFirst(party);
    } else if (!uncalled.contains(party)) {
      uncalled.add(party);
    }
  }

  void leave(P party) {
    called.remove(party);
    uncalled.remove(party);
  }

  void call(int things) {
    while (called.size() < things && !uncalled.isEmpty()) {
      called.add(uncalled.removeFirst());
    }
  }
}
