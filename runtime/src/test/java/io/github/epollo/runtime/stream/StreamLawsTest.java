package io.github.epollo.runtime.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.laws.Lab;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every operator on sources that wait, fail and are woken in an order that a seed decides, against plain Java; each is closed after every number of polls as
 * well. {@link Lab} finds polls after the end, sources left open and wakes that were lost.
 */
class StreamLawsTest {
  private static final int SEEDS = 300;

  private static Future<Integer> soon(Lab lab, int value) {
    return lab.future("future of " + value, value % 3, new Poll.Ready<>(value * 2));
  }

  private static Future<Integer> soonUnlessSeven(Lab lab, int value) {
    return lab.future("future of " + value, value % 3, value == 7
        ? new Poll.Failed<>(new IllegalStateException("seven"))
        : new Poll.Ready<>(value * 2));
  }

  private static AsyncStream<Integer> few(Lab lab, int value) {
    return lab.add(
        new ScriptedStream(lab, "inner " + value, new Seen(few(value).map(v -> (Object) v).toList(), null),
            IntStream.range(0, 3).map(i -> (value + i) % 2).toArray()));
  }

  private static Stream<Integer> few(int value) {
    return List.of(value, value + 100).subList(0, value % 3).stream();
  }

  private static Seen upToSeven(Seen script) {
    List<Integer> values = script.ints();
    int seven = values.indexOf(7);
    return seven < 0
        ? script.with(s -> s.map(v -> v * 2))
        : new Seen(values.subList(0, seven).stream().map(v -> (Object) (v * 2)).toList(), "seven");
  }

  static Stream<Law> laws() {
    List<Law> laws = new ArrayList<>(List.of( //
        Law.exactly("map", (_, s) -> s.map(v -> v + 1), m -> m.with(s -> s.map(v -> v + 1))),
        Law.exactly("map that throws", (_, s) -> s.map(v -> {
          if (v == 7) {
            throw new IllegalStateException("seven");
          }
          return v * 2;
        }), StreamLawsTest::upToSeven),
        Law.exactly("mapAsync", (lab, s) -> s.mapAsync(v -> soonUnlessSeven(lab, v)), StreamLawsTest::upToSeven),
        Law.exactly("buffered(1)", (lab, s) -> s.buffered(1, v -> soonUnlessSeven(lab, v)), StreamLawsTest::upToSeven),
        Law.exactly("buffered(3)", (lab, s) -> s.buffered(3, v -> soonUnlessSeven(lab, v)), StreamLawsTest::upToSeven),
        Law.exactly("buffered(3) with a function that throws", (lab, s) -> s.buffered(3, v -> {
          if (v == 7) {
            throw new IllegalStateException("seven");
          }
          return soon(lab, v);
        }), StreamLawsTest::upToSeven),
        Law.exactly("filter", (_, s) -> s.filter(v -> v % 2 == 0), m -> m.with(s -> s.filter(v -> v % 2 == 0))),
        Law.exactly("flatMap", (lab, s) -> s.flatMap(v -> few(lab, v)), m -> m.with(s -> s.flatMap(v -> few(v)))),
        Law.exactly("take", (_, s) -> s.take(3),
            m -> m.values().size() < 3 ? m : m.with(s -> s.limit(3)).ended()),
        Law.exactly("take(0)", (_, s) -> s.take(0), _ -> new Seen(List.of(), null)),
        Law.exactly("skip", (_, s) -> s.skip(2), m -> m.with(s -> s.skip(2))),
        Law.exactly("takeWhile", (_, s) -> s.takeWhile(v -> v != 4),
            m -> m.ints().contains(4) ? m.with(s -> s.takeWhile(v -> v != 4)).ended() : m),
        Law.exactly("skipWhile", (_, s) -> s.skipWhile(v -> v != 4), m -> m.with(s -> s.dropWhile(v -> v != 4))),
        Law.exactly("scan", (_, s) -> s.scan(0, Integer::sum), m -> {
          AtomicInteger sum = new AtomicInteger();
          return m.with(s -> s.map(sum::addAndGet));
        }),
        Law.exactly("enumerate", (_, s) -> s.enumerate(), m -> {
          AtomicInteger index = new AtomicInteger();
          return m.with(s -> s.map(v -> new Indexed<>(index.getAndIncrement(), v)));
        }),
        Law.exactly("distinctUntilChanged", (_, s) -> s.distinctUntilChanged(v -> v / 4), m -> {
          List<Object> kept = new ArrayList<>();
          for (int i = 0; i < m.values().size(); i++) {
            if (i == 0 || m.ints().get(i) / 4 != m.ints().get(i - 1) / 4) {
              kept.add(m.ints().get(i));
            }
          }
          return new Seen(kept, m.failure());
        }), Law.exactly("inspect", (_, s) -> s.inspect(_ -> {}), m -> m),
        Law.exactly("onClose", (_, s) -> s.onClose(() -> {}), m -> m),
        Law.exactly("peekable", (_, s) -> peekingFirst(s.peekable()), m -> m),
        Law.exactly("via", (_, s) -> s.via(t -> t.map(v -> -v)), m -> m.with(s -> s.map(v -> -v))),
        Law.exactly("chunks", (_, s) -> s.chunks(2), m -> {
          List<Object> chunks = new ArrayList<>();
          for (int i = 0; i < m.values().size(); i += 2) {
            chunks.add(m.values().subList(i, Math.min(i + 2, m.values().size())));
          }
          return new Seen(chunks, m.failure());
        }), Law.checked("readyChunks", (_, s) -> s.readyChunks(3), (script, seen) -> {
          assertThat(seen.values()).allSatisfy(chunk -> assertThat((List<?>) chunk).hasSizeBetween(1, 3));
          assertThat(seen.values().stream().flatMap(chunk -> ((List<?>) chunk).stream()).map(v -> (Object) v).toList())
              .isEqualTo(script.values());
          assertThat(seen.failure()).isEqualTo(script.failure());
        }),
        Law.exactly("recover", (_, s) -> s.recover(t -> AsyncStream.of(t.getMessage().length())),
            m -> m.failure() == null
                ? m
                : new Seen(Stream.concat(m.values().stream(), Stream.of(m.failure().length())).toList(), null)),
        Law.exactly("retrying", (_, s) -> {
          AtomicInteger attempts = new AtomicInteger();
          return AsyncStream.<Integer>retrying(() -> attempts.getAndIncrement() == 0 ? s : AsyncStream.of(50, 51),
              RetryPolicy.backoff(3, java.time.Duration.ZERO, java.time.Duration.ZERO)).onClose(s::close);
        }, m -> m.failure() == null
            ? m
            : new Seen(Stream.concat(m.values().stream(), Stream.of(50, 51)).toList(), null)),
        Law.exactly("split and merged again", (_, s) -> halves(s.split(2, v -> v % 2 == 0)),
            m -> sides(m, v -> v % 2 == 0, v -> v % 2 != 0)),
        Law.exactly("tee and merged again", (_, s) -> halves(s.tee(2)), m -> sides(m, _ -> true, _ -> true))));
    laws.addAll(Stream.of( //
        new Law("concat", 3, (_, all) -> AsyncStream.concat(all), (scripts, seen) -> {
          List<Object> values = new ArrayList<>();
          String failure = null;
          for (Seen script : scripts) {
            if (failure == null) {
              values.addAll(script.values());
              failure = script.failure();
            }
          }
          assertThat(seen).isEqualTo(new Seen(values, failure));
        }), new Law("merge", 3, (_, all) -> {
          List<AsyncStream<Integer>> tagged = new ArrayList<>();
          for (AsyncStream<Integer> one : all) {
            int tag = tagged.size() * 1000;
            tagged.add(one.map(v -> v + tag));
          }
          return AsyncStream.merge(tagged);
        }, (scripts, seen) -> {
          for (int i = 0; i < scripts.size(); i++) {
            int source = i;
            parts(scripts.get(i).ints(), seen.failure(),
                seen.ints().stream().filter(v -> v / 1000 == source).map(v -> v % 1000).toList());
          }
          failsIfOneDoes(scripts, seen);
        }), new Law("zip", 2, (_, all) -> all.get(0).zip(all.get(1), List::of), (scripts, seen) -> {
          List<List<Integer>> pairs = new ArrayList<>();
          for (int i = 0; i < Math.min(scripts.get(0).values().size(), scripts.get(1).values().size()); i++) {
            pairs.add(List.of(scripts.get(0).ints().get(i), scripts.get(1).ints().get(i)));
          }
          if (seen.failure() == null) {
            assertThat(seen.values()).isEqualTo(pairs);
          } else {
            assertThat(scripts).extracting(Seen::failure).contains(seen.failure());
            assertThat(seen.values()).isEqualTo(pairs.subList(0, seen.values().size()));
          }
        }),
        Law.checked("bufferedUnordered", (lab, s) -> s.bufferedUnordered(3, v -> soon(lab, v)),
            (script, seen) -> {
              List<Integer> doubled = script.ints().stream().map(v -> v * 2).toList();
              assertThat(seen.failure()).isEqualTo(script.failure());
              if (seen.failure() == null) {
                assertThat(seen.ints()).containsExactlyInAnyOrderElementsOf(doubled);
              } else {
                assertThat(count(seen.ints()))
                    .allSatisfy((v, n) -> assertThat(n).isLessThanOrEqualTo(count(doubled).getOrDefault(v, 0L)));
              }
            }),
        Law.checked("flatMapConcurrent", (lab, s) -> s.flatMapConcurrent(2, v -> few(lab, v)), (script, seen) -> {
          List<Integer> all = script.ints().stream().flatMap(v -> few(v)).toList();
          assertThat(seen.failure()).isEqualTo(script.failure());
          assertThat(count(seen.ints()))
              .allSatisfy((v, n) -> assertThat(n).isLessThanOrEqualTo(count(all).getOrDefault(v, 0L)));
          if (seen.failure() == null) {
            assertThat(seen.ints()).hasSameSizeAs(all);
          }
        }), Law.checked("conflate", (_, s) -> s.enumerate().conflate(), (script, seen) -> {
          assertThat(seen.failure()).isEqualTo(script.failure());
          newest(script, seen);
        }), Law.checked("switchMap", (lab, s) -> s.enumerate().switchMap(v -> lab.chance(2)
            ? AsyncStream.of(v)
            : AsyncStream.fromFuture(lab.future("latest", 1, new Poll.Ready<>(v)))), (script, seen) -> {
              assertThat(seen.failure()).isEqualTo(script.failure());
              if (seen.failure() == null) {
                newest(script, seen);
              }
            }),
        Law.checked("mapLatest", (lab, s) -> s.enumerate().mapLatest(v -> lab.future("latest", 1, new Poll.Ready<>(v))),
            (script, seen) -> {
              if (seen.failure() == null) {
                newest(script, seen);
              }
            }),
        Law.checked("takeUntil",
            (lab, s) -> s.takeUntil(lab.future("signal", lab.below(6) - 1, new Poll.Ready<>("now"))),
            (script, seen) -> {
              assertThat(seen.values()).isEqualTo(script.values().subList(0, seen.values().size()));
              assertThat(seen.failure()).isIn(null, script.failure());
            }),
        Law.checked("skipUntil", (lab, s) -> s.skipUntil(lab.future("signal", lab.below(5), new Poll.Ready<>("now"))),
            (script, seen) -> {
              int skipped = script.values().size() - seen.values().size();
              assertThat(skipped).isNotNegative();
              assertThat(seen.values()).isEqualTo(script.values().subList(skipped, script.values().size()));
              assertThat(seen.failure()).isEqualTo(script.failure());
            }),
        Law.checked("groupBy",
            (_, s) -> s.groupBy(v -> v % 3, 3, 2).flatMapConcurrent(4, g -> g.map(v -> g.key() * 100 + v)),
            (script, seen) -> {
              for (int key = 0; key < 3; key++) {
                int k = key;
                parts(script.ints().stream().filter(v -> v % 3 == k).toList(), seen.failure(),
                    seen.ints().stream().filter(v -> v / 100 == k).map(v -> v % 100).toList());
              }
              assertThat(seen.failure()).isEqualTo(script.failure());
            }),
        Law.checked("StreamMap", (lab, s) -> {
          StreamMap<String, Integer> map = new StreamMap<>();
          map.put("s", s);
          map.put("few", few(lab, 2));
          map.complete();
          return map;
        }, (script, seen) -> {
          assertThat(seen.failure()).isEqualTo(script.failure());
          parts(script.ints(), null,
              seen.values().stream().map(e -> (Map.Entry<?, ?>) e).filter(e -> e.getKey().equals("s"))
                  .map(e -> (Integer) e.getValue()).toList());
        })).toList());
    return laws.stream();
  }

  private static void newest(Seen script, Seen seen) {
    List<Integer> places = seen.values().stream().map(v -> (int) ((Indexed<?>) v).index()).toList();
    assertThat(places).doesNotHaveDuplicates().isSorted();
    assertThat(places.isEmpty() ? -1 : places.getLast()).isEqualTo(script.values().size() - 1);
  }

  /** All of {@code expected}, in order; if there was a failure, a beginning of it will do. */
  private static void parts(List<Integer> expected, String failure, List<Integer> actual) {
    assertThat(actual).isEqualTo(failure == null || actual.size() > expected.size()
        ? expected
        : expected.subList(0, actual.size()));
  }

  private static void failsIfOneDoes(List<Seen> scripts, Seen seen) {
    List<String> failures = scripts.stream().map(Seen::failure).filter(f -> f != null).toList();
    if (failures.isEmpty()) {
      assertThat(seen.failure()).isNull();
    } else {
      assertThat(failures).contains(seen.failure());
    }
  }

  private static Map<Integer, Long> count(List<Integer> values) {
    Map<Integer, Long> counts = new HashMap<>();
    values.forEach(v -> counts.merge(v, 1L, Long::sum));
    return counts;
  }

  private static AsyncStream<Integer> peekingFirst(PeekableStream<Integer> stream) {
    return AsyncStream.unfoldAsync(stream, s -> s.peekAsync().then(peeked -> s.nextAsync().map(value -> {
      assertThat(value).isEqualTo(peeked);
      return value == null ? null : new Step<Integer, PeekableStream<Integer>>(value, s);
    }))).onClose(stream::close);
  }

  /** Reads both halves, each only when it was woken, and gives their values in the end. */
  private static AsyncStream<Object> halves(Split<Integer> split) {
    Function<Seen, Object> asIs = seen -> seen;
    return AsyncStream.merge(List.of(AsyncStream.fromFuture(Seen.of(split.first()).map(asIs)),
        AsyncStream.fromFuture(Seen.of(split.second()).map(asIs)))).chunks(2)
        .map(both -> Map.of("halves", java.util.Set.copyOf(both)));
  }

  private static Seen sides(Seen m, java.util.function.Predicate<Integer> first,
      java.util.function.Predicate<Integer> second) {
    return new Seen(List.of(Map.of("halves",
        java.util.Set.copyOf(List.of(m.with(s -> s.filter(first)), m.with(s -> s.filter(second)))))), null);
  }

  @ParameterizedTest
  @MethodSource("laws")
  void theOperatorDoesWhatPlainJavaDoes(Law law) {
    Random seeds = new Random();
    for (int i = 0; i < SEEDS; i++) {
      long seed = i < SEEDS / 2 ? i : seeds.nextLong();
      try {
        law.hold(seed, null);
      } catch (AssertionError e) {
        throw new AssertionError(law + " with seed " + seed, e);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("laws")
  void aBrokenOperatorIsCaught(Law law) {
    for (Breakage breakage : Breakage.values()) {
      boolean nothingToBreak = law.name().equals("take(0)")
          || (law.name().contains("merged again") && breakage == Breakage.GIVES_A_VALUE_TWICE);
      if (!nothingToBreak) {
        Lab.assertCaught(law + " " + breakage, seed -> law.hold(seed, breakage));
      }
    }
  }
}
