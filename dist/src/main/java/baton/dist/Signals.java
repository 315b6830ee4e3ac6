package baton.dist;

import java.lang.reflect.Constructor;
import java.lang.reflect.Proxy;

/**
 * Unix signals. The JDK has them in {@code sun.misc} only, which every JDK from 9 on exports and
 * javac warns of; so it is reached by name.
 */
final class Signals {
  private Signals() {}

  /** Runs something at each arrival of a signal, on a thread of the JVM's. */
  static void on(String signal, Runnable action) {
    try {
      Class<?> signalType = Class.forName("sun.misc.Signal");
      Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
      Constructor<?> constructor = signalType.getConstructor(String.class);
      Object handler =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handlerType},
              (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  action.run();
                }
                return null;
              });
      signalType
          .getMethod("handle", signalType, handlerType)
          .invoke(null, constructor.newInstance(signal), handler);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("signal " + signal + " cannot be handled", e);
    }
  }
}
