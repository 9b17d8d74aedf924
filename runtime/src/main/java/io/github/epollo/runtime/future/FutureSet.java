package io.github.epollo.runtime.future;

import io.github.epollo.runtime.future.Children.Child;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Many futures in flight, whose outcomes come as they finish. Futures can be added at any time, and make progress while somebody waits for the {@linkplain #next next}.
 *
 * {@snippet class="io.github.epollo.runtime.future.SnippetsTest" region="futureSet"}
 *
 * <p>Only those are polled that were woken, so an event costs the same however many there are, and allocates nothing but the answer. How many are in flight is up to
 * whoever adds. For outcomes with a key see {@link FutureMap}, for outcomes in the order of adding {@link FutureQueue}.
 *
 * <p><b>Threading:</b> one thread at a time adds, waits or closes; the futures may be woken from any.
 *
 * @param <T> the type of the values
 */
public final class FutureSet<T extends @Nullable Object> extends Gathering<Outcome<T>> {
  private @Nullable Member<T> first;
  private int size;

  /** Creates an empty set. */
  public FutureSet() {}

  /**
   * Adds a future, which belongs to the set from now on. It is polled first when somebody waits.
   *
   * @throws IllegalStateException if the set was closed
   */
  public void add(Future<T> future) {
    requireOpen("add to");
    Member<T> member = new Member<>(children, Objects.requireNonNull(future, "future"));
    member.next = first;
    if (first != null) {
      first.previous = member;
    }
    first = member;
    size++;
    children.add(member);
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  @SuppressWarnings("unchecked") // all members are of type T
  @Nullable
  Outcome<T> take() {
    for (Child<?> child = children.next(); child != null; child = children.next()) {
      Member<T> member = (Member<T>) child;
      if (member.poll() instanceof Outcome<T> outcome) {
        drop(member);
        return outcome;
      }
    }
    return null;
  }

  private void drop(Member<T> member) {
    if (member.dropped) {
      return; // its poll closed the set
    }
    member.dropped = true;
    Member<T> previous = member.previous;
    Member<T> next = member.next;
    if (previous == null) {
      first = next;
    } else {
      previous.next = next;
    }
    if (next != null) {
      next.previous = previous;
    }
    size--;
  }

  @Override
  @Nullable
  Throwable closeAll() {
    Throwable failure = null;
    for (Member<T> member = first; member != null; member = first) {
      drop(member);
      Future<T> future = Children.remove(member);
      failure = future == null ? failure : Children.closeAfter(failure, future);
    }
    return failure;
  }

  private static final class Member<T extends @Nullable Object> extends Child<T> {
    private @Nullable Member<T> previous;
    private @Nullable Member<T> next;
    private boolean dropped;

    Member(Children siblings, Future<T> future) {
      super(siblings, future);
    }
  }
}
