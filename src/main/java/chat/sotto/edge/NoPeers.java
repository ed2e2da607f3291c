package chat.sotto.edge;

import akka.actor.ActorSystem;
import akka.remote.artery.tcp.SSLEngineProvider;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import scala.Option;

/**
 * TLS for the remoting of a cluster of one: it has no key to show and trusts nobody, so every
 * handshake fails and no node can join. Named in the application.conf of the jar.
 */
public final class NoPeers implements SSLEngineProvider {
  private final SSLContext context;

  /** Made by Akka, which demands the parameter. */
  public NoPeers(ActorSystem system) throws GeneralSecurityException {
    context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustsNobody()}, null);
  }

  @Override
  public SSLEngine createServerSSLEngine(String hostname, int port) {
    SSLEngine engine = context.createSSLEngine(hostname, port);
    engine.setUseClientMode(false);
    engine.setNeedClientAuth(true);
    return engine;
  }

  @Override
  public SSLEngine createClientSSLEngine(String hostname, int port) {
    SSLEngine engine = context.createSSLEngine(hostname, port);
    engine.setUseClientMode(true);
    return engine;
  }

  @Override
  public Option<Throwable> verifyClientSession(String hostname, SSLSession session) {
    return refused();
  }

  @Override
  public Option<Throwable> verifyServerSession(String hostname, SSLSession session) {
    return refused();
  }

  private static Option<Throwable> refused() {
    return Option.apply(new SecurityException("this server has no peers"));
  }
}
