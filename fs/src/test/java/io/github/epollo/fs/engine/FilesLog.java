package io.github.epollo.fs.engine;

import io.github.epollo.testsupport.LogCapture;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.SimpleFormatter;

/** Collects what the logger for files is told, in place of printing it. */
final class FilesLog implements AutoCloseable {
  private final LogCapture log = new LogCapture("io.github.epollo.fs", Level.INFO);

  /** The messages so far, each as {@code LEVEL: text}. */
  List<String> messages() {
    return log.records().stream().map(r -> r.getLevel() + ": " + new SimpleFormatter().formatMessage(r)).toList();
  }

  void clear() {
    log.records().clear();
  }

  @Override
  public void close() {
    log.close();
  }
}
