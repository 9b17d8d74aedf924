package io.github.epollo.runtime.sync;

/** What became of a value that was sent without waiting. */
public enum SendResult {
  /** The channel has it. */
  SENT,
  /** There was no room; the sender has it still. */
  FULL,
  /** The channel is closed; the sender has it still. */
  CLOSED
}
