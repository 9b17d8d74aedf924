package io.github.epollo.runtime.stream;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@link AsyncStream#groupBy}. Closed groups stay in the map until their key comes again, or there are too many of them. */
final class GroupDistributor<K, T> extends Distributor<T> {
  private final Function<? super T, ? extends K> classifier;
  private final int maxGroups;
  private final Map<K, Group<K, T>> groups = new HashMap<>(); // the driver's
  private final Groups<K, T> outer = new Groups<>(this);
  private @Nullable Group<K, T> target; // of the value routed last
  private boolean isNew;

  GroupDistributor(AsyncStream<T> source, Function<? super T, ? extends K> classifier, int maxGroups, int bound) {
    super(source, bound);
    this.classifier = Objects.requireNonNull(classifier, "classifier");
    this.maxGroups = Limits.positive(maxGroups, "the number of groups");
  }

  static <K, T> AsyncStream<Grouped<K, T>> groupBy(AsyncStream<T> source,
      Function<? super T, ? extends K> classifier, int maxGroups, int bound) {
    GroupDistributor<K, T> distributor = new GroupDistributor<>(source, classifier, maxGroups, bound);
    distributor.add(distributor.outer);
    return distributor.outer;
  }

  @Override
  void route(T value) {
    K key = Operator.nonNull(classifier.apply(value), "groupBy()");
    Group<K, T> group = groups.get(key);
    isNew = group == null || group.isGone();
    if (isNew) {
      groups.values().removeIf(Group::isGone);
      if (groups.size() == maxGroups) {
        throw new IllegalStateException("cannot open a group for " + key + ": there are " + maxGroups
            + " groups already; close those that are done, or allow for more");
      }
      group = new Group<>(this, key);
      groups.put(key, group);
    }
    target = group;
  }

  @Override
  boolean place(T value) {
    Group<K, T> group = target;
    if (group == null) {
      return true;
    }
    if (isNew) {
      isNew = false;
      if (!outer.isOpen()) {
        group.gone = true; // nobody could get it
        return true;
      }
      addUnderLock(group);
      outer.put(group);
    } else if (group.isFull()) {
      return false;
    }
    group.put(value);
    return true;
  }

  private static final class Groups<K, T> extends Distributor.Reader<Grouped<K, T>> {
    Groups(Distributor<T> distributor) {
      super(distributor);
    }
  }

  private static final class Group<K, T> extends Distributor.Reader<T> implements Grouped<K, T> {
    private final K key;
    private volatile boolean gone;

    Group(Distributor<T> distributor, K key) {
      super(distributor);
      this.key = key;
    }

    boolean isGone() {
      return gone;
    }

    @Override
    public K key() {
      return key;
    }

    @Override
    protected void release() {
      gone = true;
      super.release();
    }
  }
}
