package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Streams that are merged under keys, and that come and go while it is read. Each value comes with the key of its stream; each stream has its turn.
 *
 * <p>A stream that ends leaves the map. The map itself ends when it has been {@linkplain #complete completed} and its last stream has ended; until then an
 * empty map waits. If one of the streams fails, the map fails, and closes all others.
 *
 * <p><b>Threading:</b> one thread at a time uses it, and a task that waits for the next value does. So let that one add and remove as well: {@code Future.select(map.nextAsync(), changes.receiveAsync())} tells it
 * what to change. In {@link io.github.epollo.runtime.Epollo#local}, where no two tasks run at once, another task may add and remove while one waits.
 *
 * @param <K> the type of the keys
 * @param <T> the type of the values
 */
public final class StreamMap<K, T> extends AbstractStream<Map.Entry<K, T>> {
  private final Inners<Map.Entry<K, T>> inners = new Inners<>(() -> {});
  private final Map<K, Inners<Map.Entry<K, T>>.Inner> byKey = new HashMap<>();
  private boolean completed;
  private boolean over;

  /** Creates a map without streams. */
  public StreamMap() {}

  /**
   * Adds {@code stream}; one that has the same key is closed.
   *
   * @throws IllegalStateException if the map has ended, was completed or closed; {@code stream} is closed then
   */
  public void put(K key, AsyncStream<T> stream) {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(stream, "stream");
    if (completed || over) {
      stream.close();
      throw new IllegalStateException(
          "cannot add " + stream + " to a StreamMap that is " + (over ? "over" : "completed"));
    }
    boolean _ = remove(key);
    Inners<Map.Entry<K, T>>.Inner inner = inners.add(stream.map(value -> Map.entry(key, value)));
    inner.onEnd(() -> byKey.remove(key, inner)); // and not one that has replaced it meanwhile
    byKey.put(key, inner);
    inners.wakes().wakeParent();
  }

  /** Closes the stream of {@code key} and removes it; false if there is none. */
  public boolean remove(K key) {
    Inners<Map.Entry<K, T>>.Inner inner = byKey.remove(key);
    if (inner == null) {
      return false;
    }
    inner.remove();
    inners.wakes().wakeParent();
    return true;
  }

  /** The keys of the streams that have not ended, a copy. */
  public Set<K> keys() {
    return Set.copyOf(byKey.keySet());
  }

  /** Says that no more streams will be added. */
  public void complete() {
    completed = true;
    inners.wakes().wakeParent();
  }

  @Override
  protected Poll<Map.@Nullable Entry<K, T>> advance(Waker waker) throws Exception {
    Poll<Map.@Nullable Entry<K, T>> poll = inners.poll(waker);
    return poll instanceof Poll.Pending && completed && byKey.isEmpty() ? end() : poll;
  }

  @Override
  protected void release() {
    over = true;
    inners.close();
    byKey.clear();
  }
}
