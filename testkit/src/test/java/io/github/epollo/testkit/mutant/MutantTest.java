package io.github.epollo.testkit.mutant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import org.junit.jupiter.api.Test;

/** Tests of the tests: for each protocol a mistake in it, which some seed of a simulation must find; and the code as it is, which all seeds must pass. */
class MutantTest {
  private static final int SEEDS = 20;
  private static final ClassDesc AWAITER = ClassDesc.of("io.github.epollo.runtime.future.Awaiter");

  private static void assertFound(Mutant mutant, Class<? extends Runnable> scenario, String complaint)
      throws Throwable {
    MutantLoader sound = mutant.repaired().load();
    for (long seed = 1; seed <= SEEDS; seed++) {
      sound.run(scenario, seed);
    }
    MutantLoader broken = mutant.load();
    for (long seed = 1; seed <= SEEDS; seed++) {
      try {
        broken.run(scenario, seed);
      } catch (AssertionError found) {
        assertThat(found).hasMessageContaining(complaint);
        return;
      }
    }
    fail("none of the seeds 1 to " + SEEDS + " found the mistake in " + mutant.className() + "." + mutant.method());
  }

  /** Lost wake-up: who comes last is the only one who is woken. */
  @Test
  void aTaskThatKnowsItsNewestWaiterOnly() throws Throwable {
    assertFound(new Mutant("io.github.epollo.runtime.Task", "with", Mistakes.body(code -> code.aload(1).areturn())),
        Joiners.class, "nothing can happen any more");
  }

  /** Lost wake-up: of an event that says both, the loop tells the reader only. */
  @Test
  void anEventThatWakesTheReaderButNotTheWriter() throws Throwable {
    // bits & ~((bits & READABLE) << 1)
    assertFound(
        new Mutant("io.github.epollo.runtime.driver.Readiness", "ofEvents",
            Mistakes.beforeReturn(
                code -> code.dup().iconst_1().iand().iconst_1().ishl().iconst_m1().ixor().iand())),
        BothWays.class, "nothing can happen any more");
  }

  /** Stale event: it reaches whoever has the slot now. */
  @Test
  void aTableThatForgetsTheGeneration() throws Throwable {
    assertFound(
        new Mutant("io.github.epollo.runtime.driver.RegistrationTable", "find",
            Mistakes.insteadOfCall("key", code -> code.pop().lload(1))),
        ReusedSlot.class, "recv in vain");
  }

  /** Early timer: deadlines are cut to whole milliseconds. */
  @Test
  void aDeadlineThatIsRoundedDown() throws Throwable {
    assertFound(
        new Mutant("io.github.epollo.timers.Deadlines", "after",
            Mistakes.beforeReturn(code -> code.dup2().loadConstant(1_000_000L).lrem().lsub())),
        Sleepers.class, "ns early");
  }

  /** Leaked entry: what was cancelled stays armed. */
  @Test
  void aCancelledTimerThatStaysArmed() throws Throwable {
    assertFound(
        new Mutant("io.github.epollo.timers.TimerEntry", "disarm",
            Mistakes.insteadOfCall("update", CodeBuilder::pop2)),
        Cancelled.class, "wake-ups");
  }

  /** Dropped byte: a read that has its bytes already gives way to a cancel. */
  @Test
  void aReadThatIsStoppedAfterTheBytesHaveCome() throws Throwable {
    assertFound(
        new Mutant("io.github.epollo.net.StreamSocket", "receiveCopied",
            Mistakes.afterCall("recv",
                code -> code.invokestatic(AWAITER, "current", MethodTypeDesc.of(AWAITER))
                    .loadConstant("a mistake")
                    .invokevirtual(AWAITER, "checkStopped",
                        MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Object)))),
        StoppedReads.class, "out of sync");
  }

  /** Memory that is freed when its call is given up, and not when the kernel lets go of it. */
  @Test
  void aCallThatFreesItsMemoryWhenItIsGivenUp() throws Throwable {
    ClassDesc call = ClassDesc.of("io.github.epollo.fs.engine.FileCall");
    assertFound(
        new Mutant("io.github.epollo.fs.engine.FileCall", "abandon",
            Mistakes.afterCall("cancel",
                code -> code.aload(0).invokevirtual(call, "release", MethodTypeDesc.of(ConstantDescs.CD_void)))),
        LateReads.class, "bytes of a read that was given up");
  }

  /** A number that is given back while calls use it, and each time that somebody closes. */
  @Test
  void aFileDescriptorThatIsClosedUnderItsCalls() throws Throwable {
    assertFound(
        new Mutant("io.github.epollo.runtime.kernel.Fd", "close",
            Mistakes.afterCall("getAndBitwiseOr", code -> code.pop().iconst_0())),
        ClosedFiles.class, "stranger");
  }
}
