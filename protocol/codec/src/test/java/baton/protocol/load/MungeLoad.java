package baton.protocol.load;

import baton.protocol.auth.MungeDecoded;
import baton.protocol.auth.MungeEncoded;
import baton.protocol.auth.MungePool;
import baton.protocol.type.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * What munged alone can do: credentials with a body digest, as every message carries one, made
 * first and then each decoded once. A controller that serves one message for each credential cannot
 * be faster than the second half.
 */
final class MungeLoad {
  private static final int DIGEST_BYTES = 33;

  private MungeLoad() {}

  static Map<String, Number> run(Arguments arguments) throws Exception {
    int number = arguments.number("jobs", 4000);
    try (MungePool pool = Peer.pool(arguments, arguments.number("clients", 8), number)) {
      Bytes payload = Bytes.owning(new byte[DIGEST_BYTES]);
      Stopwatch making = new Stopwatch();
      List<CompletableFuture<MungeEncoded>> made = new ArrayList<>();
      for (int i = 0; i < number; i++) {
        made.add(pool.encode(payload, MungeDecoded.ANYONE).toCompletableFuture());
      }
      List<String> credentials = made.stream().map(f -> f.join().credential()).toList();
      double makingSeconds = making.seconds();
      Stopwatch decoding = new Stopwatch();
      List<CompletableFuture<MungeDecoded>> decoded = new ArrayList<>();
      for (String credential : credentials) {
        long begun = System.nanoTime();
        decoded.add(
            pool.decode(credential)
                .thenApply(
                    answer -> {
                      if (answer.succeeded()) {
                        decoding.answered(begun);
                      }
                      return answer;
                    })
                .toCompletableFuture());
      }
      decoded.forEach(CompletableFuture::join);
      Map<String, Number> result = decoding.result();
      result.put("encodesPerSecond", number / makingSeconds);
      return result;
    }
  }
}
