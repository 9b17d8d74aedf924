package io.github.epollo.benchmarks.harness;

import io.github.epollo.benchmarks.harness.Statistics.Estimate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Draws the charts of a result file as SVG: a bar for each ratio, which begins at 1 on a logarithmic scale, and the interval over it. A bar to the left is good for us. The same file gives the same picture, which has colours for
 * light and for dark pages.
 */
final class Plot {
  private static final double[] MARKS = {0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100,
    200, 500, 1000};
  private static final int WIDTH = 860;
  private static final int LEFT = 290;
  private static final int RIGHT = 150;
  private static final int ROW = 22;
  private static final int TITLE = 40;
  private static final int AXIS = 34;
  private static final String STYLE = """
      text { font: 13px sans-serif; fill: #24292f }
      .title { font-weight: bold }
      .name { text-anchor: end }
      .mark { text-anchor: middle; fill: #57606a; font-size: 11px }
      .less { fill: #2f81c1 } .more { fill: #d0743c } .control { fill: #8c959f }
      .line { stroke: #8c959f; stroke-opacity: .35 } .one { stroke: #57606a } .spread { stroke: #24292f; stroke-width: 1.5 }
      @media (prefers-color-scheme: dark) {
        text { fill: #e6edf3 } .mark { fill: #9da7b3 } .one { stroke: #9da7b3 } .spread { stroke: #e6edf3 }
      }
      """;

  private record Bar(String name, Estimate ratio) {}

  private record Chart(String title, List<Bar> bars) {}

  private final List<Chart> charts;
  private final double low;
  private final double high;
  private final Formatter out = new Formatter(Locale.ROOT);

  private Plot(List<Chart> charts) {
    this.charts = charts;
    double least = 0.8;
    double most = 1.25;
    for (Chart chart : charts) {
      for (Bar bar : chart.bars()) {
        least = Math.min(least, bar.ratio().low());
        most = Math.max(most, bar.ratio().high());
      }
    }
    this.low = Math.log(least / 1.05);
    this.high = Math.log(most * 1.05);
  }

  /** Draws all result files of the directories that are named. */
  public static void main(String[] directories) throws IOException {
    for (String directory : directories) {
      if (Files.isDirectory(Path.of(directory))) {
        try (var files = Files.newDirectoryStream(Path.of(directory), "*.json")) {
          for (Path file : files) {
            draw(file);
          }
        }
      }
    }
  }

  /** Draws the charts of a result file next to it; nothing if it has none. */
  static void draw(Path file) throws IOException {
    Map<?, ?> json = (Map<?, ?>) JsonReader.read(Files.readString(file));
    if (!(json.get("charts") instanceof List<?> list)) {
      return;
    }
    List<Chart> charts = list.stream().map(Plot::chart).filter(chart -> !chart.bars().isEmpty()).toList();
    if (!charts.isEmpty()) {
      Path svg = file.resolveSibling(file.getFileName().toString().replaceFirst("\\.json$", ".svg"));
      Files.writeString(svg, new Plot(charts).text());
      System.out.println("Drawn to " + svg);
    }
  }

  private static Chart chart(Object json) {
    Map<?, ?> chart = (Map<?, ?>) json;
    List<Bar> bars = new ArrayList<>();
    for (Object one : (List<?>) in(chart, "bars")) {
      Map<?, ?> bar = (Map<?, ?>) one;
      Estimate ratio = new Estimate((Double) in(bar, "median"), (Double) in(bar, "low"), (Double) in(bar, "high"));
      if (ratio.low() > 0 && Double.isFinite(ratio.high())) {
        bars.add(new Bar(in(bar, "name").toString(), ratio));
      }
    }
    return new Chart(in(chart, "title").toString(), bars);
  }

  private static Object in(Map<?, ?> json, String key) {
    return Objects.requireNonNull(json.get(key), key);
  }

  private String text() {
    int height = charts.stream().mapToInt(chart -> TITLE + chart.bars().size() * ROW).sum() + AXIS;
    out.format("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">%n", WIDTH,
        height,
        WIDTH, height);
    out.format("<style>%s</style>%n", STYLE);
    for (double mark : MARKS) {
      if (Math.log(mark) >= low && Math.log(mark) <= high) {
        out.format("<line class=\"%s\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>%n", mark == 1 ? "one" : "line",
            x(mark),
            x(mark), TITLE - 10, height - AXIS + 6);
        out.format("<text class=\"mark\" x=\"%.1f\" y=\"%d\">%s</text>%n", x(mark), height - 10,
            mark >= 1 ? Integer.toString((int) mark) : Double.toString(mark));
      }
    }
    int y = 0;
    for (Chart chart : charts) {
      out.format("<text class=\"title\" x=\"10\" y=\"%d\">%s</text>%n", y + TITLE - 16, escaped(chart.title()));
      y += TITLE;
      for (Bar bar : chart.bars()) {
        draw(bar, y);
        y += ROW;
      }
    }
    return out.format("</svg>%n").toString();
  }

  private void draw(Bar bar, int y) {
    Estimate ratio = bar.ratio();
    double from = Math.min(x(1), x(ratio.median()));
    double to = Math.max(x(1), x(ratio.median()));
    String kind = bar.name().contains("-again") ? "control" : ratio.median() <= 1 ? "less" : "more";
    int middle = y + ROW / 2 - 3;
    out.format("<text class=\"name\" x=\"%d\" y=\"%d\">%s</text>%n", LEFT - 10, middle + 4, escaped(bar.name()));
    out.format("<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"12\"/>%n", kind, from, middle - 6,
        to - from);
    out.format("<line class=\"spread\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>%n", x(ratio.low()),
        x(ratio.high()), middle,
        middle);
    out.format("<text x=\"%d\" y=\"%d\">%.2f (%.2f–%.2f)</text>%n", WIDTH - RIGHT + 8, middle + 4, ratio.median(),
        ratio.low(),
        ratio.high());
  }

  private double x(double ratio) {
    return LEFT + (WIDTH - LEFT - RIGHT) * (Math.log(ratio) - low) / (high - low);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }
}
