package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;

/** What an operator could do wrong, done by something that stands between it and its source, or between it and its reader. */
enum Breakage {
  LEAVES_ITS_SOURCE_OPEN, POLLS_AFTER_THE_END, KEEPS_THE_FIRST_WAKER, LOSES_WAKES, GIVES_A_VALUE_TWICE;

  <T> AsyncStream<T> atTheSource(AsyncStream<T> source) {
    return isAtTheReader() ? source : new Broken<>(source);
  }

  <T> AsyncStream<T> atTheReader(AsyncStream<T> result) {
    return isAtTheReader() ? new Broken<>(result) : result;
  }

  private boolean isAtTheReader() {
    return this == KEEPS_THE_FIRST_WAKER || this == GIVES_A_VALUE_TWICE;
  }

  private final class Broken<T> implements AsyncStream<T> {
    private final AsyncStream<T> source;
    private Waker first;
    private Poll<T> last;

    Broken(AsyncStream<T> source) {
      this.source = source;
    }

    @Override
    public Poll<T> pollNext(Waker waker) {
      if (GIVES_A_VALUE_TWICE == Breakage.this && last != null) {
        Poll<T> again = last;
        last = null;
        return again;
      }
      first = first == null ? waker : first;
      Poll<T> poll = source.pollNext(switch (Breakage.this) {
        case KEEPS_THE_FIRST_WAKER -> first;
        case LOSES_WAKES -> () -> {};
        default -> waker;
      });
      if (POLLS_AFTER_THE_END == Breakage.this && AbstractStream.isLast(poll)) {
        return source.pollNext(waker);
      }
      last = poll instanceof Poll.Ready<T>(T value) && value != null ? poll : null;
      return poll;
    }

    @Override
    public void close() {
      if (LEAVES_ITS_SOURCE_OPEN != Breakage.this) {
        source.close();
      }
    }
  }
}
