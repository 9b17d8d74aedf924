package io.github.epollo.runtime.future;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** A future that is over holds nothing any more, however long it is kept. */
class FinishedTest {
  @TestFactory
  List<DynamicTest> holdsNothing() {
    return List.of(
        of("map", source -> source.map(_ -> 1)),
        of("a long chain", source -> {
          Future<Integer> chain = source.map(_ -> 1);
          for (int i = 0; i < 200; i++) {
            chain = chain.then(Future::ready);
          }
          return chain;
        }),
        of("shared", source -> source.shared()),
        of("join", source -> Future.join(source, Future.ready(2), (_, b) -> b)),
        of("race", source -> Future.race(source, Future.pending())),
        of("select", source -> Future.select(source, Future.pending())));
  }

  private static DynamicTest of(String name, Function<Future<byte[]>, Future<?>> of) {
    return DynamicTest.dynamicTest(name, () -> {
      List<Future<?>> kept = new ArrayList<>();
      List<WeakReference<Object>> held = new ArrayList<>();
      for (boolean closed : List.of(false, true)) {
        byte[] captured = new byte[1000];
        Future<byte[]> source = Future.fromPoll(_ -> closed ? Poll.pending() : Poll.ready(captured.clone()));
        Future<?> future = of.apply(source);
        Poll<?> _ = future.poll(() -> {});
        if (closed) {
          future.close();
        }
        kept.add(future);
        held.add(new WeakReference<>(captured));
      }
      for (int i = 0; i < 50 && held.stream().anyMatch(reference -> reference.get() != null); i++) {
        System.gc();
      }
      assertThat(held).allSatisfy(reference -> assertThat(reference.get()).isNull());
      assertThat(kept).hasSize(2);
    });
  }
}
