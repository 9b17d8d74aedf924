package io.github.epollo.runtime.future;

import io.github.epollo.runtime.future.Children.Child;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Many futures in flight, each under a key; the outcomes come as they finish, with their keys. One key has at most one future.
 *
 * {@snippet class="io.github.epollo.runtime.future.SnippetsTest" region="futureMap"}
 *
 * <p>Only those are polled that were woken.
 *
 * <p><b>Threading:</b> one thread at a time puts, removes, waits or closes; the futures may be woken from any.
 *
 * @param <K> the type of the keys, as a {@link java.util.HashMap} takes them; not null
 * @param <T> the type of the values
 */
public final class FutureMap<K, T extends @Nullable Object> extends Gathering<FutureMap.Finished<K, T>> {
  /**
   * One that has finished, and is not in the map any more.
   *
   * @param key its key
   * @param outcome how it ended
   */
  public record Finished<K, T extends @Nullable Object>(K key, Outcome<T> outcome) {}

  private final Map<K, Entry<K, T>> entries = new LinkedHashMap<>(); // its order is that in which close() closes

  /** Creates an empty map. */
  public FutureMap() {}

  /**
   * Puts a future under {@code key}; it belongs to the map from now on. One that was in flight under that key is closed; its outcome does not come any more.
   *
   * @return whether there was one
   * @throws IllegalStateException if the map was closed
   */
  public boolean put(K key, Future<T> future) {
    requireOpen("put into");
    Entry<K, T> entry = new Entry<>(children, Objects.requireNonNull(future, "future"),
        Objects.requireNonNull(key, "key"));
    Entry<K, T> before = entries.put(key, entry);
    try {
      return closed(before);
    } finally {
      children.add(entry);
    }
  }

  /** Takes the future under {@code key} out, as far as it has got; null if there is none. It belongs to the caller then. */
  public @Nullable Future<T> remove(K key) {
    Entry<K, T> entry = entries.remove(key);
    return entry == null ? null : Children.remove(entry);
  }

  /** Closes the future under {@code key}; false if there is none. */
  public boolean close(K key) {
    return closed(entries.remove(key));
  }

  /** Whether a future is in flight under {@code key}. */
  public boolean containsKey(K key) {
    return entries.containsKey(key);
  }

  @Override
  public int size() {
    return entries.size();
  }

  private boolean closed(@Nullable Entry<K, T> entry) {
    if (entry == null) {
      return false;
    }
    Future<T> future = Children.remove(entry);
    if (future != null) {
      future.close();
    }
    return true;
  }

  @Override
  @SuppressWarnings("unchecked") // all entries are of these types
  @Nullable
  Finished<K, T> take() {
    for (Child<?> child = children.next(); child != null; child = children.next()) {
      Entry<K, T> entry = (Entry<K, T>) child;
      Poll<T> poll = entry.poll();
      if (poll instanceof Outcome<T> outcome && entries.remove(entry.key, entry)) { // its poll may have replaced it
        return new Finished<>(entry.key, outcome);
      }
    }
    return null;
  }

  @Override
  @Nullable
  Throwable closeAll() {
    Throwable failure = null;
    for (Entry<K, T> entry : entries.values()) {
      Future<T> future = Children.remove(entry);
      failure = future == null ? failure : Children.closeAfter(failure, future);
    }
    entries.clear();
    return failure;
  }

  private static final class Entry<K, T extends @Nullable Object> extends Child<T> {
    private final K key;

    Entry(Children siblings, Future<T> future, K key) {
      super(siblings, future);
      this.key = key;
    }
  }
}
