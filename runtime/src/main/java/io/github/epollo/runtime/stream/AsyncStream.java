package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.sync.BroadcastReceiver;
import io.github.epollo.runtime.sync.ChannelClosedException;
import io.github.epollo.runtime.sync.LaggedException;
import io.github.epollo.runtime.sync.ReceiveChannel;
import io.github.epollo.runtime.sync.Watch;
import io.github.epollo.runtime.sync.WatchObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collector;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Values that come one after the other: lazy, pulled by {@link #pollNext}, released by {@link #close}.
 *
 * {@snippet class="io.github.epollo.runtime.stream.SnippetsTest" region="overview"}
 *
 * <p>Nothing happens before the first poll, and nothing is fetched that nobody asked for, unless an operator says so and names the bound. A stream ends once, by its
 * end or a failure; then, or when it is closed, it holds nothing any more. An operator owns the streams and futures given to it and closes them when it ends, fails or is
 * closed. What a function given to an operator throws is the stream's failure.
 *
 * <p>In a task, a stream can be read by a {@code for} loop, once; use try-with-resources around a loop that may be left early.
 *
 * <p><b>Cancellation:</b> every stream may be closed at any time. That loses the values that it holds: none, unless the operator says how many it holds. Closing the
 * future of a value ({@link #nextAsync}) loses none at all. Methods that read a stream to its end, and their {@code Async} twins, own it: if the reader is cancelled or the
 * future closed, the stream is closed.
 *
 * <p><b>Threading:</b> one thread at a time polls or closes a stream; which one may change from poll to poll. Operators that take a {@link Duration} need a loop: they
 * are read in a task.
 *
 * @param <T> the type of the values; null is not one of them
 */
public interface AsyncStream<T> extends AutoCloseable, Iterable<T> {

  /**
   * Gets as far towards the next value as it can without waiting. A ready null is the end of the stream.
   *
   * <p>A {@link Poll.Pending} promises that {@code waker}, and no older one, is called when another poll is worth while.
   *
   * @throws IllegalStateException if the stream has ended, failed or was closed
   */
  Poll<@Nullable T> pollNext(Waker waker);

  /** Gives up: releases what the stream holds, its source too. Idempotent, does not wait, does not throw. */
  @Override
  void close();

  /**
   * Waits for the next value; null is the end.
   *
   * <p><b>Cancellation:</b> loses nothing, and leaves the stream open.
   *
   * @throws IllegalStateException if the stream has ended, failed or was closed
   */
  default @Nullable T next() {
    return nextAsync().await();
  }

  /**
   * The future twin of {@link #next}; null is the end.
   *
   * <p><b>Cancellation:</b> closing the future loses nothing, and leaves the stream open.
   */
  default Future<@Nullable T> nextAsync() {
    return Future.fromPoll(this::pollNext);
  }

  /** The values that are left, for a {@code for} loop: {@code hasNext} waits. A loop that is left early leaves the stream open. */
  @Override
  default Iterator<T> iterator() {
    return new StreamIterator<>(this);
  }

  // Sources

  /** A stream of {@code values}. */
  @SafeVarargs
  static <T> AsyncStream<T> of(T... values) {
    List<T> list = new ArrayList<>(values.length);
    for (T value : values) {
      list.add(Objects.requireNonNull(value, "a value of a stream is null"));
    }
    return fromIterable(list);
  }

  /** A stream that ends at once. */
  static <T> AsyncStream<T> empty() {
    return fromPoll(_ -> AbstractStream.end());
  }

  /** A stream that fails with {@code cause} at once. */
  static <T> AsyncStream<T> failed(Throwable cause) {
    Objects.requireNonNull(cause, "cause");
    return fromPoll(_ -> Poll.failed(cause));
  }

  /** A stream that never has a value and never ends. */
  static <T> AsyncStream<T> pending() {
    return fromPoll(_ -> Poll.pending());
  }

  /** {@code value}, again and again, without end. */
  static <T> AsyncStream<T> repeat(T value) {
    Objects.requireNonNull(value, "value");
    return fromPoll(_ -> Poll.ready(value));
  }

  /** {@code seed}, {@code step} of that, and so on, without end. */
  static <T> AsyncStream<T> iterate(T seed, UnaryOperator<T> step) {
    return fromStream(Stream.iterate(Objects.requireNonNull(seed, "seed"), Objects.requireNonNull(step, "step")));
  }

  /** The values that {@code step} makes, each from the state that the one before has left; null from {@code step} is the end. */
  static <T, S> AsyncStream<T> unfold(S initial, Function<? super S, @Nullable Step<T, S>> step) {
    Objects.requireNonNull(step, "step");
    return unfoldAsync(initial, state -> Future.ready(step.apply(state)));
  }

  /** As {@link #unfold}, with steps that wait. */
  static <T, S> AsyncStream<T> unfoldAsync(S initial,
      Function<? super S, ? extends Future<@Nullable Step<T, S>>> step) {
    return new UnfoldStream<>(initial, step);
  }

  /** The values of {@code values}, whose iterator is made at the first poll. */
  static <T> AsyncStream<T> fromIterable(Iterable<? extends T> values) {
    Objects.requireNonNull(values, "values");
    return new IterableStream<>(values::iterator, () -> {});
  }

  /** The values of {@code values}, whose methods must not block. */
  static <T> AsyncStream<T> fromIterator(Iterator<? extends T> values) {
    Objects.requireNonNull(values, "values");
    return new IterableStream<>(() -> values, () -> {});
  }

  /** The values of {@code values}, which is closed with this stream. */
  static <T> AsyncStream<T> fromStream(Stream<? extends T> values) {
    Objects.requireNonNull(values, "values");
    return new IterableStream<>(values::iterator, values::close);
  }

  /** The value of {@code future}, then the end. */
  static <T> AsyncStream<T> fromFuture(Future<T> future) {
    return new FutureStream<>(future);
  }

  /** The values of the futures that {@code call} makes, one after the other; null is the end. So any method that gives one value at a time becomes a stream. */
  static <T> AsyncStream<T> fromCalls(Supplier<? extends Future<@Nullable T>> call) {
    return new CallsStream<>(call);
  }

  /**
   * What comes through {@code channel}, up to its end; a failure that it was closed with is the stream's, as {@link ReceiveChannel} says.
   *
   * <p><b>Cancellation:</b> closing the stream loses no value and leaves the channel as it is.
   */
  static <T> AsyncStream<T> fromChannel(ReceiveChannel<T> channel) {
    Objects.requireNonNull(channel, "channel");
    return fromCalls(channel::receiveOrNullAsync);
  }

  /**
   * What comes to {@code receiver}, up to the end of the broadcast. Fails with {@link LaggedException} if the stream is read too slowly.
   *
   * <p><b>Cancellation:</b> closing the stream closes the receiver, and loses what it had yet to receive.
   */
  static <T> AsyncStream<T> fromBroadcast(BroadcastReceiver<T> receiver) {
    Objects.requireNonNull(receiver, "receiver");
    return fromCalls(receiver::receiveOrNullAsync).onClose(receiver::close);
  }

  /** As {@link #fromBroadcast(BroadcastReceiver)}, but goes on with the oldest value left when some were missed; {@code onLag} is told how many. */
  static <T> AsyncStream<T> fromBroadcast(BroadcastReceiver<T> receiver, LongConsumer onLag) {
    Objects.requireNonNull(receiver, "receiver");
    Objects.requireNonNull(onLag, "onLag");
    return AsyncStream.<T>retrying(() -> fromCalls(receiver::receiveOrNullAsync), (_, cause) -> {
      if (cause instanceof LaggedException lag) {
        onLag.accept(lag.missed());
        return Duration.ZERO;
      }
      return null;
    }).onClose(receiver::close);
  }

  /**
   * The value of {@code watch}, then each newer one, up to its close. Who reads slowly sees the latest, not each one.
   *
   * <p><b>Cancellation:</b> closing the stream leaves the watch as it is.
   */
  static <T> AsyncStream<T> fromWatch(Watch<T> watch) {
    WatchObserver<T> observer = Objects.requireNonNull(watch, "watch").observe();
    return AsyncStream.<T>fromFuture(Future.lazy(() -> Future.ready(observer.get())))
        .chain(fromCalls(() -> observer.changedAsync().<@Nullable T>map(value -> value)
            .recover(ChannelClosedException.class, _ -> null)));
  }

  /** A stream made of its {@link #pollNext}; {@code poll} is not called again once it has answered the end or a failure. */
  static <T> AsyncStream<T> fromPoll(Function<? super Waker, Poll<@Nullable T>> poll) {
    return new PollStream<>(poll);
  }

  /**
   * The values that straight-line code hands out, in a task of its own that begins at the first poll, in the runtime of whoever polls. The code runs when the reader
   * asks for a value, and not ahead of it.
   *
   * {@snippet class="io.github.epollo.runtime.stream.SnippetsTest" region="generate"}
   *
   * <p><b>Cancellation:</b> closing the stream cancels the task: its await throws, and its {@code finally} blocks run, for which {@code close} does not wait.
   */
  static <T> AsyncStream<T> generate(Generator<T> generator) {
    return new GeneratorStream<>(generator);
  }

  /**
   * What {@code publisher} sends. It is subscribed to at the first poll, and is never asked for more than {@code window} values that were not taken yet.
   *
   * <p><b>Cancellation:</b> closing the stream cancels the subscription and loses up to {@code window} values.
   *
   * @throws IllegalArgumentException if {@code window} is not positive, or more than 2^20: so much memory is set aside
   */
  static <T> AsyncStream<T> fromPublisher(Flow.Publisher<? extends T> publisher, int window) {
    return new PublisherStream<>(publisher, window);
  }

  /**
   * The values of a stream that is made again when it fails, as often as {@code policy} allows and after the time it says. The values that came before a failure
   * may come again.
   *
   * @see RetryPolicy#backoff
   */
  static <T> AsyncStream<T> retrying(Supplier<? extends AsyncStream<T>> supplier, RetryPolicy policy) {
    return new RetryStream<>(supplier, policy);
  }

  /** The values of {@code streams}, one stream after the other. */
  static <T> AsyncStream<T> concat(Collection<? extends AsyncStream<T>> streams) {
    return new ConcatStream<>(Objects.requireNonNull(streams, "streams"));
  }

  /** The values of {@code streams} as they come; of those that have one ready, each has its turn. Ends when all have ended, and fails when one does. */
  static <T> AsyncStream<T> merge(Collection<? extends AsyncStream<T>> streams) {
    return new MergeStream<>(Objects.requireNonNull(streams, "streams"));
  }

  /**
   * A publisher that makes a stream for each subscriber and reads it as fast as that asks, in a task of the current runtime. The subscriber is called by that task, so it may
   * wait.
   *
   * @throws IllegalStateException outside a runtime
   */
  static <T> Flow.Publisher<T> publisher(Supplier<? extends AsyncStream<T>> supplier) {
    return new StreamPublisher<>(supplier);
  }

  // One stream made of another

  /** Each value as {@code mapper} makes it. */
  default <R> AsyncStream<R> map(Function<? super T, ? extends R> mapper) {
    return new MapStream<>(this, mapper);
  }

  /** Each value as the future that {@code mapper} makes of it; one after the other. For several at once, see {@link #buffered}. */
  default <R> AsyncStream<R> mapAsync(Function<? super T, ? extends Future<R>> mapper) {
    return new MapAsyncStream<>(this, mapper);
  }

  /** The values for which {@code predicate} holds. */
  default AsyncStream<T> filter(Predicate<? super T> predicate) {
    return new FilterStream<>(this, predicate);
  }

  /** The values of the streams that {@code mapper} makes, one stream after the other. For several at once, see {@link #flatMapConcurrent}. */
  default <R> AsyncStream<R> flatMap(Function<? super T, ? extends AsyncStream<R>> mapper) {
    return new FlattenStream<>(this, mapper);
  }

  /**
   * The first {@code n} values; the source is not asked for more.
   *
   * @throws IllegalArgumentException if {@code n} is negative
   */
  default AsyncStream<T> take(long n) {
    return new TakeStream<>(this, n);
  }

  /**
   * All but the first {@code n} values.
   *
   * @throws IllegalArgumentException if {@code n} is negative
   */
  default AsyncStream<T> skip(long n) {
    return new FilterStream<>(this, Memory.after(Limits.notNegative(n, "the number of values to skip")));
  }

  /** The values up to the first for which {@code predicate} does not hold; that one is lost. */
  default AsyncStream<T> takeWhile(Predicate<? super T> predicate) {
    return new TakeWhileStream<>(this, predicate);
  }

  /** The values from the first on for which {@code predicate} does not hold. */
  default AsyncStream<T> skipWhile(Predicate<? super T> predicate) {
    return new FilterStream<>(this, Memory.onceNot(predicate));
  }

  /** The values until {@code signal} is ready. If both are there, the signal wins; if it fails, so does the stream. */
  default AsyncStream<T> takeUntil(Future<?> signal) {
    return new TakeUntilStream<>(this, signal);
  }

  /** The values that come after {@code signal} is ready; those before are read and dropped. If the signal fails, so does the stream. */
  default AsyncStream<T> skipUntil(Future<?> signal) {
    return new SkipUntilStream<>(this, signal);
  }

  /** What {@code step} makes of {@code initial} and the first value, then of that and the second, and so on. */
  default <A> AsyncStream<A> scan(A initial, BiFunction<? super A, ? super T, ? extends A> step) {
    return map(Memory.accumulate(initial, step));
  }

  /** Each value with its place, from 0 on. */
  default AsyncStream<Indexed<T>> enumerate() {
    return map(Memory.count());
  }

  /** The values that do not equal the one before. */
  default AsyncStream<T> distinctUntilChanged() {
    return distinctUntilChanged(Function.identity());
  }

  /** The values of which {@code key} does not make the same as of the one before. */
  default AsyncStream<T> distinctUntilChanged(Function<? super T, ?> key) {
    return new FilterStream<>(this, Memory.changes(key));
  }

  /** The same values; {@code action} sees each of them first. */
  default AsyncStream<T> inspect(Consumer<? super T> action) {
    Objects.requireNonNull(action, "action");
    return filter(value -> {
      action.accept(value);
      return true;
    });
  }

  /** The same values; {@code action} runs once, when the stream has ended, failed or was closed, after its source was closed. It must not throw. */
  default AsyncStream<T> onClose(Runnable action) {
    return new OnCloseStream<>(this, action);
  }

  /** If this stream fails, the values go on with those of the stream that {@code handler} makes of the failure. */
  default AsyncStream<T> recover(Function<? super Throwable, ? extends AsyncStream<T>> handler) {
    return new RecoverStream<>(this, handler);
  }

  /** A stream whose next value can be looked at before it is taken. It holds that one. */
  default PeekableStream<T> peekable() {
    return new PeekableStream<>(this);
  }

  /** What {@code operator} makes of this stream: for operators of one's own, in their place in a chain. */
  default <R> R via(Function<? super AsyncStream<T>, R> operator) {
    return Objects.requireNonNull(operator, "operator").apply(this);
  }

  // Several streams

  /** The values of this stream, then those of {@code next}. */
  default AsyncStream<T> chain(AsyncStream<T> next) {
    return concat(List.of(this, Objects.requireNonNull(next, "next")));
  }

  /** The values of this stream and of {@code other}, as {@link #merge(Collection)}. */
  default AsyncStream<T> merge(AsyncStream<T> other) {
    return merge(List.of(this, Objects.requireNonNull(other, "other")));
  }

  /**
   * What {@code zipper} makes of the first values of both, then of the second ones, and so on. Ends with the shorter one.
   *
   * <p><b>Cancellation:</b> holds one value, of the side that was faster; that is lost at the end, too.
   */
  default <B, R> AsyncStream<R> zip(AsyncStream<B> other, BiFunction<? super T, ? super B, ? extends R> zipper) {
    return new ZipStream<>(this, other, zipper);
  }

  /**
   * The values for which {@code predicate} holds, and the others, as two streams that are read on their own. Either may get ahead of the other by {@code bound} values;
   * then it waits until the other is read or closed.
   *
   * <p><b>Threading:</b> the two may be read by different threads; then the source is polled, and the predicate called, by one or the other.
   *
   * @throws IllegalArgumentException if {@code bound} is not positive
   */
  default Split<T> split(int bound, Predicate<? super T> predicate) {
    return SplitDistributor.split(this, bound, Objects.requireNonNull(predicate, "predicate"));
  }

  /**
   * All values, twice: two streams that are read on their own. Either may get ahead of the other by {@code bound} values; then it waits until the other is read or
   * closed.
   *
   * <p><b>Threading:</b> as {@link #split}.
   *
   * @throws IllegalArgumentException if {@code bound} is not positive
   */
  default Split<T> tee(int bound) {
    return SplitDistributor.split(this, bound, null);
  }

  /**
   * A stream for each key that {@code classifier} finds, which comes with its first value. Each group holds up to {@code bound} values; if one is full, everything waits until
   * that group is read or closed. So read each group in a task of its own, or with {@link #flatMapConcurrent} of as many as there can be groups.
   *
   * <p>A value of a group that was closed opens that group anew. Once the stream of groups is closed, values of new keys are dropped; the source is closed when all
   * groups are, too.
   *
   * <p><b>Threading:</b> as {@link #split}.
   *
   * @param maxGroups how many groups may be open at once; if there is another, the stream and all groups fail with {@link IllegalStateException}
   * @throws IllegalArgumentException if {@code maxGroups} or {@code bound} is not positive
   */
  default <K> AsyncStream<Grouped<K, T>> groupBy(Function<? super T, ? extends K> classifier, int maxGroups,
      int bound) {
    return GroupDistributor.groupBy(this, classifier, maxGroups, bound);
  }

  // Side by side

  /**
   * The values of the futures that {@code mapper} makes, of which up to {@code n} run at once, in the order of this stream. A failure comes in its place in that order.
   *
   * {@snippet class="io.github.epollo.runtime.stream.SnippetsTest" region="buffered"}
   *
   * <p><b>Cancellation:</b> holds up to {@code n} futures and results.
   *
   * @throws IllegalArgumentException if {@code n} is not positive
   */
  default <R> AsyncStream<R> buffered(int n, Function<? super T, ? extends Future<R>> mapper) {
    return new BufferedStream<>(this, n, mapper);
  }

  /**
   * As {@link #buffered}, in the order in which the futures are ready. A failure ends the stream at once.
   *
   * @throws IllegalArgumentException if {@code n} is not positive
   */
  default <R> AsyncStream<R> bufferedUnordered(int n, Function<? super T, ? extends Future<R>> mapper) {
    Objects.requireNonNull(mapper, "mapper");
    return flatMapConcurrent(Limits.positive(n, "the number of futures at once"),
        value -> fromFuture(Operator.nonNull(mapper.apply(value), "bufferedUnordered()")));
  }

  /**
   * The values of the streams that {@code mapper} makes, of which up to {@code n} are read at once, as {@link #merge(Collection)}.
   *
   * @throws IllegalArgumentException if {@code n} is not positive
   */
  default <R> AsyncStream<R> flatMapConcurrent(int n, Function<? super T, ? extends AsyncStream<R>> mapper) {
    return new FlatMapConcurrentStream<>(this, n, mapper);
  }

  /**
   * The values of the stream that {@code mapper} makes of the newest value; when there is a newer one, the stream made of the one before is closed. Values for which there
   * was a newer one at once are skipped.
   */
  default <R> AsyncStream<R> switchMap(Function<? super T, ? extends AsyncStream<R>> mapper) {
    return new SwitchStream<>(this, mapper);
  }

  /** As {@link #switchMap}, for the one value of a future. */
  default <R> AsyncStream<R> mapLatest(Function<? super T, ? extends Future<R>> mapper) {
    Objects.requireNonNull(mapper, "mapper");
    return switchMap(value -> fromFuture(Operator.nonNull(mapper.apply(value), "mapLatest()")));
  }

  /** Of the values that are there at a poll the newest; the others are dropped. A slow reader so sees the present state. Looks at up to 1024 values in a poll. */
  default AsyncStream<T> conflate() {
    return new ConflateStream<>(this);
  }

  // Many at a time

  /**
   * Lists of {@code n} values; the last one, before the end or a failure, may be shorter.
   *
   * <p><b>Cancellation:</b> holds up to {@code n} values.
   *
   * @throws IllegalArgumentException if {@code n} is not positive
   */
  default AsyncStream<List<T>> chunks(int n) {
    return new ChunksStream<>(this, n, null);
  }

  /**
   * Lists of the values that are there without waiting for more: one at least, {@code n} at most.
   *
   * <p><b>Cancellation:</b> holds nothing between polls.
   *
   * @throws IllegalArgumentException if {@code n} is not positive
   */
  default AsyncStream<List<T>> readyChunks(int n) {
    return new ChunksStream<>(this, n, Duration.ZERO);
  }

  /**
   * As {@link #chunks}, but no list waits for longer than {@code limit} after its first value came.
   *
   * @throws IllegalArgumentException if {@code n} or {@code limit} is not positive
   */
  default AsyncStream<List<T>> chunksTimeout(int n, Duration limit) {
    return new ChunksStream<>(this, n, Limits.positive(limit, "the time to wait for a chunk"));
  }

  // Time

  /**
   * Fails with {@link io.github.epollo.runtime.future.DeadlineExceededException} if a value, or the end, takes longer than {@code limit} to come after the reader
   * began to wait for it. Time that passes after a value, before the next one is asked for, does not count; a wait that was given up goes on counting. A value that is there by then
   * wins.
   *
   * @throws IllegalArgumentException if {@code limit} is not positive
   */
  default AsyncStream<T> timeoutEach(Duration limit) {
    return new TimeoutEachStream<>(this, limit);
  }

  /**
   * The same values, with {@code pause} between two of them at least: the source is not asked any sooner. Nothing is lost.
   *
   * @throws IllegalArgumentException if {@code pause} is not positive
   */
  default AsyncStream<T> throttle(Duration pause) {
    return new ThrottleStream<>(this, pause);
  }

  /**
   * The values after which none came for {@code quiet}; others are dropped. The last one comes at the end, or before a failure, without waiting.
   *
   * <p><b>Cancellation:</b> holds one value.
   *
   * @throws IllegalArgumentException if {@code quiet} is not positive
   */
  default AsyncStream<T> debounce(Duration quiet) {
    return new DebounceStream<>(this, quiet, true);
  }

  /**
   * Waits for {@code window} after a value, and answers the newest one then; others are dropped. The last one comes at the end, or before a failure, without waiting.
   *
   * <p><b>Cancellation:</b> holds one value.
   *
   * @throws IllegalArgumentException if {@code window} is not positive
   */
  default AsyncStream<T> sample(Duration window) {
    return new DebounceStream<>(this, window, false);
  }

  // To the end

  /** Reads all values, and hands each to {@code action}. */
  @Override
  default void forEach(Consumer<? super T> action) {
    forEachAsync(action).await();
  }

  /** The future twin of {@link #forEach}; {@code action} must not wait, see {@link #forEachConcurrent} for one that does. */
  default Future<@Nullable Void> forEachAsync(Consumer<? super T> action) {
    return Readings.forEach(this, action);
  }

  /**
   * Runs a future for each value, up to {@code n} at once.
   *
   * <p><b>Cancellation:</b> closes the stream and the futures that run.
   *
   * @throws IllegalArgumentException if {@code n} is not positive
   */
  default Future<@Nullable Void> forEachConcurrent(int n, Function<? super T, ? extends Future<?>> action) {
    Objects.requireNonNull(action, "action");
    return bufferedUnordered(n, value -> Readings.done(action.apply(value))).forEachAsync(_ -> {});
  }

  /** Reads all values into what {@code collector} makes of them. */
  default <A extends @Nullable Object, R extends @Nullable Object> R collect(Collector<? super T, A, R> collector) {
    return collectAsync(collector).await();
  }

  /** The future twin of {@link #collect}. */
  default <A extends @Nullable Object, R extends @Nullable Object> Future<R> collectAsync(
      Collector<? super T, A, R> collector) {
    return Readings.collect(this, Objects.requireNonNull(collector, "collector"));
  }

  /** Reads all values into a list, which is not bounded but by the stream. */
  default List<T> toList() {
    return toListAsync().await();
  }

  /** The future twin of {@link #toList}. */
  default Future<List<T>> toListAsync() {
    return Readings.toList(this);
  }

  /** Reads all values and folds them: what {@code step} makes of {@code initial} and the first value, of that and the second, and so on. */
  default <A extends @Nullable Object> A fold(A initial, BiFunction<? super A, ? super T, ? extends A> step) {
    return foldAsync(initial, step).await();
  }

  /** The future twin of {@link #fold}. */
  default <A extends @Nullable Object> Future<A> foldAsync(A initial,
      BiFunction<? super A, ? super T, ? extends A> step) {
    return Readings.fold(this, initial, step);
  }

  /** As {@link #fold}, from the first value on; null if there is none. */
  default @Nullable T reduce(BiFunction<? super T, ? super T, ? extends T> step) {
    return reduceAsync(step).await();
  }

  /** The future twin of {@link #reduce}. */
  default Future<@Nullable T> reduceAsync(BiFunction<? super T, ? super T, ? extends T> step) {
    return Readings.reduce(this, step);
  }

  /** Reads all values and counts them. */
  default long count() {
    return countAsync().await();
  }

  /** The future twin of {@link #count}. */
  default Future<Long> countAsync() {
    return foldAsync(0L, (n, _) -> n + 1);
  }

  /** The first value, or null; then the stream is closed. */
  default @Nullable T first() {
    return firstAsync().await();
  }

  /** The future twin of {@link #first}. */
  default Future<@Nullable T> firstAsync() {
    return take(1).lastAsync();
  }

  /** Reads all values, and returns the last one, or null. */
  default @Nullable T last() {
    return lastAsync().await();
  }

  /** The future twin of {@link #last}. */
  default Future<@Nullable T> lastAsync() {
    return reduceAsync((_, newer) -> newer);
  }

  /**
   * The only value.
   *
   * @throws java.util.NoSuchElementException if there is none
   * @throws IllegalStateException if there is more than one
   */
  default T single() {
    return singleAsync().await();
  }

  /** The future twin of {@link #single}. */
  default Future<T> singleAsync() {
    return Readings.single(this);
  }

  /** Whether {@code predicate} holds for one of the values; the stream is read up to that one, then closed. */
  default boolean anyMatch(Predicate<? super T> predicate) {
    return anyMatchAsync(predicate).await();
  }

  /** The future twin of {@link #anyMatch}. */
  default Future<Boolean> anyMatchAsync(Predicate<? super T> predicate) {
    return filter(predicate).firstAsync().map(found -> found != null);
  }

  /** Whether {@code predicate} holds for all values; the stream is read up to the first for which it does not, then closed. */
  default boolean allMatch(Predicate<? super T> predicate) {
    return allMatchAsync(predicate).await();
  }

  /** The future twin of {@link #allMatch}. */
  default Future<Boolean> allMatchAsync(Predicate<? super T> predicate) {
    return anyMatchAsync(Objects.requireNonNull(predicate, "predicate").negate()).map(found -> !found);
  }

  /**
   * This stream as a publisher for one subscriber; any other gets an {@link IllegalStateException}. For more of them, see {@link #publisher}.
   *
   * @throws IllegalStateException outside a runtime
   */
  default Flow.Publisher<T> toPublisher() {
    AtomicBoolean taken = new AtomicBoolean();
    return publisher(() -> {
      if (taken.getAndSet(true)) {
        throw new IllegalStateException(
            this + " has a subscriber already, and can be read once; use AsyncStream.publisher(() -> ...) for more");
      }
      return this;
    });
  }
}
