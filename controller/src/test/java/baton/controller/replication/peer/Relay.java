package baton.controller.replication.peer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/** Passes TCP connections on to a port of this machine; while it is cut, nothing gets through. */
final class Relay implements AutoCloseable {
  private final ServerSocket listening;
  private final IntSupplier target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean isCut;

  /**
   * @param target the port, asked for each connection; 0 while there is none
   */
  Relay(IntSupplier target) {
    this.target = target;
    try {
      listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    daemon(this::accept);
  }

  String address() {
    return "127.0.0.1:" + listening.getLocalPort();
  }

  void cut() {
    isCut = true;
    open.forEach(Relay::quietly);
    open.clear();
  }

  void heal() {
    isCut = false;
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket from = listening.accept();
        open.add(from);
        int port = target.getAsInt();
        if (isCut || port == 0) {
          quietly(from);
          continue;
        }
        Socket to = new Socket(InetAddress.getLoopbackAddress(), port);
        open.add(to);
        daemon(() -> pump(from, to));
        daemon(() -> pump(to, from));
        if (isCut) {
          cut();
        }
      } catch (IOException refused) {
        // the next may be taken
      }
    }
  }

  private void pump(Socket from, Socket to) {
    byte[] buffer = new byte[16 << 10];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        out.write(buffer, 0, count);
        out.flush();
      }
    } catch (IOException gone) {
      // so goes the other side
    } finally {
      quietly(from);
      quietly(to);
      open.remove(from);
      open.remove(to);
    }
  }

  private static void quietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "relay");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cut();
  }
}
