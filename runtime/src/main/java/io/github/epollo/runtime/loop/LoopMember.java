package io.github.epollo.runtime.loop;

/** An awaiter that belongs to a loop. */
interface LoopMember {
  Loop loop();
}
