package io.github.epollo.fs;

/** How a part of a file will be used: a hint for the page cache, see {@link AsyncFile#advise}. */
public enum FileAdvice {
  /** Nothing special. */
  NORMAL(0),
  /** Here and there: reading ahead is no use. */
  RANDOM(1),
  /** From the start to the end: the kernel reads farther ahead. */
  SEQUENTIAL(2),
  /** Soon: the kernel begins to read it. */
  WILL_NEED(3),
  /** Not again: the kernel may drop what it holds, if that has been written to the device. */
  DO_NOT_NEED(4),
  /** Once. */
  NO_REUSE(5);

  /** The {@code POSIX_FADV_} constant. */
  final int number;

  FileAdvice(int number) {
    this.number = number;
  }
}
