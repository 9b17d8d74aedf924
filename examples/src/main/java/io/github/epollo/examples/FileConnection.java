package io.github.epollo.examples;

import io.github.epollo.fs.AsyncFile;
import io.github.epollo.fs.AsyncFiles;
import io.github.epollo.fs.FileMetadata;
import io.github.epollo.net.TcpStream;
import io.github.epollo.timers.Timers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;

/** A client of {@link StaticFiles}. */
final class FileConnection extends HttpConnection {
  /** What is sent under one time limit: a client may take as long as it likes for a file, if it takes this much of it in time. */
  private static final long STEP = 1 << 20;

  private final FileTree tree;

  FileConnection(TcpStream stream, Duration timeout, FileTree tree) {
    super(stream, timeout);
    this.tree = tree;
  }

  @Override
  void answer(HttpRequest request) throws IOException {
    boolean withBody = !request.method().equals("HEAD");
    if (!request.method().equals("GET") && withBody) {
      refuseMethod(request);
      return;
    }
    Path path = tree.find(request.target());
    if (path == null) {
      notFound(request);
      return;
    }
    try {
      // A link may lead out of the tree, and a name that is followed twice may lead to two places: what is opened is the path without links.
      Path canonical = AsyncFiles.canonicalPath(path);
      if (!tree.contains(canonical)) {
        notFound(request);
        return;
      }
      try (AsyncFile file = AsyncFile.open(canonical)) {
        FileMetadata metadata = file.metadata();
        if (!metadata.isRegularFile()) {
          forbidden(request);
          return;
        }
        appendHead(200, "OK", FileTree.contentType(canonical), metadata.size(), 0, request.keepAlive());
        if (withBody) {
          flush();
          send(file, metadata.size());
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      notFound(request);
    } catch (FileSystemException e) { // no permission, a directory, a loop of links, a FIFO, a socket
      forbidden(request);
    }
  }

  /** The length was promised: if the file has become shorter, the connection must not go on as if nothing had happened. */
  private void send(AsyncFile file, long size) throws IOException {
    for (long position = 0; position < size;) {
      long at = position;
      long count = Math.min(STEP, size - at);
      long n = Timers.withTimeout(timeout, () -> file.transferTo(at, count, stream));
      if (n < count) {
        throw new IOException(file + " has become shorter than " + size + " bytes while it was sent");
      }
      position += n;
    }
  }

  private void notFound(HttpRequest request) throws IOException {
    refuse(404, "Not Found", request);
  }

  private void forbidden(HttpRequest request) throws IOException {
    refuse(403, "Forbidden", request);
  }

  private void refuse(int status, String reason, HttpRequest request) throws IOException {
    append(status, reason, (reason + "\n").getBytes(StandardCharsets.US_ASCII), !request.method().equals("HEAD"),
        request.keepAlive());
  }
}
