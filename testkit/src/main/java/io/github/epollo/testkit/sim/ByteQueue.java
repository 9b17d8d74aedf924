package io.github.epollo.testkit.sim;

/** Bytes, first in, first out. */
final class ByteQueue {
  private byte[] bytes = new byte[64];
  private int start;
  private int size;

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  void add(byte[] more) {
    if (size + more.length > bytes.length) {
      byte[] larger = new byte[Math.max(size + more.length, 2 * bytes.length)];
      copy(larger, size);
      bytes = larger;
      start = 0;
    }
    int end = (start + size) % bytes.length;
    int first = Math.min(more.length, bytes.length - end);
    System.arraycopy(more, 0, bytes, end, first);
    System.arraycopy(more, first, bytes, 0, more.length - first);
    size += more.length;
  }

  /** The first {@code count} bytes, which stay. */
  byte[] peek(int count) {
    byte[] result = new byte[count];
    copy(result, count);
    return result;
  }

  byte[] take(int count) {
    byte[] result = peek(count);
    start = (start + count) % bytes.length;
    size -= count;
    return result;
  }

  void clear() {
    size = 0;
  }

  private void copy(byte[] target, int count) {
    int first = Math.min(count, bytes.length - start);
    System.arraycopy(bytes, start, target, 0, first);
    System.arraycopy(bytes, 0, target, first, count - first);
  }
}
