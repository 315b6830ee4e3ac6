package baton.controller.main;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Health and metrics over HTTP: {@code /healthz}, {@code /readyz}, {@code /metrics}. */
final class HttpEndpoint implements AutoCloseable {
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int NOT_ALLOWED = 405;
  private static final int UNAVAILABLE = 503;
  private static final int THREADS = 2;

  private final HttpServer server;
  private final ExecutorService executor;

  private HttpEndpoint(HttpServer server, ExecutorService executor) {
    this.server = server;
    this.executor = executor;
  }

  static HttpEndpoint start(InetSocketAddress address, Controller controller) throws IOException {
    HttpServer server = HttpServer.create(address, 0);
    ExecutorService executor =
        Executors.newFixedThreadPool(
            THREADS,
            work -> {
              Thread thread = new Thread(work, "http");
              thread.setDaemon(true);
              return thread;
            });
    server.setExecutor(executor);
    server.createContext("/", exchange -> answer(exchange, controller));
    server.start();
    return new HttpEndpoint(server, executor);
  }

  private static void answer(HttpExchange exchange, Controller controller) throws IOException {
    if (!"GET".equals(exchange.getRequestMethod())) {
      send(exchange, NOT_ALLOWED, "only GET\n");
      return;
    }
    switch (exchange.getRequestURI().getPath()) {
      case "/healthz" -> send(exchange, OK, "ok\n");
      case "/readyz" -> {
        boolean ready = controller.isReady();
        send(exchange, ready ? OK : UNAVAILABLE, ready ? "ready\n" : "not ready\n");
      }
      case "/metrics" -> send(exchange, OK, controller.gauges().text());
      default -> send(exchange, NOT_FOUND, "not found\n");
    }
  }

  private static void send(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }
}
