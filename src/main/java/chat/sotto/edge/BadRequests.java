package chat.sotto.edge;

import akka.event.LoggingAdapter;
import akka.http.ParsingErrorHandler;
import akka.http.javadsl.model.HttpResponse;
import akka.http.scaladsl.model.ErrorInfo;
import akka.http.scaladsl.model.StatusCode;
import akka.http.scaladsl.settings.ServerSettings;

/**
 * Answers what was no HTTP request. Named in the application.conf of the jar. Says nothing of what
 * was sent, neither to the sender nor to the log.
 */
public final class BadRequests extends ParsingErrorHandler {
  @Override
  public HttpResponse handle(
      StatusCode status, ErrorInfo error, LoggingAdapter log, ServerSettings settings) {
    return SecurityHeaders.WITHOUT_URL.addTo(
        HttpResponse.create().withStatus(status).withEntity(status.reason()));
  }
}
