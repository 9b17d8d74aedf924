package io.github.epollo.benchmarks;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The peers "netty-callback" and "netty-virtual": Netty's epoll transport with one event loop, whose handlers answer a request when the backend has echoed a message. With callbacks the connection to the backend belongs to the same event
 * loop; the other hands each request to a virtual thread of the JDK, which makes a blocking call and then writes the answer. Arguments: the port, "callback" or "virtual", and the backend's port.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a handler does not wait; what fails reaches exceptionCaught
public final class NettyFrontServer {
  private NettyFrontServer() {}

  /** Serves until it is killed. */
  public static void main(String[] args) throws InterruptedException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
    boolean virtual = switch (args[1]) {
      case "virtual" -> true;
      case "callback" -> false;
      default -> throw new IllegalArgumentException("callback or virtual, not " + args[1]);
    };
    var backend = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[2]));
    EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    new ServerBootstrap().group(group)
        .channel(EpollServerSocketChannel.class)
        .option(ChannelOption.SO_BACKLOG, Responses.BACKLOG)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childHandler(new ChannelInitializer<Channel>() {
          @Override
          protected void initChannel(Channel channel) throws IOException {
            channel.pipeline().addLast(virtual ? new VirtualHandler(backend) : new CallbackHandler(backend));
          }
        })
        .bind(address)
        .sync()
        .channel()
        .closeFuture()
        .sync();
  }

  /** Finds requests, and answers them. */
  private abstract static class FrontHandler extends ChannelInboundHandlerAdapter {
    private static final ByteBuf RESPONSE = Unpooled.unreleasableBuffer(
        Unpooled.directBuffer().writeBytes(Responses.view().limit(Responses.bytes(1))));

    private final RequestHeads heads = new RequestHeads();

    /** There are {@code n} more requests, at least one. */
    abstract void requested(ChannelHandlerContext ctx, int n);

    static void answer(ChannelHandlerContext ctx) {
      ctx.writeAndFlush(RESPONSE.slice(), ctx.voidPromise());
    }

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
      if (n > 0) {
        requested(ctx, n);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }

  private static final class VirtualHandler extends FrontHandler {
    private final AtomicInteger unanswered = new AtomicInteger();
    private final BlockingBackend backend;

    VirtualHandler(InetSocketAddress address) throws IOException {
      backend = new BlockingBackend(address);
    }

    @Override
    void requested(ChannelHandlerContext ctx, int n) {
      if (unanswered.getAndAdd(n) == 0) { // else the virtual thread that is there goes on: answers have an order
        Thread.startVirtualThread(() -> callAndAnswer(ctx));
      }
    }

    private void callAndAnswer(ChannelHandlerContext ctx) {
      try {
        do {
          backend.call();
          answer(ctx);
        } while (unanswered.decrementAndGet() > 0);
      } catch (IOException _) {
        ctx.close();
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws IOException {
      backend.close();
    }
  }

  private static final class CallbackHandler extends FrontHandler {
    private final BackendMessage message = new BackendMessage();
    private final ByteBuf bytes = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(message.next()));
    private final InetSocketAddress address;
    private @Nullable Channel backend;
    private int unanswered;

    CallbackHandler(InetSocketAddress address) {
      this.address = address;
    }

    @Override
    void requested(ChannelHandlerContext ctx, int n) {
      boolean idle = unanswered == 0;
      unanswered += n;
      if (!idle) {
        return;
      }
      if (backend != null) {
        call(backend);
        return;
      }
      ChannelFuture connected = new Bootstrap().group(ctx.channel().eventLoop())
          .channel(EpollSocketChannel.class)
          .option(ChannelOption.TCP_NODELAY, true)
          .handler(new EchoHandler(this, ctx))
          .connect(address);
      Channel channel = connected.channel();
      backend = channel;
      connected.addListener(done -> {
        if (done.isSuccess()) {
          call(channel);
        } else {
          ctx.close();
        }
      });
    }

    private void call(Channel channel) {
      message.next();
      channel.writeAndFlush(bytes.slice(), channel.voidPromise());
    }

    void echoed(ChannelHandlerContext client, Channel channel, long number) throws IOException {
      message.check(number);
      answer(client);
      if (--unanswered > 0) {
        call(channel);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      if (backend != null) {
        backend.close();
      }
    }
  }

  /** On the connection to the backend: waits until all of a message is back. */
  private static final class EchoHandler extends ChannelInboundHandlerAdapter {
    private final ByteBuf echo = Unpooled.directBuffer(BackendMessage.BYTES, BackendMessage.BYTES);
    private final CallbackHandler front;
    private final ChannelHandlerContext client;

    EchoHandler(CallbackHandler front, ChannelHandlerContext client) {
      this.front = front;
      this.client = client;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws IOException {
      ByteBuf piece = (ByteBuf) message;
      try {
        echo.writeBytes(piece);
      } finally {
        piece.release();
      }
      if (!echo.isWritable()) {
        echo.clear();
        front.echoed(client, ctx.channel(), echo.getLong(0));
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      echo.release();
      client.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      client.close();
    }
  }
}
