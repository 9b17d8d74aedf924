package io.github.epollo.testkit.sim.files;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** What both ends of a pipe share: slots of a page each. As Linux has it, a write that fits into the last page goes there, and else begins a new one. */
final class Pipe {
  static final int PAGE = 4096;
  private static final int DEFAULT_SLOTS = 16;

  /** A slot's content. */
  private static final class Slot {
    final byte[] bytes = new byte[PAGE];
    int start;
    int end;
  }

  private final ArrayDeque<Slot> slots = new ArrayDeque<>();
  private final List<PipeEnd> ends = new ArrayList<>();
  private int capacity = DEFAULT_SLOTS;
  private boolean hadWriter;
  private long number = -1;

  void join(PipeEnd end) {
    if (number == -1) {
      number = end.id();
    }
    ends.add(end);
    hadWriter |= end.isWriter();
  }

  /** The same for both ends, and no other pipe's. */
  long number() {
    return number;
  }

  void leave(PipeEnd end) {
    ends.remove(end);
  }

  /** Whether nobody has it open. */
  boolean isUnused() {
    return ends.isEmpty();
  }

  boolean hasReaders() {
    return ends.stream().anyMatch(PipeEnd::isReader);
  }

  boolean hasWriters() {
    return ends.stream().anyMatch(PipeEnd::isWriter);
  }

  /** Whether there has been a writer: before, its absence is no end of data. */
  boolean hadWriter() {
    return hadWriter;
  }

  boolean isEmpty() {
    return slots.isEmpty();
  }

  boolean isFull() {
    return slots.size() >= capacity;
  }

  /** How many bytes are in it. */
  int size() {
    return slots.stream().mapToInt(s -> s.end - s.start).sum();
  }

  /** How many bytes surely fit. */
  int room() {
    return Math.max(0, capacity - slots.size()) * PAGE;
  }

  int capacity() {
    return capacity * PAGE;
  }

  /** Sets how many pages fit; false if more are used. */
  boolean resize(int pages) {
    if (slots.size() > pages) {
      return false;
    }
    capacity = pages;
    return true;
  }

  /** Takes bytes in; answers how many. */
  int add(byte[] bytes) {
    int done = 0;
    int rest = bytes.length % PAGE;
    Slot last = slots.peekLast();
    if (rest > 0 && last != null && last.end + rest <= PAGE) {
      System.arraycopy(bytes, 0, last.bytes, last.end, rest);
      last.end += rest;
      done = rest;
    }
    while (done < bytes.length && !isFull()) {
      Slot slot = new Slot();
      slot.end = Math.min(PAGE, bytes.length - done);
      System.arraycopy(bytes, done, slot.bytes, 0, slot.end);
      slots.addLast(slot);
      done += slot.end;
    }
    return done;
  }

  /** The first {@code count} bytes, which stay. */
  byte[] peek(int count) {
    byte[] result = new byte[count];
    int done = 0;
    for (Slot slot : slots) {
      int n = Math.min(count - done, slot.end - slot.start);
      System.arraycopy(slot.bytes, slot.start, result, done, n);
      done += n;
    }
    return result;
  }

  /** Takes the first {@code count} bytes out; answers whether it was full and is so no more. */
  boolean remove(int count) {
    boolean wasFull = isFull();
    int left = count;
    while (left > 0) {
      Slot slot = slots.getFirst();
      int n = Math.min(left, slot.end - slot.start);
      slot.start += n;
      left -= n;
      if (slot.start == slot.end) {
        slots.removeFirst();
      }
    }
    return wasFull && !isFull();
  }

  /** Tells every end that something happened; {@code key} as for {@link io.github.epollo.testkit.sim.OpenFile}. */
  void wake(int key) {
    List.copyOf(ends).forEach(e -> e.notice(key));
  }
}
