package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.sync.SpinLock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One stream with several readers, each with a buffer of its own. Whoever finds its buffer empty polls the source for all of them, one at a time, and puts
 * what comes where it belongs, until there is something for itself. A value whose buffer is full is held, and nothing more is read until it fits.
 *
 * <p>The lock guards the buffers and the fields below it. The source is polled, and the user's functions are called, without it, by the one who set {@code
 * driving}; that also owns what a subclass remembers.
 *
 * @param <T> the type of the source's values
 */
abstract class Distributor<T> {
  private final AsyncStream<T> source;
  private final int bound;
  private final Waker sourceWaker = () -> wake(null);
  private final SpinLock lock = new SpinLock();

  private final List<Reader<?>> readers = new ArrayList<>(); // those that were not closed
  private boolean driving;
  private boolean contended; // somebody came while another one was driving
  private @Nullable T held;
  private @Nullable Poll<?> last;

  Distributor(AsyncStream<T> source, int bound) {
    this.source = source;
    this.bound = Limits.positive(bound, "the buffer of each reader");
  }

  /** Decides where {@code value} belongs; runs the user's functions. */
  abstract void route(T value);

  /** Puts the value routed last where it belongs, all of it or nothing; false if there is no room. Under the lock. */
  abstract boolean place(T value);

  final void add(Reader<?> reader) {
    lock.lock();
    try {
      addUnderLock(reader);
    } finally {
      lock.unlock();
    }
  }

  final void addUnderLock(Reader<?> reader) {
    reader.open = true;
    readers.add(reader);
  }

  final int bound() {
    return bound;
  }

  /** What {@code reader} answers to a poll. */
  private <X> Poll<@Nullable X> poll(Reader<X> reader, Waker waker) {
    while (!reader.isClosed()) {
      X found;
      lock.lock();
      try {
        found = reader.buffer.poll();
        if (found == null) {
          if (last != null && held == null) {
            return AbstractStream.passOn(last);
          }
          reader.waker = waker;
          if (driving || held != null) {
            contended = true;
            return Poll.pending();
          }
          driving = true;
          contended = false;
        } else if (held == null || !placeHeld()) {
          return Poll.ready(found);
        }
      } finally {
        lock.unlock();
      }
      if (found != null) {
        wake(reader); // somebody may have got the value that was held, and may read on
        return Poll.ready(found);
      }
      if (!drive(reader)) {
        return Poll.pending();
      }
    }
    return Poll.pending();
  }

  /** Reads one value for whomever it is; false if there is none. */
  private boolean drive(Reader<?> reader) {
    Poll<@Nullable T> poll;
    T value = null;
    try {
      poll = source.pollNext(sourceWaker);
      value = AbstractStream.valueOf(poll);
      if (value != null) {
        route(value);
      }
    } catch (Throwable t) {
      poll = Poll.failed(t);
      value = null;
    }
    boolean pending = poll instanceof Poll.Pending;
    boolean abandoned;
    boolean wake;
    lock.lock();
    try {
      driving = false;
      abandoned = readers.isEmpty();
      wake = !pending || contended;
      if (value != null) {
        held = value;
        boolean _ = placeHeld();
      } else if (!pending) {
        last = poll;
      }
    } finally {
      lock.unlock();
    }
    if (abandoned || poll instanceof Poll.Failed) {
      source.close();
    }
    if (wake) {
      wake(reader);
    }
    return !pending;
  }

  private boolean placeHeld() {
    T value = held;
    if (value != null && place(value)) {
      held = null;
    }
    return held == null;
  }

  /** Wakes those who wait, but for {@code except}. */
  private void wake(@Nullable Reader<?> except) {
    List<Waker> wakers = new ArrayList<>();
    lock.lock();
    try {
      for (Reader<?> reader : readers) {
        if (reader != except && reader.waker != null) {
          wakers.add(reader.waker);
          reader.waker = null;
        }
      }
    } finally {
      lock.unlock();
    }
    RuntimeException first = null;
    for (Waker waker : wakers) {
      try {
        waker.wake();
      } catch (RuntimeException e) { // the others are woken all the same
        first = first == null ? e : first;
      }
    }
    if (first != null) {
      throw first;
    }
  }

  private void leave(Reader<?> reader) {
    boolean abandoned;
    List<Object> left;
    lock.lock();
    try {
      reader.open = false;
      reader.waker = null;
      readers.remove(reader);
      left = new ArrayList<>(reader.buffer);
      reader.buffer.clear();
      boolean _ = placeHeld();
      abandoned = readers.isEmpty() && !driving;
    } finally {
      lock.unlock();
    }
    for (Object value : left) {
      if (value instanceof Reader<?> group) { // that nobody got
        group.close();
      }
    }
    if (abandoned) {
      source.close();
    }
    wake(null); // one of them must go on reading
  }

  /** One of the streams made of the source. */
  abstract static class Reader<X> extends AbstractStream<X> {
    private final Distributor<?> distributor;
    private final ArrayDeque<X> buffer = new ArrayDeque<>();
    private boolean open;
    private @Nullable Waker waker;

    Reader(Distributor<?> distributor) {
      this.distributor = distributor;
    }

    /** Under the lock: whether it was not closed. */
    final boolean isOpen() {
      return open;
    }

    /** Under the lock: whether there is no room for one more. */
    final boolean isFull() {
      return open && buffer.size() >= distributor.bound();
    }

    /** Under the lock: puts a value into the buffer, unless it is closed. */
    final void put(X value) {
      if (open) {
        buffer.add(value);
      }
    }

    @Override
    protected Poll<@Nullable X> advance(Waker waker) {
      return distributor.poll(this, waker);
    }

    @Override
    protected void release() {
      distributor.leave(this);
    }
  }
}
