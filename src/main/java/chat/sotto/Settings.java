package chat.sotto;

import chat.sotto.edge.EdgeLimits;
import chat.sotto.edge.FileLimits;
import chat.sotto.edge.GroupRates;
import chat.sotto.edge.PublicUrl;
import chat.sotto.edge.Rate;
import chat.sotto.group.GroupLimits;
import chat.sotto.protocol.Limits;
import chat.sotto.user.UserLimits;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The operator's settings, typed; application.conf says what each means. The only class that reads
 * configuration.
 *
 * @param akka what the actor system is started with
 */
public record Settings(
    String host,
    int port,
    Optional<PublicUrl> publicUrl,
    Set<InetAddress> trustedProxies,
    Optional<Tls> tls,
    Limits limits,
    UserLimits userLimits,
    GroupLimits groupLimits,
    EdgeLimits edgeLimits,
    FileLimits fileLimits,
    Config akka) {
  private static final String ROOT = "sotto";
  private static final String AKKA = "akka";
  private static final int PORT_MAX = 65_535;
  private static final long FILE_BYTES_MOST = 1L << 50;
  private static final int ENVELOPE_BYTES_LEAST = 64 * 1024;

  /** Where the server's certificate lies. */
  public record Tls(Path keystore, String password) {
    @Override
    public String toString() {
      return "Tls[" + keystore + ", ***]";
    }
  }

  /**
   * Reads settings, the strongest first: those given, a file, the defaults.
   *
   * @param given by their full names, such as "sotto.port"
   * @throws SettingsException if a setting is unknown or has no meaning
   */
  public static Settings read(Optional<Path> file, Map<String, Object> given) {
    try {
      Config own = ConfigFactory.parseMap(given, "the command line").withFallback(parse(file));
      Config defaults = defaults();
      refuseUnknown(own, defaults);
      return of(own.withFallback(defaults).resolve());
    } catch (ConfigException e) {
      throw new SettingsException(oneLine(e), e);
    }
  }

  /** Everything that the server keeps. */
  public Path dataFolder() {
    return Path.of(akka.getString(ROOT + ".data-folder"));
  }

  private static Config parse(Optional<Path> file) {
    if (file.isEmpty()) {
      return ConfigFactory.empty();
    }
    if (!Files.isReadable(file.get())) {
      throw new SettingsException("The settings file %s cannot be read.".formatted(file.get()));
    }
    return ConfigFactory.parseFile(
        file.get().toFile(), ConfigParseOptions.defaults().setAllowMissing(false));
  }

  /** What the jar holds: its application.conf, above the reference.conf files of libraries. */
  static Config defaults() {
    return ConfigFactory.parseResources("application.conf")
        .withFallback(ConfigFactory.defaultReferenceUnresolved());
  }

  private static void refuseUnknown(Config own, Config defaults) {
    for (String root : own.root().keySet()) {
      if (!root.equals(ROOT) && !root.equals(AKKA)) {
        throw new SettingsException("Unknown setting %s.".formatted(root));
      }
    }
    for (Map.Entry<String, ConfigValue> setting : own.entrySet()) {
      String path = setting.getKey();
      if (path.startsWith(ROOT + ".") && !defaults.hasPathOrNull(path)) {
        throw new SettingsException(
            "Unknown setting %s (%s).".formatted(path, setting.getValue().origin().description()));
      }
    }
  }

  private static Settings of(Config all) {
    Config sotto = all.getConfig(ROOT);
    int port = sotto.getInt("port");
    if (port < 0 || port > PORT_MAX) {
      throw new SettingsException("The setting sotto.port is not a port: %d.".formatted(port));
    }
    return new Settings(
        sotto.getString("host"),
        port,
        publicUrl(sotto.getString("public-url")),
        addresses(sotto),
        tls(sotto.getConfig("tls")),
        limits(sotto.getConfig("limits")),
        userLimits(sotto),
        groupLimits(sotto.getConfig("limits")),
        edgeLimits(sotto.getConfig("limits")),
        fileLimits(sotto.getConfig("files"), sotto.getConfig("limits")),
        all);
  }

  private static Optional<PublicUrl> publicUrl(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(PublicUrl.parse(text));
    } catch (IllegalArgumentException e) {
      throw new SettingsException(
          "The setting sotto.public-url is wrong: %s.".formatted(e.getMessage()), e);
    }
  }

  private static Set<InetAddress> addresses(Config sotto) {
    Set<InetAddress> addresses = new HashSet<>();
    for (String text : sotto.getStringList("trusted-proxies")) {
      try {
        // Names are refused, so that no resolver decides whom we trust.
        if (!text.matches("[0-9.]+|[0-9a-fA-F.]*:[0-9a-fA-F.:]*")) {
          throw new UnknownHostException(text);
        }
        addresses.add(InetAddress.getByName(text));
      } catch (UnknownHostException e) {
        throw new SettingsException(
            "The setting sotto.trusted-proxies holds %s, which is no IP address.".formatted(text));
      }
    }
    return Set.copyOf(addresses);
  }

  private static Optional<Tls> tls(Config tls) {
    String keystore = tls.getString("keystore");
    return keystore.isEmpty()
        ? Optional.empty()
        : Optional.of(new Tls(Path.of(keystore), tls.getString("password")));
  }

  private static Limits limits(Config limits) {
    int envelopeBytesMax = (int) size(limits, "envelope-bytes-max");
    if (envelopeBytesMax < ENVELOPE_BYTES_LEAST) {
      throw new SettingsException(
          "The setting sotto.limits.envelope-bytes-max is below 64 KiB, which registering needs.");
    }
    return new Limits(
        envelopeBytesMax,
        (int) size(limits, "text-bytes-max"),
        Limits.DEFAULT.devicesMax(),
        Limits.DEFAULT.oneTimePrekeysMax(),
        Limits.DEFAULT.sendsInFlightMax(),
        count(limits, "entries-in-flight-max"));
  }

  private static long archiveQuota(Config sotto) {
    long bytes = sotto.getBytes("archive.quota");
    if (bytes < 0) {
      throw new SettingsException("The setting sotto.archive.quota is below 0.");
    }
    return bytes;
  }

  private static UserLimits userLimits(Config sotto) {
    Config limits = sotto.getConfig("limits");
    Duration resetWait = sotto.getDuration("accounts.reset-wait");
    if (resetWait.isNegative()) {
      throw new SettingsException("The setting sotto.accounts.reset-wait is below 0.");
    }
    return new UserLimits(
        count(limits, "inbox-entries-max"),
        size(limits, "inbox-bytes-max"),
        duration(limits, "inbox-age-max"),
        count(limits, "unanswered-max"),
        duration(limits, "token-idle-max"),
        archiveQuota(sotto),
        resetWait);
  }

  private static GroupLimits groupLimits(Config limits) {
    Rate posts = rate(limits, "posts-per-group");
    return new GroupLimits(posts.burst(), posts.every());
  }

  private static EdgeLimits edgeLimits(Config limits) {
    return new EdgeLimits(
        count(limits, "connections-per-address"),
        count(limits, "connections-per-user"),
        count(limits, "connections-total"),
        duration(limits, "first-frame-within"),
        duration(limits, "silence-max"),
        rate(limits, "connects-per-address"),
        rate(limits, "sign-ins-per-user"),
        rate(limits, "sign-ins-per-address"),
        rate(limits, "proofs-per-device"),
        rate(limits, "account-changes-per-device"),
        rate(limits, "registrations-per-address"),
        rate(limits, "look-ups-per-user"),
        rate(limits, "prekey-changes-per-user"),
        groupRates(limits),
        rate(limits, "archive-changes-per-user"),
        rate(limits, "archive-reads-per-user"),
        rate(limits, "typing-per-user"),
        count(limits, "asks-per-connection"),
        count(limits, "asks-per-node"),
        duration(limits, "ask-timeout"),
        count(limits, "password-queue"));
  }

  private static FileLimits fileLimits(Config files, Config limits) {
    Duration keep = files.getDuration("keep");
    if (keep.isNegative() || keep.isZero()) {
      throw new SettingsException("The setting sotto.files.keep is not above 0.");
    }
    return new FileLimits(
        bytes(files, "size-max"),
        bytes(files, "per-user"),
        bytes(files, "total"),
        keep,
        count(limits, "uploads-per-user"),
        count(limits, "uploads-total"),
        duration(limits, "upload-within"),
        rate(limits, "file-asks-per-user"),
        rate(limits, "file-requests-per-address"));
  }

  /** 0: nobody has any. */
  private static long bytes(Config files, String name) {
    long bytes = files.getBytes(name);
    if (bytes < 0 || bytes > FILE_BYTES_MOST) {
      throw new SettingsException(
          "The setting sotto.files.%s is not between 0 and 1 PiB.".formatted(name));
    }
    return bytes;
  }

  private static GroupRates groupRates(Config limits) {
    return new GroupRates(
        rate(limits, "group-changes-per-user"),
        rate(limits, "posts-per-user"),
        rate(limits, "group-kib-per-user"),
        rate(limits, "group-look-ups-per-user"),
        rate(limits, "invitations-of-user"));
  }

  private static Rate rate(Config limits, String name) {
    return new Rate(count(limits, name + ".burst"), duration(limits, name + ".every"));
  }

  private static int count(Config limits, String name) {
    int count = limits.getInt(name);
    if (count < 1) {
      throw tooSmall(name);
    }
    return count;
  }

  private static long size(Config limits, String name) {
    long bytes = limits.getBytes(name);
    if (bytes < 1 || bytes > Integer.MAX_VALUE) {
      throw new SettingsException(
          "The setting sotto.limits.%s is not between 1 byte and 2 GiB.".formatted(name));
    }
    return bytes;
  }

  private static Duration duration(Config limits, String name) {
    Duration duration = limits.getDuration(name);
    if (duration.isNegative() || duration.isZero()) {
      throw tooSmall(name);
    }
    return duration;
  }

  private static SettingsException tooSmall(String name) {
    return new SettingsException("The setting sotto.limits.%s is not above 0.".formatted(name));
  }

  private static String oneLine(ConfigException e) {
    return "The settings cannot be read: %s.".formatted(e.getMessage().replaceAll("\\s+", " "));
  }
}
