package chat.sotto.web;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;

/**
 * A picture of a page in 256 of its colours, frequent ones that are unlike each other: half as large
 * as the browser's own, and nobody sees a difference on text and plain surfaces.
 */
final class SmallPicture {
  private static final int COLOURS = 256;

  /** Surfaces, which may differ by little. */
  private static final int SURFACES = 32;

  /** Squared: a colour that is nearer to another one is an edge between two. */
  private static final int APART = 64;

  private final BufferedImage picture;
  private final int[] palette;
  private final Map<Integer, Integer> nearest = new HashMap<>();

  private SmallPicture(BufferedImage picture) {
    this.picture = picture;
    palette = colours();
  }

  /** @param png as the browser made it */
  static void write(byte[] png, Path file) throws IOException {
    var small = new SmallPicture(ImageIO.read(new ByteArrayInputStream(png))).indexed();
    Files.createDirectories(file.getParent());
    var writer = ImageIO.getImageWritersByFormatName("png").next();
    var settings = writer.getDefaultWriteParam();
    settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    settings.setCompressionQuality(0);
    Files.deleteIfExists(file);
    try (var output = ImageIO.createImageOutputStream(file.toFile())) {
      writer.setOutput(output);
      writer.write(null, new IIOImage(small, null, null), settings);
    } finally {
      writer.dispose();
    }
  }

  private IntStream pixels() {
    return IntStream.range(0, picture.getWidth() * picture.getHeight())
        .map(at -> picture.getRGB(at % picture.getWidth(), at / picture.getWidth()) & 0xffffff);
  }

  private int[] colours() {
    var counts = new HashMap<Integer, Integer>();
    pixels().forEach(colour -> counts.merge(colour, 1, Integer::sum));
    var chosen = new ArrayList<Integer>();
    counts.entrySet().stream()
        .sorted(Map.Entry.<Integer, Integer>comparingByValue(Comparator.reverseOrder())
            .thenComparing(Map.Entry.comparingByKey()))
        .map(Map.Entry::getKey)
        .filter(colour -> chosen.size() < SURFACES
            || chosen.stream().noneMatch(other -> distance(other, colour) < APART))
        .limit(COLOURS).forEach(chosen::add);
    return chosen.stream().mapToInt(Integer::intValue).toArray();
  }

  private BufferedImage indexed() {
    var model = new IndexColorModel(8, palette.length, palette, 0, false, -1, 0);
    var small = new BufferedImage(picture.getWidth(), picture.getHeight(),
        BufferedImage.TYPE_BYTE_INDEXED, model);
    small.getRaster().setSamples(0, 0, small.getWidth(), small.getHeight(), 0,
        pixels().map(colour -> nearest.computeIfAbsent(colour, this::place)).toArray());
    return small;
  }

  private int place(int colour) {
    return IntStream.range(0, palette.length).boxed()
        .min(Comparator.comparingInt(at -> distance(palette[at], colour))).orElseThrow();
  }

  private static int distance(int left, int right) {
    return IntStream.of(0, 8, 16)
        .map(shift -> (left >> shift & 0xff) - (right >> shift & 0xff))
        .map(apart -> apart * apart).sum();
  }
}
