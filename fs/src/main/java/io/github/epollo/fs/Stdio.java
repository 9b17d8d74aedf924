package io.github.epollo.fs;

import io.github.epollo.runtime.io.AsyncReader;
import io.github.epollo.runtime.io.AsyncWriter;
import java.io.IOException;

/**
 * The standard streams of the process, awaited: a read of a terminal can be cancelled, and one that waits does not keep the process from exiting.
 *
 * {@snippet file="io/github/epollo/fs/FdSnippetsTest.java" region="stdio"}
 *
 * <p>Nothing that other processes share is changed. {@code O_NONBLOCK} belongs to the open file description, which the shell and the programs beside this one use, too; so a terminal and a pipe are opened anew, under the name that they have in procfs, and a
 * socket is used with {@code MSG_DONTWAIT}. A regular file keeps the position that others share; its calls, and those of {@code /dev/null} and other devices, go to the engine for files, as do those of a terminal that this user may not open, whose reads then hold one of its
 * threads.
 *
 * <p>Each call opens the stream once more, for the current loop; closing that leaves the process's own descriptor open. What {@link System#in} has read ahead is not read again, and what {@link System#out} keeps back comes later than what is written here.
 *
 * <p>The streams follow {@link AsyncReader} and {@link AsyncWriter}. <b>Cancellation:</b> a read that is cancelled has lost nothing. {@code shutdownOutput} is the same as {@code close}: who reads the output sees its end when the process ends.
 *
 * <p><b>Threading:</b> one task at a time reads, and one writes, each stream.
 */
public final class Stdio {
  private Stdio() {}

  /**
   * Opens the standard input.
   *
   * @throws IOException if the process was started without one
   * @throws IllegalStateException outside any runtime
   */
  public static AsyncReader in() throws IOException {
    return StandardStream.open(0, "stdin");
  }

  /**
   * Opens the standard output.
   *
   * @throws IOException if the process was started without one
   * @throws IllegalStateException outside any runtime
   */
  public static AsyncWriter out() throws IOException {
    return StandardStream.open(1, "stdout");
  }

  /**
   * Opens the standard error output.
   *
   * @throws IOException if the process was started without one
   * @throws IllegalStateException outside any runtime
   */
  public static AsyncWriter err() throws IOException {
    return StandardStream.open(2, "stderr");
  }
}
