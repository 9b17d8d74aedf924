package io.github.epollo.benchmarks.harness;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Makes sure that all servers do the same work: the same bytes in answer to the same bytes. */
final class Replies {
  static final String REQUEST = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
  static final String END = "\r\n\r\nHello, World!";
  private static final String OWN_HEADERS = "nginx"; // it adds a date, its name and more, and only the bodies can be compared
  private static final int QUIET_MILLIS = 300;
  private static final int PATIENT_MILLIS = 5000;

  /** What is sent, a pause after each piece: one request, a request in pieces, and several at once. */
  private static final List<List<String>> CONVERSATIONS = List.of(List.of(REQUEST),
      List.of("GET / HTTP/1.1\r\nHost: 127.0.0.1\r", "\n\r", "\n"), List.of(REQUEST.repeat(3)));

  private Replies() {}

  /** Returns the reply to one request, which is the same from all servers. */
  static String check(List<Server> servers) throws IOException, InterruptedException {
    byte[] single = converse(servers.getFirst(), CONVERSATIONS.getFirst());
    for (Server server : servers) {
      for (List<String> pieces : CONVERSATIONS) {
        int requests = pieces.getFirst().split("GET", -1).length - 1;
        byte[] expected = new String(single, StandardCharsets.ISO_8859_1).repeat(requests)
            .getBytes(StandardCharsets.ISO_8859_1);
        byte[] actual = converse(server, pieces);
        if (!Arrays.equals(expected, actual) && !(OWN_HEADERS.equals(server.name()) && bodies(actual) == requests)) {
          throw new IOException(server.name() + " answers " + pieces + " with " + text(actual) + ", but "
              + servers.getFirst().name() + "'s answers would be " + text(expected));
        }
      }
    }
    String reply = text(single);
    if (!reply.endsWith(END)) {
      throw new IOException("all servers give an incomplete reply: " + reply);
    }
    return reply;
  }

  /** Makes sure that all servers send back what they get, in one piece and in several; returns what they were sent. */
  static String checkEcho(List<Server> servers, int bytes) throws IOException, InterruptedException {
    String message = "0123456789abcdef".repeat(bytes / 16 + 1).substring(0, bytes);
    for (Server server : servers) {
      for (List<String> pieces : List.of(List.of(message),
          List.of(message.substring(0, bytes / 2), message.substring(bytes / 2)))) {
        String answer = text(converse(server, pieces));
        if (!answer.equals(message)) {
          throw new IOException(server.name() + " sends back " + answer + " in place of " + message);
        }
      }
    }
    return message;
  }

  private static int bodies(byte[] reply) {
    return text(reply).split(END, -1).length - 1;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static byte[] converse(Server server, List<String> pieces) throws IOException, InterruptedException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setTcpNoDelay(true);
      for (String piece : pieces) {
        socket.getOutputStream().write(piece.getBytes(StandardCharsets.ISO_8859_1));
        Thread.sleep(20);
      }
      var reply = new ByteArrayOutputStream();
      byte[] buffer = new byte[4096];
      socket.setSoTimeout(PATIENT_MILLIS); // a cold JVM may take its time for the first bytes
      try {
        for (int n = socket.getInputStream().read(buffer); n >= 0; n = socket.getInputStream().read(buffer)) {
          reply.write(buffer, 0, n);
          socket.setSoTimeout(QUIET_MILLIS);
        }
      } catch (SocketTimeoutException _) {
        // that was all
      }
      return reply.toByteArray();
    }
  }
}
