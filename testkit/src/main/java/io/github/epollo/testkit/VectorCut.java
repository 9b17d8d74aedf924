package io.github.epollo.testkit;

import io.github.epollo.runtime.kernel.IoVectors;

/** Makes an array of I/O vectors hold fewer bytes, for the length of one call. */
final class VectorCut implements AutoCloseable {
  private final IoVectors vectors;
  private final int count;
  private final long fullLength; // of the last vector that is left

  private VectorCut(IoVectors vectors, int count, long fullLength) {
    this.vectors = vectors;
    this.count = count;
    this.fullLength = fullLength;
  }

  static long total(long address, int count) {
    if (count <= 0) {
      return 0;
    }
    IoVectors vectors = IoVectors.at(address, count);
    long total = 0;
    for (int i = 0; i < count; i++) {
      total += vectors.length(i);
    }
    return total;
  }

  /** Leaves {@code bytes}, which must be less than there are and more than none. */
  static VectorCut to(long address, int count, long bytes) {
    IoVectors vectors = IoVectors.at(address, count);
    long before = 0;
    int last = 0;
    while (before + vectors.length(last) < bytes) {
      before += vectors.length(last++);
    }
    long full = vectors.length(last);
    vectors.put(last, vectors.base(last), bytes - before);
    return new VectorCut(vectors, last + 1, full);
  }

  /** How many vectors are left. */
  int count() {
    return count;
  }

  @Override
  public void close() {
    vectors.put(count - 1, vectors.base(count - 1), fullLength);
  }
}
