package io.github.epollo.runtime.loop;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Hazard 5: a loop adds work and takes it, while another steals. What each has is a sum of powers of ten, one for each work. */
@JCStressTest
@Outcome(id = ".*, .*, 111", expect = Expect.ACCEPTABLE, desc = "each work once")
@Outcome(expect = Expect.FORBIDDEN, desc = "work that nobody has, or two")
@State
public class SharedRingStress {
  private record Work(int value) implements Runnable {
    @Override
    public void run() {}
  }

  private final SharedRing ring = new SharedRing(2);
  private final Work[] works = {new Work(1), new Work(10), new Work(100)};

  @Actor
  public void owner(III_Result result) {
    ring.add(works[0]);
    ring.add(works[1]);
    result.r1 = value(ring.poll());
    ring.add(works[2]);
    result.r1 += value(ring.poll());
  }

  @Actor
  public void thief(III_Result result) {
    @Nullable Runnable[] loot = new Runnable[2];
    for (int round = 0; round < 2; round++) {
      int count = ring.steal(loot, 1);
      for (int i = 0; i < count; i++) {
        result.r2 += loot[i] == null ? 10_000 : value(loot[i]);
      }
    }
  }

  @Arbiter
  public void after(III_Result result) {
    result.r3 = result.r1 + result.r2;
    while (ring.size() > 0) {
      result.r3 += value(ring.poll());
    }
  }

  private static int value(@Nullable Runnable work) {
    return work instanceof Work w ? w.value() : 0;
  }
}
