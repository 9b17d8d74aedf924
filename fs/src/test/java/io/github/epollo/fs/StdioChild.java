package io.github.epollo.fs;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.io.AsyncReader;
import io.github.epollo.runtime.io.AsyncWriter;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.LinuxKernel;
import io.github.epollo.testsupport.Waits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;

/** What {@link StdioTest} starts. */
final class StdioChild {
  private StdioChild() {}

  public static void main(String[] args) {
    Epollo.run(() -> {
      int before = flags(0);
      switch (args[0]) {
        case "copy" -> copy();
        case "cancel" -> cancel();
        case "leave" -> leave();
        case "closed" -> closed();
        case "ask" -> ask();
        default -> throw new IllegalArgumentException(args[0]);
      }
      if (flags(0) != before) {
        throw new AssertionError("the flags of descriptor 0 were changed");
      }
    });
  }

  /** F_GETFL of a shared description; and the flag that whoever shares it must not see. */
  private static int flags(int number) {
    return LinuxKernel.get().fcntl(number, FileFlags.F_GETFL, 0);
  }

  private static ByteBuffer ascii(String text) {
    return ByteBuffer.wrap(text.getBytes(US_ASCII));
  }

  /** From stdin to stdout, and the count to stderr. */
  private static void copy() throws IOException {
    long bytes = 0;
    try (AsyncReader in = Stdio.in(); AsyncWriter out = Stdio.out(); AsyncWriter err = Stdio.err()) {
      ByteBuffer buffer = ByteBuffer.allocate(10_000);
      for (int n; (n = in.read(buffer.clear())) >= 0;) {
        bytes += n;
        out.writeFully(buffer.flip());
      }
      err.writeFullyAsync(ascii(bytes + " bytes\n")).await();
    }
  }

  /** A read that is cancelled while it waits; then one that gets what comes. */
  private static void cancel() throws Exception {
    try (AsyncReader in = Stdio.in(); AsyncWriter out = Stdio.out()) {
      AtomicReference<Thread> thread = new AtomicReference<>();
      Task<Integer> reader = Tasks.spawn(() -> {
        thread.set(Thread.currentThread());
        return in.read(ByteBuffer.allocate(100));
      });
      Waits.untilParked(thread::get);
      reader.cancel().await();
      try {
        int n = reader.join();
        throw new AssertionError("read " + n);
      } catch (CancellationException e) {
        out.writeFully(ascii("cancelled\n"));
      }
      ByteBuffer buffer = ByteBuffer.allocate(100);
      int _ = in.read(buffer);
      out.writeFully(ascii("read: "));
      out.writeFully(buffer.flip());
    }
  }

  /** Ends while a read waits for what never comes. */
  private static void leave() throws Exception {
    AsyncReader in = Stdio.in();
    AtomicReference<Thread> thread = new AtomicReference<>();
    Task<Integer> _ = Tasks.spawn(() -> {
      thread.set(Thread.currentThread());
      return in.read(ByteBuffer.allocate(100));
    });
    Waits.untilParked(thread::get);
  }

  private static void ask() throws IOException {
    String nobody = FdSnippetsTest.ask("first? ", Duration.ofMillis(50));
    String answer = FdSnippetsTest.ask("second? ", Duration.ofSeconds(50));
    try (AsyncWriter out = Stdio.out()) {
      out.writeFully(ascii(nobody + ", " + answer));
    }
  }

  private static void closed() throws IOException {
    try (AsyncWriter out = Stdio.out()) {
      try (AsyncReader in = Stdio.in()) {
        out.writeFully(ascii("opened " + in));
      } catch (IOException e) {
        out.writeFully(ascii(e.getMessage()));
      }
    }
  }
}
