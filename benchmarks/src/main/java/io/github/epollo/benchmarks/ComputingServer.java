package io.github.epollo.benchmarks;

import io.github.epollo.net.TcpListener;
import io.github.epollo.net.TcpStream;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.loop.CarrierChoice;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The servers of the benchmark "loops": each request is some {@link Work}. Arguments: the port; "epollo", "netty" or "jdk"; and how many loops serve, which for "jdk" is what the JDK's scheduler is told by a property.
 */
public final class ComputingServer {
  private ComputingServer() {}

  /** Serves until it is killed. */
  public static void main(String[] args) throws Exception {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
    int loops = Integer.parseInt(args[2]);
    switch (args[1]) {
      case "epollo" -> epollo(address, loops);
      case "netty" -> netty(address, loops);
      case "jdk" -> jdk(address);
      default -> throw new IllegalArgumentException(args[1]);
    }
  }

  private static void epollo(InetSocketAddress address, int loops) {
    var options = EpolloOptions.defaults().withCarrier(CarrierChoice.LOOP).withLoops(loops);
    try (Epollo epollo = Epollo.start(options)) {
      epollo.call(() -> {
        try (var port = TcpListener.bindPerLoop(address)) {
          List<Task<@Nullable Void>> acceptors = port.listeners().stream()
              .map(listener -> Tasks.spawnOn(listener.loop(), () -> accept(listener))).toList();
          acceptors.forEach(Task::join);
        }
      });
    }
  }

  private static void accept(TcpListener listener) throws IOException {
    for (TcpStream stream : listener.incoming()) {
      Tasks.spawn(() -> serve(stream));
    }
  }

  private static void serve(TcpStream stream) {
    RequestHeads heads = new RequestHeads();
    ByteBuffer requests = ByteBuffer.allocateDirect(Responses.READ_BYTES);
    ByteBuffer responses = Responses.view();
    try (stream) {
      stream.setNoDelay(true);
      while (stream.read(requests.clear()) >= 0) {
        int n = heads.count(requests, 0, requests.position());
        Work.compute(n);
        stream.writeFully(responses.clear().limit(Responses.bytes(n)));
      }
    } catch (IOException _) {
      // the client has reset the connection
    }
  }

  private static void jdk(InetSocketAddress address) throws IOException {
    try (var listener = ServerSocketChannel.open()) {
      listener.bind(address, Responses.BACKLOG);
      while (true) {
        SocketChannel stream = listener.accept();
        Thread.startVirtualThread(() -> serve(stream));
      }
    }
  }

  private static void serve(SocketChannel stream) {
    RequestHeads heads = new RequestHeads();
    ByteBuffer requests = ByteBuffer.allocateDirect(Responses.READ_BYTES);
    ByteBuffer responses = Responses.view();
    try (stream) {
      while (stream.read(requests.clear()) >= 0) {
        int n = heads.count(requests, 0, requests.position());
        Work.compute(n);
        responses.clear().limit(Responses.bytes(n));
        while (responses.hasRemaining()) {
          stream.write(responses);
        }
      }
    } catch (IOException _) {
      // the client has reset the connection
    }
  }

  private static void netty(InetSocketAddress address, int loops) throws InterruptedException {
    new ServerBootstrap().group(new MultiThreadIoEventLoopGroup(loops, EpollIoHandler.newFactory()))
        .channel(EpollServerSocketChannel.class)
        .option(ChannelOption.SO_BACKLOG, Responses.BACKLOG)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childHandler(new ChannelInitializer<Channel>() {
          @Override
          protected void initChannel(Channel channel) {
            channel.pipeline().addLast(new Handler());
          }
        })
        .bind(address)
        .sync()
        .channel()
        .closeFuture()
        .sync();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // a handler does not wait; what fails reaches exceptionCaught
  private static final class Handler extends ChannelInboundHandlerAdapter {
    private static final ByteBuf RESPONSES = Unpooled.unreleasableBuffer(
        Unpooled.directBuffer().writeBytes(Responses.view()));

    private final RequestHeads heads = new RequestHeads();

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ByteBuf requests = (ByteBuf) message;
      int n;
      try {
        var bytes = requests.internalNioBuffer(requests.readerIndex(), requests.readableBytes());
        n = heads.count(bytes, bytes.position(), bytes.limit());
      } finally {
        requests.release();
      }
      Work.compute(n);
      ctx.write(RESPONSES.slice(0, Responses.bytes(n)), ctx.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      ctx.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }
}
