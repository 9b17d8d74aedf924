package io.github.epollo.runtime.loop;

import io.github.epollo.stress.Explore;
import io.github.epollo.stress.Scenario;
import io.github.epollo.stress.Twin;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Hazard 5, between a loop that adds and takes, and others that steal. */
final class SharedRingScenariosTest {
  private static final int WORKS = 4;

  /** Work that counts who got it. */
  private static final class Work implements Runnable {
    private final AtomicInteger taken = new AtomicInteger();

    @Override
    public void run() {
      taken.incrementAndGet();
    }
  }

  /** A ring that wraps and grows under its owner, while two thieves look in. */
  public static final class AddTakeAndSteal extends Scenario {
    @Override
    protected void play() {
      SharedRing ring = new SharedRing(2);
      Work[] works = new Work[WORKS];
      for (int i = 0; i < WORKS; i++) {
        works[i] = new Work();
      }
      together(() -> {
        ring.add(works[0]);
        ring.add(works[1]);
        take(ring);
        ring.add(works[2]);
        ring.add(works[3]);
        take(ring);
      }, () -> steal(ring, 1), () -> steal(ring, 2));
      while (ring.size() > 0) {
        take(ring);
      }
      for (Work work : works) {
        require(work.taken.get() > 0, "work that nobody has");
        require(work.taken.get() < 2, "work that two have");
      }
    }

    private static void take(SharedRing ring) {
      Runnable work = ring.poll();
      if (work != null) {
        work.run();
      }
    }

    private static void steal(SharedRing ring, int room) {
      Runnable[] loot = new Runnable[room];
      int count = ring.steal(loot, 1);
      for (int i = 0; i < count; i++) {
        require(loot[i] != null, "work that was not there yet");
        loot[i].run();
      }
    }
  }

  /** One is stolen, and its place is filled again before the owner has seen that. */
  public static final class StealAndFillAgain extends Scenario {
    @Override
    protected void play() {
      SharedRing ring = new SharedRing(2);
      Work[] works = new Work[3];
      for (int i = 0; i < works.length; i++) {
        works[i] = new Work();
      }
      ring.add(works[0]);
      ring.add(works[1]);
      together(() -> {
        ring.add(works[2]);
        AddTakeAndSteal.take(ring);
      }, () -> AddTakeAndSteal.steal(ring, 1));
      while (ring.size() > 0) {
        AddTakeAndSteal.take(ring);
      }
      for (Work work : works) {
        require(work.taken.get() == 1, "work that nobody has");
      }
    }
  }

  private static Twin twin() {
    return Twin.of("io.github.epollo.runtime.loop.SharedRing");
  }

  @Test
  void eachWorkIsTakenOnce() {
    Explore.holds(AddTakeAndSteal.class);
    Explore.holds(StealAndFillAgain.class);
  }

  @Test
  void aThiefThatDoesNotLookWhetherAnotherWasFasterIsFound() {
    Explore.finds("work that", AddTakeAndSteal.class, // that two have, or that the owner has taken out of its place
        twin().with("if (HEAD.compareAndSet(this, first, first + count)) {",
            "HEAD.setVolatile(this, first + count);\n      if (count > 0) {"));
  }

  @Test
  void anOwnerThatDoesNotLookWhetherAThiefWasFasterIsFound() {
    Explore.finds("work that two have", AddTakeAndSteal.class,
        twin().with("if (HEAD.compareAndSet(this, first, first + 1)) {",
            "HEAD.setVolatile(this, first + 1);\n      if (place >= 0) {"));
  }

  @Test
  void workThatIsAnnouncedBeforeItIsThereIsFound() {
    Explore.finds("work that was not there yet", AddTakeAndSteal.class,
        twin().with("""
                elements[(int) end & (elements.length - 1)] = work;
                TAIL.setRelease(this, end + 1);""".indent(4).stripTrailing(), """
                TAIL.setRelease(this, end + 1);
                elements[(int) end & (elements.length - 1)] = work;""".indent(4).stripTrailing()));
  }

  @Test
  void anOwnerThatForgetsWhatIsNewIsFound() {
    Explore.finds("work that nobody has", StealAndFillAgain.class,
        twin().with("Math.max(seen, tail - elements.length)", "seen"));
  }
}
