package io.github.epollo.fs.engine;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Collects what the logger for files is told, in place of printing it. */
final class FilesLog implements AutoCloseable {
  private final List<LogRecord> records = new CopyOnWriteArrayList<>();
  private final Logger logger = Logger.getLogger("io.github.epollo.fs");
  private final Handler handler = new Handler() {
    @Override
    public void publish(LogRecord entry) {
      records.add(entry);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  };

  FilesLog() {
    logger.setUseParentHandlers(false);
    logger.addHandler(handler);
  }

  /** The messages so far, each as {@code LEVEL: text}. */
  List<String> messages() {
    return records.stream().map(r -> r.getLevel() + ": " + new SimpleFormatter().formatMessage(r)).toList();
  }

  void clear() {
    records.clear();
  }

  @Override
  public void close() {
    logger.removeHandler(handler);
    logger.setUseParentHandlers(true);
  }
}
