package baton.controller.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Health and metrics over HTTP: {@code /healthz} (200 while the process answers), {@code /readyz}
 * (200 when it can commit, else 503; then how it stands in its group), {@code /metrics}. Its two
 * daemon threads read only snapshots and counters, so a slow scraper delays nobody.
 */
public final class HttpEndpoint implements AutoCloseable {
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

  /**
   * Binds the address and answers from then on.
   *
   * @param ready whether a command could be committed now
   * @param standing what {@code /readyz} says besides, in whole lines
   * @param metrics the whole answer of {@code /metrics}
   * @throws IOException when the address cannot be bound
   */
  public static HttpEndpoint start(
      InetSocketAddress address,
      BooleanSupplier ready,
      Supplier<String> standing,
      Supplier<String> metrics)
      throws IOException {
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
    server.createContext("/", exchange -> answer(exchange, ready, standing, metrics));
    server.start();
    return new HttpEndpoint(server, executor);
  }

  private static void answer(
      HttpExchange exchange,
      BooleanSupplier isReady,
      Supplier<String> standing,
      Supplier<String> metrics)
      throws IOException {
    if (!"GET".equals(exchange.getRequestMethod())) {
      send(exchange, NOT_ALLOWED, "only GET\n");
      return;
    }
    switch (exchange.getRequestURI().getPath()) {
      case "/healthz" -> send(exchange, OK, "ok\n");
      case "/readyz" -> {
        boolean ready = isReady.getAsBoolean();
        String word = ready ? "ready\n" : "not ready\n";
        send(exchange, ready ? OK : UNAVAILABLE, word + standing.get());
      }
      case "/metrics" -> send(exchange, OK, metrics.get());
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
