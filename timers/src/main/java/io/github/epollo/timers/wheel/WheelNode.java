package io.github.epollo.timers.wheel;

/** A node of a circular list; one that is linked to itself is in none, or is a list without entries. */
abstract class WheelNode {
  WheelNode next = this;
  WheelNode previous = this;

  final boolean isAlone() {
    return next == this;
  }

  final void linkBefore(WheelNode node) {
    next = node;
    previous = node.previous;
    previous.next = this;
    node.previous = this;
  }

  /** Lets its neighbours go: neither keeps the other from being collected. */
  final void unlink() {
    next.previous = previous;
    previous.next = next;
    next = this;
    previous = this;
  }
}
