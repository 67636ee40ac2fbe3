import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/**
 * Lints and renders each chart named on the command line, the values after a comma (name,key=value) set; prints a line a chart: name, ok|failed, messages, manifest (base64).
 */
public final class RenderCharts {
  public static void main(String[] args) throws Exception {
    final Path charts = Path.of(args[0]);
    for (String argument : List.of(args).subList(1, args.length)) {
      final List<String> parts = List.of(argument.split(","));
      final String name = parts.get(0);
      final Path chart = charts.resolve(name);
      new Helm(chart).dependency().update().call();
      final LintResult lint = new Helm(chart).lint().strict().call();
      String manifest = "";
      String failure = "";
      try {
        final var template = new Helm(chart).template().withName("agf");
        for (String value : parts.subList(1, parts.size())) {
          final String[] pair = value.split("=", 2);
          template.set(pair[0], pair[1]);
        }
        manifest = template.call();
      } catch (RuntimeException e) {
        failure = e.getMessage();
      }
      final boolean ok = !lint.isFailed() && failure.isEmpty();
      System.out.println(String.join(" ", name, ok ? "ok" : "failed",
          encode(String.join("\n", lint.getMessages()) + "\n" + failure), encode(manifest)));
    }
  }

  private static String encode(String text) {
    return Base64.getEncoder().encodeToString((text == null ? "" : text).getBytes(StandardCharsets.UTF_8));
  }
}
