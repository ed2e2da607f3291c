package chat.sotto.edge;

import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpCharsets;
import akka.http.javadsl.model.MediaTypes;
import akka.util.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/**
 * A file as it is served.
 *
 * @param gzip the content, compressed once for all who take it so
 * @param sha256 of the content, in hex; its entity tag too
 */
record StaticFile(
    String path, ContentType type, ByteString content, ByteString gzip, String sha256) {
  private static final Map<String, ContentType> TYPES =
      Map.ofEntries(
          Map.entry("html", ContentTypes.TEXT_HTML_UTF8),
          Map.entry("css", MediaTypes.TEXT_CSS.toContentType(HttpCharsets.UTF_8)),
          Map.entry("js", MediaTypes.APPLICATION_JAVASCRIPT.toContentType(HttpCharsets.UTF_8)),
          Map.entry("json", ContentTypes.APPLICATION_JSON),
          Map.entry(
              "webmanifest",
              MediaTypes.customWithFixedCharset(
                      "application", "manifest+json", HttpCharsets.UTF_8, Map.of(), false)
                  .toContentType()),
          Map.entry("txt", ContentTypes.TEXT_PLAIN_UTF8),
          Map.entry("svg", MediaTypes.IMAGE_SVG_XML.toContentType()),
          Map.entry("png", MediaTypes.IMAGE_PNG.toContentType()),
          Map.entry("ico", MediaTypes.IMAGE_X_ICON.toContentType()),
          Map.entry("woff2", MediaTypes.FONT_WOFF_2.toContentType()));

  /**
   * @param path without a leading slash
   * @throws IllegalArgumentException for a file whose type is not known
   */
  static StaticFile of(String path, byte[] content) {
    ContentType type = TYPES.get(path.substring(path.lastIndexOf('.') + 1));
    if (type == null) {
      throw new IllegalArgumentException("a web file of unknown type: " + path);
    }
    return new StaticFile(
        path, type, ByteString.fromArray(content), gzip(content), sha256(content));
  }

  private static ByteString gzip(byte[] content) {
    var compressed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(compressed)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ByteString.fromArray(compressed.toByteArray());
  }

  static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
