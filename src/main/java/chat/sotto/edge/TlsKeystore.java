package chat.sotto.edge;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** The server's TLS key and certificates, from a PKCS12 or a PEM file. */
public final class TlsKeystore {
  private static final Pattern PEM_KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----(.*?)-----END PRIVATE KEY-----", Pattern.DOTALL);
  private static final List<String> KEY_ALGORITHMS = List.of("EC", "RSA", "EdDSA");
  private static final String ALIAS = "sotto";

  private TlsKeystore() {}

  /** @throws TlsKeystoreException with a sentence for the person who starts the server */
  public static SSLContext open(Path file, String password) {
    try {
      byte[] content = Files.readAllBytes(file);
      String text = new String(content, StandardCharsets.ISO_8859_1);
      char[] secret = password.toCharArray();
      KeyStore store =
          text.contains("-----BEGIN ") ? pem(text, secret) : pkcs12(content, secret);
      var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, secret);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      return context;
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw new TlsKeystoreException(
          "The TLS key in %s cannot be used: %s.".formatted(file, e.getMessage()), e);
    }
  }

  private static KeyStore pkcs12(byte[] content, char[] password)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(new ByteArrayInputStream(content), password);
    return store;
  }

  private static KeyStore pem(String text, char[] password)
      throws IOException, GeneralSecurityException {
    Matcher key = PEM_KEY.matcher(text);
    if (!key.find()) {
      throw new GeneralSecurityException("it holds no unencrypted PKCS#8 private key");
    }
    PrivateKey privateKey = privateKey(key.group(1));
    byte[] certificates = key.replaceAll("").getBytes(StandardCharsets.ISO_8859_1);
    Certificate[] chain =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(certificates))
            .toArray(Certificate[]::new);
    if (chain.length == 0) {
      throw new GeneralSecurityException("it holds no certificate");
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(ALIAS, privateKey, password, chain);
    return store;
  }

  private static PrivateKey privateKey(String base64) throws GeneralSecurityException {
    var spec = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64));
    for (String algorithm : KEY_ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (InvalidKeySpecException otherAlgorithm) {
        continue;
      }
    }
    throw new GeneralSecurityException("its private key is neither EC, RSA nor EdDSA");
  }
}
