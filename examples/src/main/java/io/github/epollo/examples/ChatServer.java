package io.github.epollo.examples;

import io.github.epollo.net.TcpListener;
import io.github.epollo.net.TcpStream;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.TaskScope;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.io.Codec;
import io.github.epollo.runtime.io.Framed;
import io.github.epollo.runtime.sync.Broadcast;
import io.github.epollo.runtime.sync.BroadcastReceiver;
import io.github.epollo.runtime.sync.LaggedException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Everybody reads what anybody writes. The first line that you send is your name.
 *
 * <pre>
 * mvn compile exec:exec -Dexample=ChatServer
 * curl telnet://localhost:7880
 * </pre>
 */
public final class ChatServer {
  private static final int LINE_LIMIT = 1024; // bytes; a longer line ends its connection
  private static final int BACKLOG = 64; // messages; who is further behind misses some, and is told

  private final Broadcast<Message> room = Broadcast.bounded(BACKLOG);
  private final AtomicInteger joined = new AtomicInteger();

  private record Message(int from, String text) {}

  ChatServer() {}

  /** Serves until the process is ended. */
  public static void main(String[] args) {
    Arguments arguments = new Arguments("ChatServer [--port N]", args);
    int port = arguments.number("--port", 7880, 0, 65535);
    arguments.end();

    Epollo.run(() -> {
      ChatServer server = new ChatServer();
      try (TcpListener listener = TcpListener.bind(new InetSocketAddress("localhost", port))) {
        System.out.println("chatting on " + listener.localAddress());
        for (TcpStream stream : listener.incoming()) {
          Tasks.spawn(() -> server.serve(stream));
        }
      }
    });
  }

  void serve(TcpStream stream) {
    try (Framed<String, String> lines = new Framed<>(stream, Codec.lines(LINE_LIMIT))) {
      lines.send("Your name?");
      String name = lines.receive();
      if (name != null) {
        chat(lines, joined.incrementAndGet(), name);
      }
    } catch (IOException e) {
      System.err.println("connection lost: " + e.getMessage());
    }
  }

  private void chat(Framed<String, String> lines, int self, String name) throws IOException {
    // The scope ends the task that writes, and waits for it, however this task stops reading.
    try (BroadcastReceiver<Message> others = room.subscribe(); var scope = TaskScope.open()) {
      say(self, name + " has joined");
      scope.spawnBackground(() -> show(others, self, lines));
      for (String line = lines.receive(); line != null; line = lines.receive()) {
        say(self, name + ": " + line);
      }
    } finally {
      say(self, name + " has left");
    }
  }

  private void say(int from, String text) {
    int _ = room.send(new Message(from, text)); // never waits for anybody
  }

  /** Writes what the others say to one of them. */
  private static void show(BroadcastReceiver<Message> others, int self, Framed<String, String> lines)
      throws IOException {
    while (true) {
      try {
        Message message = others.receive();
        if (message.from() != self) {
          lines.send(message.text());
        }
      } catch (LaggedException e) {
        lines.send("(you have missed " + e.missed() + " messages)");
      }
    }
  }
}
