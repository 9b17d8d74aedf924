package io.github.epollo.fs;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Hazards 19 and 22 on the standard streams of child processes, whatever they are. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StdioTest {
  private static final int LIMIT_SECONDS = 60;

  @TempDir private Path directory;

  /** A shell command that runs the child in {@code mode}. */
  private static String child(String mode) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx128m", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=deny"));
    if (System.getProperty("epollo.test.carrier", "loop").equals("loop")) {
      command.addAll(List.of("--add-opens", "java.base/java.lang=ALL-UNNAMED"));
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), StdioChild.class.getName(), mode));
    return String.join(" ", command);
  }

  /** A process of a shell; stderr goes to a file. */
  private final class Shell implements AutoCloseable {
    private final Process process;
    private final Path errors = directory.resolve("errors");

    Shell(String command) throws IOException {
      process = new ProcessBuilder("bash", "-c", command).redirectError(errors.toFile()).start();
    }

    void write(String text) throws IOException {
      OutputStream in = process.getOutputStream();
      in.write(text.getBytes(US_ASCII));
      in.flush();
    }

    /** The output up to and with {@code end}. */
    String readTo(String end) throws IOException {
      InputStream out = process.getInputStream();
      StringBuilder text = new StringBuilder();
      while (text.indexOf(end) < 0) {
        int b = out.read();
        if (b < 0) {
          throw new AssertionError("ended after: " + text + "; " + Files.readString(errors));
        }
        text.append((char) b);
      }
      return text.toString();
    }

    /** Waits until it has ended well; what it has printed, and the errors. */
    String end() throws Exception {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("still runs after " + LIMIT_SECONDS + " s: " + Files.readString(errors));
      }
      String text = new String(process.getInputStream().readAllBytes(), US_ASCII);
      assertThat(process.exitValue()).as("exit status; output %s, errors %s", text, Files.readString(errors)).isZero();
      return text;
    }

    String errors() throws IOException {
      return Files.readString(errors);
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  @Test
  void aPipe() throws Exception {
    try (Shell shell = new Shell(child("copy"))) {
      shell.write("some bytes");
      assertThat(shell.readTo("some bytes")).isEqualTo("some bytes");
      shell.write("more bytes");
      shell.process.getOutputStream().close();
      assertThat(shell.end()).isEqualTo("more bytes");
      assertThat(shell.errors()).contains("20 bytes");
    }
  }

  /** Its position is the shell's: what reads it next goes on where this one has stopped. */
  @Test
  void regularFiles() throws Exception {
    Path in = directory.resolve("in");
    Path out = directory.resolve("out");
    String lines = "0123456789\n".repeat(20_000);
    Files.writeString(in, lines);
    try (Shell shell = new Shell(
        "{ read -n 3; echo $REPLY; " + child("copy") + "; echo end; cat; } <" + in + " >" + out)) {
      assertThat(shell.end()).isEmpty();
      assertThat(shell.errors()).contains(lines.length() - 3 + " bytes");
      assertThat(out).hasContent("012\n" + lines.substring(3) + "end\n");
    }
  }

  @Test
  void theNullDevice() throws Exception {
    try (Shell shell = new Shell(child("copy") + " </dev/null >/dev/null")) {
      assertThat(shell.end()).isEmpty();
      assertThat(shell.errors()).contains("0 bytes");
    }
  }

  @Test
  void aSocket() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Shell shell = new Shell("exec 5<>/dev/tcp/127.0.0.1/" + server.getLocalPort() + "; " + child("cancel")
            + " <&5 >&5");
        Socket socket = server.accept()) {
      assertThat(new String(socket.getInputStream().readNBytes(10), US_ASCII)).isEqualTo("cancelled\n");
      socket.getOutputStream().write("through a socket".getBytes(US_ASCII));
      assertThat(new String(socket.getInputStream().readNBytes(22), US_ASCII)).isEqualTo("read: through a socket");
      assertThat(shell.end()).isEmpty();
    }
  }

  @Test
  void aReadOfAPipeCanBeCancelled() throws Exception {
    try (Shell shell = new Shell(child("cancel"))) {
      assertThat(shell.readTo("\n")).isEqualTo("cancelled\n");
      shell.write("then");
      assertThat(shell.end()).isEqualTo("read: then");
    }
  }

  @Test
  void aReadOfATerminalCanBeCancelled() throws Exception {
    try (Shell shell = new Shell("script -qefc '" + child("cancel") + "' /dev/null")) {
      assertThat(shell.readTo("\n")).isEqualTo("cancelled\r\n");
      shell.write("typed\n");
      assertThat(shell.readTo("read: typed")).endsWith("read: typed");
      assertThat(shell.end()).isEqualTo("\r\n");
    }
  }

  @Test
  void aQuestionThatNobodyAnswersIsGivenUp() throws Exception {
    try (Shell shell = new Shell(child("ask"))) {
      assertThat(shell.readTo("second? ")).isEqualTo("first? second? ");
      shell.write("yes\n");
      assertThat(shell.end()).isEqualTo("null, yes");
    }
  }

  @Test
  void aReadThatWaitsDoesNotKeepTheProcess() throws Exception {
    try (Shell shell = new Shell(child("leave"))) {
      assertThat(shell.end()).isEmpty(); // while its input is still open
    }
    try (Shell shell = new Shell("script -qefc '" + child("leave") + "' /dev/null")) {
      assertThat(shell.end()).isEmpty();
    }
  }

  @Test
  void aDescriptorThatIsMissingIsSaidToBe() throws Exception {
    try (Shell shell = new Shell(child("closed") + " <&-")) {
      assertThat(shell.end()).contains("stdin is closed").contains("file descriptor 0").contains("/dev/null");
    }
  }

  /** Whoever reads the output has gone: an exception, and no signal. */
  @Test
  void anOutputThatNobodyReadsBreaks() throws Exception {
    try (Shell shell = new Shell("(" + child("copy") + "; echo status $? >&2) | :")) {
      shell.write("some bytes");
      shell.process.getOutputStream().close();
      assertThat(shell.end()).isEmpty();
      assertThat(shell.errors()).contains("BrokenPipeException").contains("status 1");
    }
  }
}
