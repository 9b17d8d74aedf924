package io.github.epollo.examples;

import java.util.logging.ConsoleHandler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Prints what the driver tells of each epoll call and event. */
final class Trace {
  private static final Logger DRIVER = Logger.getLogger("io.github.epollo.driver"); // kept: the log manager holds it weakly

  private Trace() {}

  /** Must be called before the runtime is created. */
  static void enable() {
    ConsoleHandler console = new ConsoleHandler();
    console.setLevel(Level.ALL);
    console.setFormatter(new SimpleFormatter() {
      @Override
      public String format(LogRecord event) {
        return formatMessage(event) + System.lineSeparator();
      }
    });
    DRIVER.setLevel(Level.ALL);
    DRIVER.setUseParentHandlers(false);
    DRIVER.addHandler(console);
  }
}
