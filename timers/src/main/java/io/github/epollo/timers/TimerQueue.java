package io.github.epollo.timers;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Nodes in the order of their deadlines: a heap in which each parent has four children. Each node knows its place, so that adding, moving and removing
 * one costs O(log n), and a removed one leaves nothing behind.
 *
 * <p><b>Ground rules.</b> One thread, the loop's, touches the queue and the nodes' fields.
 */
final class TimerQueue {
  /** What the queue orders; intrusive. */
  abstract static class Node {
    private static final int NOWHERE = -1;

    private int index = NOWHERE;
    private long key;
  }

  private static final int CHILDREN_SHIFT = 2;
  private static final int SMALLEST = 64;

  private @Nullable Node[] heap = new Node[SMALLEST];
  private int size;

  /** How many nodes there are. */
  int size() {
    return size;
  }

  /** The slots in use and in reserve. */
  int capacity() {
    return heap.length;
  }

  /** The earliest deadline; {@link Deadlines#NEVER} if the queue is empty. */
  long earliest() {
    return size == 0 ? Deadlines.NEVER : at(0).key;
  }

  /** Adds {@code node}, or moves it if it is there; a deadline that never passes takes it out. */
  void put(Node node, long deadline) {
    if (deadline == Deadlines.NEVER) {
      remove(node);
      return;
    }
    node.key = deadline;
    if (node.index == Node.NOWHERE) {
      if (size == heap.length) {
        heap = Arrays.copyOf(heap, 2 * size);
      }
      node.index = size++;
    }
    settle(node, node.index);
  }

  /** Takes {@code node} out, if it is there. */
  void remove(Node node) {
    int hole = node.index;
    if (hole == Node.NOWHERE) {
      return;
    }
    node.index = Node.NOWHERE;
    Node last = at(--size);
    heap[size] = null;
    if (last != node) {
      settle(last, hole);
    }
    if (size < heap.length / 8 && heap.length > SMALLEST) {
      heap = Arrays.copyOf(heap, heap.length / 4);
    }
  }

  /** Takes out the earliest node if its deadline has passed at {@code now}. */
  @Nullable
  Node takeReached(long now) {
    return size > 0 && Deadlines.isReached(at(0).key, now) ? takeFirst() : null;
  }

  /** Takes out the earliest node. */
  @Nullable
  Node takeFirst() {
    if (size == 0) {
      return null;
    }
    Node first = at(0);
    remove(first);
    return first;
  }

  /** Finds the place of {@code node}, beginning at {@code index}, where there is room for it. */
  private void settle(Node node, int index) {
    int place = up(node, index);
    place(node, place == index ? down(node, index) : place);
  }

  /** Moves the parents that are later than {@code node} down; returns where that leaves room. */
  private int up(Node node, int index) {
    int room = index;
    while (room > 0) {
      int parent = (room - 1) >> CHILDREN_SHIFT;
      if (!Deadlines.isEarlier(node.key, at(parent).key)) {
        break;
      }
      place(at(parent), room);
      room = parent;
    }
    return room;
  }

  /** Moves the children that are earlier than {@code node} up; returns where that leaves room. */
  private int down(Node node, int index) {
    int room = index;
    while (true) {
      int child = earliestChild(room);
      if (child == Node.NOWHERE || !Deadlines.isEarlier(at(child).key, node.key)) {
        return room;
      }
      place(at(child), room);
      room = child;
    }
  }

  private int earliestChild(int parent) {
    int first = (parent << CHILDREN_SHIFT) + 1;
    int end = Math.min(first + (1 << CHILDREN_SHIFT), size);
    int earliest = Node.NOWHERE;
    for (int child = first; child < end; child++) {
      if (earliest == Node.NOWHERE || Deadlines.isEarlier(at(child).key, at(earliest).key)) {
        earliest = child;
      }
    }
    return earliest;
  }

  private void place(Node node, int index) {
    heap[index] = node;
    node.index = index;
  }

  @SuppressWarnings("NullAway") // below size there are no gaps
  private Node at(int index) {
    return heap[index];
  }
}
