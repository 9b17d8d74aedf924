package io.github.epollo.benchmarks.timers;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/** The CPU time of all threads for each operation: a peer may leave its work to a thread of its own. */
public final class CpuProfiler implements InternalProfiler {
  /** The name of the figure. */
  public static final String CPU = "cpu";

  private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private long before;

  /** For JMH, which makes it by its name. */
  public CpuProfiler() {}

  @Override
  public String getDescription() {
    return "CPU time of all threads";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    before = system.getProcessCpuTime();
  }

  @Override
  public Collection<? extends Result<?>> afterIteration(BenchmarkParams benchmark, IterationParams iteration,
      IterationResult result) {
    double used = system.getProcessCpuTime() - before;
    return List.of(new ScalarResult(CPU, used / result.getMetadata().getAllOps(), "ns/op", AggregationPolicy.AVG));
  }
}
