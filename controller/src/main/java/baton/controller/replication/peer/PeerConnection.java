package baton.controller.replication.peer;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection that came in. Everything here runs on its event loop, but answers. */
final class PeerConnection extends SimpleChannelInboundHandler<Frame> {
  private static final Logger LOG = LoggerFactory.getLogger(PeerConnection.class);
  private static final long GUEST_SECONDS = 10;
  private static final int MOST_OUTSTANDING = 256;

  private final SslHandler tls;
  private final TlsIdentity own;
  private final Frame.Decoder decoder;
  private final PeerRequests requests;
  private final Runnable noGuest;
  private boolean countedAsGuest = true;
  private boolean asked;
  private Door.Visitor visitor;
  private int outstanding;

  /**
   * @param noGuest run once, when this is a guest's connection no more
   */
  PeerConnection(
      SslHandler tls,
      TlsIdentity own,
      Frame.Decoder decoder,
      PeerRequests requests,
      Runnable noGuest) {
    this.tls = tls;
    this.own = own;
    this.decoder = decoder;
    this.requests = requests;
    this.noGuest = noGuest;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      if (handshake.isSuccess()) {
        greet(context);
      } else {
        LOG.info("{} is turned away: {}", context.channel().remoteAddress(), reason(handshake));
        ChannelFuture unusedEnd = context.close();
      }
    }
    context.fireUserEventTriggered(event);
  }

  private static String reason(SslHandshakeCompletionEvent handshake) {
    return String.valueOf(handshake.cause().getMessage());
  }

  private void greet(ChannelHandlerContext context) {
    SSLSession session = tls.engine().getSession();
    byte[] shown = Certificates.fingerprint((X509Certificate) session.getLocalCertificates()[0]);
    Certificate certificate = null;
    try {
      certificate = session.getPeerCertificates()[0];
    } catch (SSLPeerUnverifiedException guest) {
      Future<?> unusedTimer =
          context
              .executor()
              .schedule(
                  () -> {
                    if (!asked) {
                      ChannelFuture unusedEnd = context.close();
                    }
                  },
                  GUEST_SECONDS,
                  TimeUnit.SECONDS);
    }
    if (certificate == null) {
      visitor = new Door.Visitor(null, shown);
      return;
    }
    X509Certificate member = (X509Certificate) certificate;
    String name = Certificates.memberOf(member);
    if (!MemberName.isName(name)
        || own.member().filter(m -> m.cluster().equals(Certificates.cluster(member))).isEmpty()) {
      LOG.warn("{} shows a certificate for '{}'", context.channel().remoteAddress(), name);
      ChannelFuture unusedEnd = context.close();
      return;
    }
    visitor = new Door.Visitor(name, shown);
    decoder.allow(requests.longestFrame());
    countAsMember();
  }

  private void countAsMember() {
    if (countedAsGuest) {
      countedAsGuest = false;
      noGuest.run();
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, Frame frame) {
    boolean guest = visitor.member() == null;
    if (guest && (asked || frame.kind() != Frame.Kind.DOOR)) {
      ChannelFuture unusedEnd = context.close();
      return;
    }
    asked = true;
    if (outstanding >= MOST_OUTSTANDING) {
      ChannelFuture unusedWrite =
          context.writeAndFlush(
              Frame.failure(frame.number(), "too much is asked at once").encode());
      return;
    }
    outstanding++;
    requests.handle(visitor, frame, answer -> tell(context, answer));
  }

  private void tell(ChannelHandlerContext context, Frame answer) {
    try {
      context
          .executor()
          .execute(
              () -> {
                outstanding--;
                ChannelFuture unusedWrite = context.writeAndFlush(answer.encode());
              });
    } catch (RejectedExecutionException closed) {
      LOG.debug("the network is closed, and {} not answered", context.channel().remoteAddress());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    countAsMember();
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.debug("{}: {}", context.channel().remoteAddress(), cause.toString());
    ChannelFuture unusedEnd = context.close();
  }
}
