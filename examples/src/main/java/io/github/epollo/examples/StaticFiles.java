package io.github.epollo.examples;

import io.github.epollo.fs.AsyncFiles;
import io.github.epollo.net.TcpListener;
import io.github.epollo.net.TcpStream;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Tasks;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;

/**
 * An HTTP server for the files below a directory, which the kernel sends from its page cache to the network.
 *
 * <pre>
 * mvn compile exec:exec -Dexample=StaticFiles -Dexample.args="../docs"
 * curl -v localhost:7882/architecture.md
 * </pre>
 */
public final class StaticFiles {
  private static final String USAGE = "StaticFiles DIRECTORY [--port N] [--timeout SECONDS]";

  private StaticFiles() {}

  /** Serves until the process is ended. */
  public static void main(String[] args) {
    Arguments arguments = new Arguments(USAGE, args);
    int port = arguments.number("--port", 7882, 0, 65535);
    Duration timeout = Duration.ofSeconds(arguments.number("--timeout", 30, 1, 86_400));
    Path directory = arguments.path("the directory to serve");
    arguments.end();

    Epollo.run(() -> {
      FileTree tree = open(directory);
      try (TcpListener listener = TcpListener.bind(new InetSocketAddress("localhost", port))) {
        System.out.println("serving " + tree.root() + " at http:/" + listener.localAddress());
        for (TcpStream stream : listener.incoming()) {
          Tasks.spawn(() -> serve(stream, timeout, tree));
        }
      }
    });
  }

  static FileTree open(Path directory) throws IOException {
    return new FileTree(AsyncFiles.canonicalPath(directory));
  }

  static void serve(TcpStream stream, Duration timeout, FileTree tree) {
    HttpServer.serve(new FileConnection(stream, timeout, tree));
  }
}
