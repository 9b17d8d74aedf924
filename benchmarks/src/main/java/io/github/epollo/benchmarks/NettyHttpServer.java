package io.github.epollo.benchmarks;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import io.netty.util.CharsetUtil;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * The peers "netty-raw" and "netty-codec": Netty's epoll transport with one event loop for everything. Raw is the leanest Netty, its handler does what the
 * other peers do; codec is the usual way, with Netty's own HTTP codec. Arguments: the port, and "raw" or "codec".
 */
@SuppressWarnings("FutureReturnValueIgnored") // a handler does not wait; what fails reaches exceptionCaught
public final class NettyHttpServer {
  private NettyHttpServer() {}

  /** Serves until it is killed. */
  public static void main(String[] args) throws InterruptedException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
    boolean codec = switch (args[1]) {
      case "codec" -> true;
      case "raw" -> false;
      default -> throw new IllegalArgumentException("raw or codec, not " + args[1]);
    };
    EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    new ServerBootstrap().group(group)
        .channel(EpollServerSocketChannel.class)
        .option(ChannelOption.SO_BACKLOG, Responses.BACKLOG)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childHandler(new ChannelInitializer<Channel>() {
          @Override
          protected void initChannel(Channel channel) {
            if (codec) {
              channel.pipeline().addLast(new HttpServerCodec(), new CodecHandler());
            } else {
              channel.pipeline().addLast(new RawHandler());
            }
          }
        })
        .bind(address)
        .sync()
        .channel()
        .closeFuture()
        .sync();
  }

  private static final class RawHandler extends ChannelInboundHandlerAdapter {
    private static final ByteBuf RESPONSES = Unpooled.unreleasableBuffer(
        Unpooled.directBuffer().writeBytes(Responses.view()));

    private final RequestHeads heads = new RequestHeads();

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ByteBuf requests = (ByteBuf) message;
      int left;
      try {
        var bytes = requests.internalNioBuffer(requests.readerIndex(), requests.readableBytes());
        left = heads.count(bytes, bytes.position(), bytes.limit());
      } finally {
        requests.release();
      }
      while (left > 0) {
        int n = Math.min(left, Responses.BATCH);
        ctx.write(RESPONSES.slice(0, Responses.bytes(n)), ctx.voidPromise());
        left -= n;
      }
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

  private static final class CodecHandler extends ChannelInboundHandlerAdapter {
    private static final AsciiString CONTENT_TYPE = AsciiString.cached("Content-Type");
    private static final AsciiString CONTENT_LENGTH = AsciiString.cached("Content-Length");
    private static final AsciiString TEXT_PLAIN = AsciiString.cached("text/plain");
    private static final AsciiString LENGTH = AsciiString.cached(Integer.toString(Responses.BODY.length()));
    private static final ByteBuf BODY = Unpooled.unreleasableBuffer(
        Unpooled.directBuffer().writeBytes(Responses.BODY.getBytes(CharsetUtil.US_ASCII)).asReadOnly());

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      boolean complete = message instanceof LastHttpContent;
      ReferenceCountUtil.release(message);
      if (complete) {
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK,
            BODY.duplicate());
        response.headers().set(CONTENT_TYPE, TEXT_PLAIN).set(CONTENT_LENGTH, LENGTH);
        ctx.write(response, ctx.voidPromise());
      }
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
