package io.github.epollo.runtime.future;

import io.github.epollo.runtime.future.Children.Child;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Many futures in flight, whose outcomes come in the order in which the futures were added. One that finishes early keeps its outcome until those before it were taken.
 *
 * {@snippet class="io.github.epollo.runtime.future.SnippetsTest" region="futureQueue"}
 *
 * <p>Only those are polled that were woken. For outcomes as they finish see {@link FutureSet}.
 *
 * <p><b>Threading:</b> one thread at a time adds, waits or closes; the futures may be woken from any.
 *
 * @param <T> the type of the values
 */
public final class FutureQueue<T extends @Nullable Object> extends Gathering<Outcome<T>> {
  private final Deque<Place<T>> places = new ArrayDeque<>();

  /** Creates an empty queue. */
  public FutureQueue() {}

  /**
   * Adds a future at the end; it belongs to the queue from now on. It is polled first when somebody waits.
   *
   * @throws IllegalStateException if the queue was closed
   */
  public void add(Future<T> future) {
    requireOpen("add to");
    Place<T> place = new Place<>(children, Objects.requireNonNull(future, "future"));
    places.add(place);
    children.add(place);
  }

  @Override
  public int size() {
    return places.size();
  }

  @Override
  @SuppressWarnings("unchecked") // all places are of type T
  @Nullable
  Outcome<T> take() {
    for (Child<?> child = children.next(); child != null; child = children.next()) {
      Place<T> place = (Place<T>) child;
      if (place.poll() instanceof Outcome<T> outcome) {
        place.outcome = outcome;
      }
    }
    Place<T> head = places.peek();
    if (head == null || head.outcome == null) {
      return null;
    }
    places.remove();
    return head.outcome;
  }

  @Override
  @Nullable
  Throwable closeAll() {
    Throwable failure = null;
    for (Place<T> place = places.poll(); place != null; place = places.poll()) {
      Future<T> future = Children.remove(place);
      failure = future == null ? failure : Children.closeAfter(failure, future);
    }
    return failure;
  }

  private static final class Place<T extends @Nullable Object> extends Child<T> {
    private @Nullable Outcome<T> outcome;

    Place(Children siblings, Future<T> future) {
      super(siblings, future);
    }
  }
}
